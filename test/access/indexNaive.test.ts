import { describe, expect, it } from "vitest";
import type { SpaceGrant } from "../../src/domain/Grant.js";
import type { AccountId } from "../../src/domain/ids.js";
import { operationName } from "../../src/domain/Operation.js";
import type { Principal } from "../../src/domain/Principal.js";
import { buildIndex } from "./indexFacts.js";
import { makeWorld, questions, type SiteWorld, type WorldAccount, type WorldSpace } from "./indexWorlds.js";
import { can, copy, type World } from "./naiveWorld.js";

const count = 320;

/** A way in which a world may be that nobody can tell. */
type Doubt = (world: World) => unknown;

/** One account and one space of a site, as the naive reading of the rules takes them. */
function naiveOf(site: SiteWorld, account: WorldAccount, space: WorldSpace): { certain: World; doubts: Doubt[] } {
  const { accountId, kind, status, isLicensed, hasAdminRole } = account;
  const isDataCenter = site.kind === "DATA_CENTER";
  const globals = site.globals?.map(
    ({ principal, operation }) => `${holderOf(principal, accountId)} ${operationName(operation)}`,
  );
  const has = (row: string) => globals?.includes(row) === true;
  const isInUse = space.status === "CURRENT" || space.status === "ARCHIVED";
  const certain: World = {
    isDataCenter,
    kind,
    status: status === "UNKNOWN" ? "SUSPENDED" : status,
    isTrashed: !isInUse,
    isLicensed: isLicensed ?? true,
    hasAdminRole: hasAdminRole === true,
    direct: new Set(site.groups.filter(({ members }) => members.includes(accountId)).map(({ groupId }) => groupId)),
    nesting: new Set(site.groups.flatMap(({ groupId, children }) => children.map((child) => `${child}>${groupId}`))),
    adminGroups: new Set(site.adminGroups),
    useHolders: globals
      ? new Set(globals.flatMap((row) => (row.endsWith(" use/application") ? [row.split(" ")[0] ?? ""] : [])))
      : null,
    hasAnonymousUse: has("class:anonymous-users use/application"),
    hasUnlicensedUse: has("class:unlicensed use_unlicensed/application"),
    isAmongUnlicensed: false,
    isInOtherClass: false,
    rows: new Set(space.grants.flatMap((grant) => rowsOf(grant, accountId, site))),
  };
  const doubts: Doubt[] = [];
  const holds = (holder: string) => space.grants.some(({ principal }) => holderOf(principal, accountId) === holder);
  if (holds("class:other")) doubts.push((world) => Object.assign(world, { isInOtherClass: true }));
  if (holds("class:unlicensed")) doubts.push((world) => Object.assign(world, { isAmongUnlicensed: true }));
  if (status === "UNKNOWN") doubts.push((world) => Object.assign(world, { status: "ACTIVE" }));
  if (space.status === "UNKNOWN") doubts.push((world) => Object.assign(world, { isTrashed: false }));
  if (isDataCenter && site.globals === null) {
    doubts.push((world) => Object.assign(world, { hasAnonymousUse: true }));
    doubts.push((world) => Object.assign(world, { hasUnlicensedUse: true }));
  }
  return { certain, doubts };
}

/** Account, group and class by the names that the naive reading has for them; other accounts are nothing to this one. */
function holderOf(principal: Principal, accountId: AccountId): string {
  if (principal.kind === "account") return principal.accountId === accountId ? "account" : "another";
  if (principal.kind === "group") return `group:${principal.groupId}`;
  return `class:${principal.classId === "odd" ? "other" : principal.classId}`;
}

function rowsOf(grant: SpaceGrant, accountId: AccountId, site: SiteWorld): string[] {
  const holder = holderOf(grant.principal, accountId);
  if (grant.kind === "permission") return [`${holder} ${operationName(grant.operation)}`];
  if (site.model === "PRE_ROLES") return [];
  const role = site.roles.find(({ roleId }) => roleId === grant.roleId);
  return (role?.permissions ?? []).map((operation) => `${holder} ${operationName(operation)}`);
}

/** Holders of a role that no definition tells of: it may give anything. */
function lostHolders(site: SiteWorld, account: WorldAccount, space: WorldSpace): string[] {
  if (site.model === "PRE_ROLES") return [];
  return space.grants.flatMap((grant) => {
    const isLost = grant.kind === "role" && !site.roles.some(({ roleId }) => roleId === grant.roleId);
    return isLost ? [holderOf(grant.principal, account.accountId)] : [];
  });
}

function decide(certain: World, doubts: readonly Doubt[], wanted: string): string {
  const seen = new Set<boolean>();
  for (let filling = 0; filling < 2 ** doubts.length && seen.size < 2; filling += 1) {
    const world = copy(certain);
    doubts.forEach((fill, bit) => {
      if ((filling & (1 << bit)) !== 0) fill(world);
    });
    seen.add(can(world, wanted));
  }
  return seen.size === 2 ? "UNKNOWN" : seen.has(true) ? "ALLOWED" : "DENIED";
}

describe("the index against the rules written once more, the naive way", () => {
  it(`decides every question of ${count} small sites as all the ways they may be agree, or do not`, () => {
    const wrong: string[] = [];
    const tally: Record<string, number> = { ALLOWED: 0, DENIED: 0, UNKNOWN: 0 };
    for (let seed = 1; seed <= count; seed += 1) {
      const site = makeWorld(seed);
      const index = buildIndex(site);
      // The naive reading takes every account for one of a kind.
      for (const account of site.accounts.filter(({ kind }) => kind !== "UNKNOWN"))
        for (const space of site.spaces) {
          const { certain, doubts } = naiveOf(site, account, space);
          const lost = lostHolders(site, account, space);
          for (const operation of questions) {
            const wanted = operationName(operation);
            const ofRoles = (lost.length === 0 ? [] : [...new Set([wanted, "read/space"])]).map(
              (what): Doubt =>
                (world) => {
                  for (const holder of lost) world.rows.add(`${holder} ${what}`);
                },
            );
            const expected = decide(certain, [...doubts, ...ofRoles], wanted);
            const found = index.check(account.accountId, space.spaceId, operation);
            tally[found] = (tally[found] ?? 0) + 1;
            if (found !== expected)
              wrong.push(`seed ${seed}: ${account.accountId} ${wanted} in ${space.spaceId}: ${found}, not ${expected}`);
          }
        }
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(count);
  });
});
