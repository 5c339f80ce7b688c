import type { SpaceGrant } from "../../src/domain/Grant.js";
import type { AccountId } from "../../src/domain/ids.js";
import { type Operation, operationName } from "../../src/domain/Operation.js";
import type { Principal } from "../../src/domain/Principal.js";
import type { SiteWorld, WorldAccount, WorldSpace } from "./index/indexWorlds.js";
import { can, copy, type World } from "./naiveWorld.js";

/** A way in which a world may be that nobody can tell. */
type Doubt = (world: World) => unknown;

/** One account and one space of a site as the naive reading of the rules takes them, and the parts that were not read whole. */
export interface NaiveQuestion {
  readonly site: SiteWorld;
  readonly account: WorldAccount;
  readonly space: WorldSpace;
  readonly operation: Operation;
  readonly missing?: ReadonlySet<string>;
}

/** Decides by trying every way that the site may be: UNKNOWN is what they do not agree on. */
export function decideNaively(question: NaiveQuestion): "ALLOWED" | "DENIED" | "UNKNOWN" {
  const wanted = operationName(question.operation);
  const certain = worldOf(question);
  const doubts = [...doubtsOfKnown(question), ...doubtsOfMissing(question)];
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

function worldOf({ site, account, space, missing }: NaiveQuestion): World {
  const { accountId, kind, status, isLicensed, hasAdminRole } = account;
  const globals = globalsOf(site, accountId);
  const isInUse = space.status === "CURRENT" || space.status === "ARCHIVED";
  return {
    isDataCenter: site.kind === "DATA_CENTER",
    kind: kind === "UNKNOWN" ? "GUEST" : kind,
    status: status === "UNKNOWN" ? "SUSPENDED" : status,
    isTrashed: !isInUse || missing?.has(`space ${space.spaceId}`) === true,
    isLicensed: isLicensed ?? true,
    hasAdminRole: hasAdminRole === true && missing?.has(`admin role of ${accountId}`) !== true,
    direct: new Set(site.groups.filter(({ members }) => members.includes(accountId)).map(({ groupId }) => groupId)),
    nesting: new Set(site.groups.flatMap(({ groupId, children }) => children.map((child) => `${child}>${groupId}`))),
    adminGroups: new Set(site.adminGroups),
    useHolders: globals
      ? new Set(globals.flatMap((row) => (row.endsWith(" use/application") ? [row.split(" ")[0] ?? ""] : [])))
      : null,
    hasAnonymousUse: globals?.includes("class:anonymous-users use/application") === true,
    hasUnlicensedUse: globals?.includes("class:unlicensed use_unlicensed/application") === true,
    isAmongUnlicensed: false,
    isInOtherClass: false,
    rows: new Set(
      space.grants.flatMap((grant) =>
        grant.kind === "role" && missing?.has("model") === true ? [] : rowsOf(grant, accountId, site),
      ),
    ),
  };
}

/** What nobody can tell although everything was read. */
function doubtsOfKnown({ site, account, space, operation }: NaiveQuestion): Doubt[] {
  const { accountId, kind, status } = account;
  const doubts: Doubt[] = [];
  const holds = (holder: string) => space.grants.some(({ principal }) => holderOf(principal, accountId) === holder);
  if (holds("class:other")) doubts.push((world) => Object.assign(world, { isInOtherClass: true }));
  if (holds("class:unlicensed")) doubts.push((world) => Object.assign(world, { isAmongUnlicensed: true }));
  if (kind === "UNKNOWN") doubts.push((world) => Object.assign(world, { kind: "HUMAN" }));
  if (status === "UNKNOWN") doubts.push((world) => Object.assign(world, { status: "ACTIVE" }));
  if (space.status === "UNKNOWN") doubts.push((world) => Object.assign(world, { isTrashed: false }));
  if (site.kind === "DATA_CENTER" && site.globals === null) {
    doubts.push((world) => Object.assign(world, { hasAnonymousUse: true }));
    doubts.push((world) => Object.assign(world, { hasUnlicensedUse: true }));
  }
  // A role that no definition tells of may give anything.
  const lost = site.model === "PRE_ROLES" ? [] : lostHolders(site, account, space);
  if (lost.length === 0) return doubts;
  return [...doubts, ...[...new Set([operationName(operation), "read/space"])].map((what) => holdAll(lost, what))];
}

/** What the parts hide that were not read whole. */
function doubtsOfMissing({ site, account, space, operation, missing = new Set() }: NaiveQuestion): Doubt[] {
  const { accountId } = account;
  const has = (part: string) => missing.has(part);
  const isDataCenter = site.kind === "DATA_CENTER";
  const wanted = [...new Set([operationName(operation), "read/space"])];
  const doubts: Doubt[] = [];
  for (const { groupId } of site.groups) {
    if (has(`members of ${groupId}`)) doubts.push((world) => world.direct.add(groupId));
    if (!has(`children of ${groupId}`)) continue;
    for (const child of site.groups) doubts.push((world) => world.nesting.add(`${child.groupId}>${groupId}`));
  }
  if (has("list of groups"))
    for (const groupId of unlistedGroups(site)) doubts.push((world) => world.direct.add(groupId));
  if (has(`grants of ${space.spaceId}`))
    for (const holder of ["account", isDataCenter ? "class:unlicensed" : "class:anonymous-users"])
      for (const what of wanted) doubts.push(holdAll([holder], what));
  if (has(`grants of ${space.spaceId}`) && isDataCenter)
    doubts.push((world) => Object.assign(world, { isAmongUnlicensed: true }));
  if (has("globals")) {
    doubts.push((world) => world.useHolders?.add("account"));
    doubts.push((world) => Object.assign(world, { hasAnonymousUse: true }));
    doubts.push((world) => Object.assign(world, { hasUnlicensedUse: true }));
  }
  if (has("admin groups"))
    for (const { groupId } of site.groups) doubts.push((world) => world.adminGroups.add(groupId));
  if (has("model"))
    doubts.push((world) => {
      for (const grant of space.grants) for (const row of rowsOf(grant, accountId, site)) world.rows.add(row);
    });
  if (has(`space ${space.spaceId}`)) doubts.push((world) => Object.assign(world, { isTrashed: false }));
  if (has(`account ${accountId}`) && account.isLicensed === null)
    doubts.push((world) => Object.assign(world, { isLicensed: false }));
  if ((has(`account ${accountId}`) && account.hasAdminRole === null) || has(`admin role of ${accountId}`))
    doubts.push((world) => Object.assign(world, { hasAdminRole: true }));
  return doubts;
}

function holdAll(holders: readonly string[], what: string): Doubt {
  return (world) => {
    for (const holder of holders) world.rows.add(`${holder} ${what}`);
  };
}

function globalsOf(site: SiteWorld, accountId: AccountId): string[] | undefined {
  return site.globals?.map(
    ({ principal, operation }) => `${holderOf(principal, accountId)} ${operationName(operation)}`,
  );
}

/** Account, group and class by the names that the naive reading has for them; other accounts are nothing to this one. */
function holderOf(principal: Principal, accountId: AccountId): string {
  if (principal.kind === "account") return principal.accountId === accountId ? "account" : "another";
  if (principal.kind === "group") return `group:${principal.groupId}`;
  const isKnown = principal.reportedType === "access-class" && knownClasses.has(principal.classId);
  return `class:${isKnown ? principal.classId : "other"}`;
}

const knownClasses = new Set([
  "anonymous-users",
  "authenticated-users",
  "all-licensed-users",
  "all-product-admins",
  "unlicensed",
]);

function rowsOf(grant: SpaceGrant, accountId: AccountId, site: SiteWorld): string[] {
  const holder = holderOf(grant.principal, accountId);
  if (grant.kind === "permission") return [`${holder} ${operationName(grant.operation)}`];
  if (site.model === "PRE_ROLES") return [];
  const role = site.roles.find(({ roleId }) => roleId === grant.roleId);
  return (role?.permissions ?? []).map((operation) => `${holder} ${operationName(operation)}`);
}

function lostHolders(site: SiteWorld, account: WorldAccount, space: WorldSpace): string[] {
  return space.grants.flatMap((grant) => {
    const isLost = grant.kind === "role" && !site.roles.some(({ roleId }) => roleId === grant.roleId);
    return isLost ? [holderOf(grant.principal, account.accountId)] : [];
  });
}

/** Groups that hold something and stand in no list that was read. */
function unlistedGroups(site: SiteWorld): string[] {
  const listed = new Set<string>(site.groups.map(({ groupId }) => groupId));
  const holders = [...site.spaces.flatMap(({ grants }) => grants), ...(site.globals ?? [])];
  const named = holders.flatMap(({ principal }) => (principal.kind === "group" ? [principal.groupId] : []));
  return [...new Set(named)].filter((groupId) => !listed.has(groupId));
}
