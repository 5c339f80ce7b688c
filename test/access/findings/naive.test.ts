import { describe, expect, it } from "vitest";
import type { AccessDecision } from "../../../src/access/AccessDecision.js";
import { evaluateAccess } from "../../../src/access/evaluateAccess.js";
import { evaluateAdministrator } from "../../../src/access/findings/evaluateAdministrator.js";
import { type Finding, type FindingKind, findingKinds, kindsInOrder } from "../../../src/access/findings/Finding.js";
import { FindingList } from "../../../src/access/findings/FindingList.js";
import type { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { atOnce } from "../../../src/access/index/store/slices.js";
import { type SpaceGrant, spaceGrantKey } from "../../../src/domain/Grant.js";
import type { AccountId, GroupId } from "../../../src/domain/ids.js";
import { operationName, readSpace } from "../../../src/domain/Operation.js";
import { type Principal, principalKey } from "../../../src/domain/Principal.js";
import { buildIndex, type Missing, nothingMissing, WorldFacts } from "../index/indexFacts.js";
import {
  makeWorld,
  partsOf,
  randomFrom,
  type SiteWorld,
  type WorldAccount,
  type WorldSpace,
} from "../index/indexWorlds.js";
import { operation } from "../scene.js";

const now = Date.UTC(2026, 10, 30);
const worlds = 60;

/** What worlds do not tell: whose personal space the second one is, and who was away for long. */
const ownerOf = (world: SiteWorld) => world.accounts[world.spaces.length % 2]?.accountId ?? ("ann" as AccountId);
const isAway = ({ accountId }: WorldAccount) => accountId === "bob" || accountId === "cat";

function indexOf(world: SiteWorld, missing: Missing): AccessIndex {
  const index = buildIndex(world, missing);
  for (const { spaceId, status } of world.spaces) {
    if (spaceId !== "2" || missing.parts.has(`space ${spaceId}`)) continue;
    const told = { spaceId, key: null, name: null, status, gaps: [] };
    index.replaceSpaces([{ ...told, kind: "PERSONAL", ownerId: ownerOf(world) }]);
  }
  for (const account of world.accounts)
    if (isAway(account)) index.replaceLastActivity(account.accountId, now - 91 * 24 * 60 * 60 * 1_000);
  return index;
}

function listOf(world: SiteWorld, missing = nothingMissing): FindingList {
  const list = atOnce(FindingList.finding(indexOf(world, missing), now));
  if (list === null) throw new Error("The index changed.");
  return list;
}

const all = (list: FindingList): readonly Finding[] => atOnce(list.page(kindsInOrder, 10_000, null)).findings;

/** The kinds once more, each from the decisions of single questions over the world itself. */
class Naive {
  readonly found: string[] = [];
  readonly #world: SiteWorld;
  readonly #facts: WorldFacts;
  /** The same world with everybody back: for what is in vain whoever is away. */
  readonly #everybody: WorldFacts;
  readonly #isCloud: boolean;

  constructor(world: SiteWorld) {
    this.#world = world;
    this.#facts = new WorldFacts(world);
    const accounts = world.accounts.map((account) => ({ ...account, status: "ACTIVE" as const }));
    this.#everybody = new WorldFacts({ ...world, accounts });
    this.#isCloud = world.kind !== "DATA_CENTER";
    const spaces = world.spaces.filter(({ status }) => status === "CURRENT" || status === "ARCHIVED");
    for (const space of spaces) this.#findIn(space);
    for (const account of world.accounts) this.#findOf(account, spaces);
    this.found.sort();
  }

  #add(kind: FindingKind, spaceId: string | null, principal: Principal | null): void {
    this.found.push(textOf(kind, spaceId, principal));
  }

  #findIn(space: WorldSpace): void {
    const holders = new Map(space.grants.map(({ principal }) => [principalKey(principal), principal]));
    const add = (kind: FindingKind, principal: Principal | null) => this.#add(kind, space.spaceId, principal);
    for (const principal of holders.values()) {
      const gives = this.#givenTo(space, principal);
      if (principal.kind === "account") {
        if (this.#isBarred(principal.accountId)) {
          add("GRANT_TO_INACTIVE_ACCOUNT", principal);
          continue;
        }
        if (this.#isRedundant(space, principal.accountId)) add("REDUNDANT_DIRECT_GRANT", principal);
      }
      if (principal.kind === "group") {
        const group = this.#world.groups.find(({ groupId }) => groupId === principal.groupId);
        if (group?.isGone === true) add("GRANT_TO_VANISHED_GROUP", principal);
        else if (this.#membersOf(principal.groupId).length === 0) add("GRANT_TO_EMPTY_GROUP", principal);
        else if (this.#isInVain(space, principal)) add("INEFFECTIVE_GRANT", principal);
        continue;
      }
      if (this.#isInVain(space, principal)) add("INEFFECTIVE_GRANT", principal);
      if (principal.kind !== "accessClass" || !this.#mayUse(principal.classId)) continue;
      const isAnonymous = principal.classId === "anonymous-users";
      const writes = [...gives].some(
        (name) => !["read", "export", "export_content"].includes(name.split("/")[0] ?? ""),
      );
      if (isAnonymous && gives.has("read/space")) add("ANONYMOUS_ACCESS", principal);
      if (isAnonymous && gives.has("read/space") && writes) add("ANONYMOUS_WRITE", principal);
      const broad = [
        "anonymous-users",
        "authenticated-users",
        "all-licensed-users",
        ...(this.#isCloud ? [] : ["unlicensed"]),
      ];
      if (broad.includes(principal.classId) && gives.has("administer/space")) add("BROAD_ADMINISTRATION", principal);
    }
    if (!this.#world.accounts.some((account) => this.#mayAdminister(account, space)))
      add("NO_ACTIVE_ADMINISTRATOR", null);
    if (space.spaceId === "2" && holders.size > 0 && this.#isBarred(ownerOf(this.#world)))
      add("PERSONAL_SPACE_OF_LEAVER", { kind: "account", accountId: ownerOf(this.#world) });
  }

  #findOf(account: WorldAccount, spaces: readonly WorldSpace[]): void {
    const principal: Principal = { kind: "account", accountId: account.accountId };
    const does = (names: readonly string[]) =>
      spaces.some((space) =>
        names.some((name) => {
          const { decision, paths } = this.#decide(account.accountId, space, name);
          return decision === "ALLOWED" && paths.some(({ end }) => end.kind === "GRANT");
        }),
      );
    if (account.status !== "ACTIVE") return;
    if (account.kind === "GUEST" && does(["create/page", "administer/space", "odd/thing"]))
      this.#add("GUEST_CAN_WRITE", null, principal);
    if (account.kind === "GUEST" && does(["administer/space"])) this.#add("GUEST_CAN_ADMINISTER", null, principal);
    if (isAway(account) && account.kind !== "APP" && does(["administer/space"]))
      this.#add("DORMANT_ADMINISTRATOR", null, principal);
  }

  #decide(accountId: AccountId, space: WorldSpace, name: string): AccessDecision {
    return evaluateAccess(this.#facts.of(accountId, space.spaceId), operation(name));
  }

  #mayAdminister(account: WorldAccount, space: WorldSpace): boolean {
    if (account.kind === "APP" || account.status !== "ACTIVE") return false;
    const { decision, paths, pathGaps } = this.#decide(account.accountId, space, "administer/space");
    if (decision !== "ALLOWED") return decision === "UNKNOWN";
    return paths.some(({ end }) => end.kind === "GRANT") || pathGaps.length > 0;
  }

  #isBarred(accountId: AccountId): boolean {
    const status = this.#world.accounts.find((account) => account.accountId === accountId)?.status;
    return status !== "ACTIVE" && status !== "UNKNOWN";
  }

  #membersOf(groupId: GroupId): WorldAccount[] {
    const below = new Set<GroupId>([groupId]);
    for (const each of below)
      for (const child of this.#world.groups.find((group) => group.groupId === each)?.children ?? []) below.add(child);
    const ids = new Set(
      this.#world.groups.filter((group) => below.has(group.groupId)).flatMap(({ members }) => members),
    );
    return this.#world.accounts.filter(({ accountId }) => ids.has(accountId));
  }

  #givenBy(grant: SpaceGrant): readonly string[] {
    if (grant.kind === "permission") return [operationName(grant.operation)];
    if (this.#world.model === "PRE_ROLES") return [];
    const role = this.#world.roles.find(({ roleId }) => roleId === grant.roleId);
    return role === undefined ? [] : role.permissions.map(operationName);
  }

  #givenTo(space: WorldSpace, principal: Principal): Set<string> {
    const own = space.grants.filter((grant) => principalKey(grant.principal) === principalKey(principal));
    return new Set(own.flatMap((grant) => this.#givenBy(grant)));
  }

  /** Whether it holds a role of which nobody knows what it gives. */
  #mayGiveAnything(space: WorldSpace, principal: Principal): boolean {
    return space.grants.some(
      (grant) =>
        grant.kind === "role" &&
        this.#world.model !== "PRE_ROLES" &&
        principalKey(grant.principal) === principalKey(principal) &&
        !this.#world.roles.some(({ roleId }) => roleId === grant.roleId),
    );
  }

  #isRedundant(space: WorldSpace, accountId: AccountId): boolean {
    const own = space.grants.filter(
      ({ principal }) => principal.kind === "account" && principal.accountId === accountId,
    );
    const given = new Set(
      space.grants.flatMap(({ principal }) => {
        const isMember =
          principal.kind === "group" &&
          this.#membersOf(principal.groupId).some((member) => member.accountId === accountId);
        return isMember ? [...this.#givenTo(space, principal)] : [];
      }),
    );
    const isGiven = (grant: SpaceGrant) => {
      const names = this.#givenBy(grant);
      return names.length > 0 && names.every((name) => given.has(name));
    };
    const granular = own.filter(({ kind }) => kind === "permission");
    return own.some((grant) => {
      const isRead = grant.kind === "permission" && operationName(grant.operation) === "read/space";
      return isGiven(grant) && (!isRead || !this.#isCloud || granular.every(isGiven));
    });
  }

  #mayBeLicensed(account: WorldAccount): boolean {
    const { globals } = this.#world;
    if (this.#isCloud) return account.kind !== "HUMAN" || account.isLicensed !== false;
    if (globals === null) return account.isLicensed !== false;
    return globals.some(({ principal, operation: { key } }) => {
      if (key !== "use") return false;
      if (principal.kind === "account") return principal.accountId === account.accountId;
      return principal.kind === "group" && this.#membersOf(principal.groupId).includes(account);
    });
  }

  #mayUse(classId: string, isSure = true): boolean {
    const { globals } = this.#world;
    if (this.#isCloud || !["anonymous-users", "unlicensed"].includes(classId)) return true;
    if (globals === null) return !isSure;
    return globals.some(({ principal, operation: { key } }) => {
      const what = classId === "unlicensed" ? "use_unlicensed" : "use";
      return key === what && principal.kind === "accessClass" && principal.classId === classId;
    });
  }

  #isInVain(space: WorldSpace, principal: Principal): boolean {
    if (this.#givenTo(space, principal).size === 0 && !this.#mayGiveAnything(space, principal)) {
      const isOther = principal.kind === "accessClass" && this.#membersOfClass(principal.classId) === null;
      return !isOther;
    }
    const mayRead = ({ accountId }: WorldAccount) =>
      evaluateAccess(this.#everybody.of(accountId, space.spaceId), readSpace).decision !== "DENIED";
    const isReached = (account: WorldAccount) => this.#mayBeLicensed(account) && mayRead(account);
    switch (principal.kind) {
      case "account":
        return !this.#world.accounts.filter(({ accountId }) => accountId === principal.accountId).some(isReached);
      case "group":
        return !this.#membersOf(principal.groupId).some(isReached);
      case "accessClass": {
        const members = this.#membersOfClass(principal.classId);
        if (members === null) return false;
        if (!this.#mayUse(principal.classId, false)) return true;
        if (this.#givenTo(space, principal).has("read/space") || this.#mayGiveAnything(space, principal)) return false;
        // Who has no licence has nothing but this row, or is a super user.
        const supers = this.#isCloud ? [] : this.#membersOf("confluence-administrators" as GroupId);
        if (principal.classId === "unlicensed") return !members.some((member) => supers.includes(member));
        const isFree = this.#isCloud && principal.classId === "anonymous-users";
        return !members.some(isFree ? mayRead : isReached);
      }
    }
  }

  /** `null` for a class of which nobody knows the members. */
  #membersOfClass(classId: string): WorldAccount[] | null {
    const { accounts, adminGroups } = this.#world;
    switch (classId) {
      case "anonymous-users":
      case "authenticated-users":
        return [...accounts];
      case "all-licensed-users":
        return accounts.filter(
          ({ kind, isLicensed }) => kind === "HUMAN" || (kind === "UNKNOWN" && isLicensed !== false),
        );
      case "all-product-admins":
        return accounts.filter(
          (account) =>
            account.hasAdminRole === true || adminGroups.some((groupId) => this.#membersOf(groupId).includes(account)),
        );
      case "unlicensed":
        return this.#isCloud ? null : accounts.filter((account) => !this.#isSurelyLicensed(account));
      default:
        return null;
    }
  }

  #isSurelyLicensed(account: WorldAccount): boolean {
    return this.#world.globals === null ? account.isLicensed !== false : this.#mayBeLicensed(account);
  }
}

function textOf(kind: FindingKind, spaceId: string | null, principal: Principal | null): string {
  return [kind, spaceId ?? "", principal === null ? "" : principalKey(principal)].join(" ").replaceAll("\u0000", ":");
}

const shown = ({ kind, spaceId, principals }: Finding) => textOf(kind, spaceId, principals[0] ?? null);

/** The world after what ends a finding. */
function without(world: SiteWorld, { remedy }: Finding): SiteWorld {
  if (remedy.mutation !== "revokeGrants") throw new Error("Nothing is revoked.");
  const gone = new Set(
    remedy.grants.map((each) =>
      each.kind === "space" ? `${each.spaceId} ${spaceGrantKey(each.grant)}` : `${each.groupId} ${each.accountId}`,
    ),
  );
  return {
    ...world,
    groups: world.groups.map((group) => ({
      ...group,
      members: group.members.filter((accountId) => !gone.has(`${group.groupId} ${accountId}`)),
    })),
    spaces: world.spaces.map((space) => ({
      ...space,
      grants: space.grants.filter((grant) => !gone.has(`${space.spaceId} ${spaceGrantKey(grant)}`)),
    })),
  };
}

describe("findings against the decisions of single questions", () => {
  it(`are those of ${worlds} small sites, no more and no fewer`, () => {
    const wrong: string[] = [];
    const seen = new Map<FindingKind, number>();
    for (let seed = 1; seed <= worlds; seed += 1) {
      const world = makeWorld(seed);
      const found = all(listOf(world));
      for (const { kind } of found) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      const texts = found.map(shown);
      const expected = new Naive(world).found;
      wrong.push(...texts.filter((text) => !expected.includes(text)).map((text) => `seed ${seed}: found ${text}`));
      wrong.push(...expected.filter((text) => !texts.includes(text)).map((text) => `seed ${seed}: missing ${text}`));
      expect(new Set(texts).size).toBe(texts.length);
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(kindsInOrder.filter((kind) => (seen.get(kind) ?? 0) < 3)).toEqual([]);
  });

  it("miss an administrator just where the rule that changes are refused by finds none, and never where it finds one", () => {
    const wrong: string[] = [];
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= worlds; seed += 1) {
      const world = makeWorld(seed);
      const random = randomFrom(seed);
      const parts = partsOf(world).filter(() => random() < 0.15);
      for (const missing of [nothingMissing, { parts: new Set(parts), share: 0.5 }]) {
        const index = indexOf(world, missing);
        const list = atOnce(FindingList.finding(index, now));
        if (list === null) throw new Error("The index changed.");
        const found = all(list).filter(({ kind }) => kind === "NO_ACTIVE_ADMINISTRATOR");
        for (const { spaceId, status } of world.spaces.filter((space) => space.status === "CURRENT")) {
          const verdicts = world.accounts.map(({ accountId }) => {
            const { account, space } = index.factsOf(accountId, spaceId);
            return evaluateAdministrator(account.facts, account.site, space).is;
          });
          const isFound = found.some((finding) => finding.spaceId === spaceId);
          const isNobody = verdicts.every((is) => is === "NO");
          const isWhole = missing === nothingMissing;
          if (isWhole ? isFound !== isNobody : isFound && !isNobody)
            wrong.push(`seed ${seed}: space ${spaceId} ${status}, found ${isFound}, ${verdicts.join()}`);
          const what = `${isWhole ? "whole" : "short"} ${isFound ? "found" : verdicts.includes("YES") ? "somebody" : "open"}`;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(
      ["whole found", "whole somebody", "short found", "short somebody", "short open"].filter(
        (what) => (seen.get(what) ?? 0) < 3,
      ),
    ).toEqual([]);
  });

  it("are ended by what each says, whichever it is", () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= worlds / 5; seed += 1) {
      const world = makeWorld(seed);
      for (const finding of all(listOf(world))) {
        if (finding.remedy.mutation !== "revokeGrants") continue;
        const left = all(listOf(without(world, finding))).map(shown);
        if (left.includes(shown(finding))) wrong.push(`seed ${seed}: ${shown(finding)}`);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
  });

  it("are fewer where a part was not read, never others, and what is missing is a gap of its kind", () => {
    const wrong: string[] = [];
    for (let seed = 1; seed <= worlds; seed += 1) {
      const world = makeWorld(seed);
      const expected = new Set(all(listOf(world)).map(shown));
      const random = randomFrom(seed);
      const part = random.pick(partsOf(world));
      const list = listOf(world, { parts: new Set([part]), share: random.pick([0, 0.5, 1]) });
      const found = all(list).map(shown);
      wrong.push(...found.filter((text) => !expected.has(text)).map((text) => `seed ${seed}, ${part}: found ${text}`));
      for (const text of expected) {
        if (found.includes(text)) continue;
        const kind = text.split(" ")[0] as FindingKind;
        if (list.gaps([kind]).length === 0) wrong.push(`seed ${seed}, ${part}: no gap for ${text}`);
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(Object.keys(findingKinds)).toEqual([...kindsInOrder]);
  });
});
