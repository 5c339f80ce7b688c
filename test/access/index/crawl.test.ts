import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { toldNow } from "../../../src/access/index/answers.js";
import { Inspector } from "../../../src/access/index/Inspector.js";
import { atOnce, inSlices, whileWanted } from "../../../src/access/index/store/slices.js";
import { cloudAccessRules, dataCenterAccessRules } from "../../../src/access/SiteFacts.js";
import { permissionIdOf } from "../../../src/confluence/datacenter/grants.js";
import type { Complete } from "../../../src/domain/Complete.js";
import type { GlobalGrant, SpaceGrant } from "../../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../../src/domain/ids.js";
import type { Operation } from "../../../src/domain/Operation.js";
import type { Principal } from "../../../src/domain/Principal.js";
import { gap, operation } from "../scene.js";
import { accountPart, buildIndex, nothingMissing, putGroup, putSite, putSpace } from "./indexFacts.js";
import { makeWorld, questions, randomFrom } from "./indexWorlds.js";

const read = operation("read/space");
const staff = "staff" as GroupId;
const one = "1" as SpaceId;
const whole = <T>(...items: T[]): Complete<T> => ({ items, gaps: [], asOfMs: 1_000, assumptions: [] });
const id = (name: string) => name as AccountId;
const toAccount = (name: string): Principal => ({ kind: "account", accountId: id(name) });
const toGroup = (groupId: GroupId): Principal => ({ kind: "group", groupId });

let rows = 0;
function permit(principal: Principal, what: Operation): SpaceGrant {
  rows += 1;
  return { kind: "permission", permissionId: String(rows), principal, operation: what };
}

function person(name: string) {
  return accountPart({
    accountId: id(name),
    kind: "HUMAN",
    status: "ACTIVE",
    isLicensed: true,
    hasAdminRole: false,
  });
}

/** A Cloud site of one space, all lists read. */
function makeIndex(names: readonly string[], ...grants: SpaceGrant[]): AccessIndex {
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false });
  index.replaceAccounts(names.map(person), 1_000);
  index.replaceRoles({ model: "ROLES_TRANSITION", roles: whole(), gaps: [] });
  index.replaceAdminGroups(whole());
  index.replaceSpaces([{ spaceId: one, key: null, name: "First", kind: "GLOBAL", status: "CURRENT", gaps: [] }]);
  index.replaceSpaceGrants(one, whole(...grants));
  for (const list of ["accounts", "groups", "spaces"] as const) index.settleList(list, whole());
  return index;
}

const namesOf = (index: AccessIndex, wanted = {}) =>
  index.whoCan(one, wanted, { first: 100 }).rows.map(({ accountId }) => accountId);

describe("a crawl", () => {
  it("never says what a later part takes back: from UNKNOWN to what the whole site says, and there it stays", () => {
    const turned: string[] = [];
    let settled = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      const world = makeWorld(seed);
      const random = randomFrom(seed * 31);
      const isCloud = world.kind !== "DATA_CENTER";
      const end = buildIndex(world);
      const index = new AccessIndex({ rules: world.rules, hasNestedGroups: !isCloud, permissionIdOf });
      const steps = [
        ...world.spaces.map((space) => () => putSpace(index, space, nothingMissing)),
        ...world.groups.map((group) => () => putGroup(index, group, nothingMissing, isCloud)),
        ...world.accounts.map((account) => () => index.replaceAccounts([accountPart(account)], 1_000)),
      ].sort(() => random() - 0.5);
      for (const step of [...steps, () => putSite(index, world, nothingMissing)]) {
        for (const { accountId } of world.accounts)
          for (const { spaceId } of world.spaces)
            for (const what of questions) {
              const found = index.check(accountId, spaceId, what);
              if (found === "UNKNOWN") continue;
              settled += 1;
              const wanted = end.check(accountId, spaceId, what);
              if (found !== wanted) turned.push(`seed ${seed}: ${accountId} ${what.key} in ${spaceId}: ${found}`);
            }
        step();
      }
    }
    expect(turned.slice(0, 10)).toEqual([]);
    expect(settled).toBeGreaterThan(400);
  });

  it("knows nothing before its first part: everything is UNKNOWN, and the answer says why", () => {
    const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false });
    expect(index.check(id("ann"), one, read)).toBe("UNKNOWN");
    const { rows: found, gaps } = index.whoCan(one, {}, { first: 10 });
    expect(found).toEqual([]);
    expect(gaps.map(({ missing }) => missing)).toContain("the list of accounts");
    expect(index.asOfMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("takes the members of a group in steps: after each, every account is in it or not in all directions alike", () => {
    const names = Array.from({ length: 12_000 }, (_, at) => `p${String(at).padStart(5, "0")}`);
    const index = makeIndex([], permit(toGroup(staff), read));
    index.replaceGroupMembers(staff, whole(...names.slice(0, 9_000).map(id)));
    index.replaceAccounts(names.map(person), 1_000);
    let between = 0;
    for (const steps = index.replacingGroupMembers(staff, whole(...names.slice(3_000).map(id))); ; ) {
      const isDone = steps.next().done === true;
      const { allowed } = index.whoCan(one, {}, { first: 1 });
      const checked = names.filter((name) => index.check(id(name), one, read) === "ALLOWED").length;
      expect(checked).toBe(allowed);
      if (isDone) break;
      if (allowed !== 9_000) between += 1;
    }
    expect(between).toBeGreaterThan(0);
    expect(index.check(id("p00000"), one, read)).toBe("DENIED");
    expect(index.check(id("p11999"), one, read)).toBe("ALLOWED");
  });

  it("leaves a group alone that a change is about meanwhile, so that whom it is about keeps all others", () => {
    const others = "zzz" as GroupId;
    const index = makeIndex([], permit(toGroup(staff), read), permit(toGroup(others), read));
    const many = Array.from({ length: 5_000 }, (_, number) => id(`member ${number}`));
    index.nameAccounts([...many, id("zoe")]);
    for (const groupId of [staff, others]) index.replaceGroupMembers(groupId, whole(id("zoe")));
    let isTouched = false;
    const taking = whileWanted(index.replacingGroupMembers(staff, whole(...many)), () => !isTouched);
    while (!index.inventory.groupsOf(many[0] as AccountId).includes(staff)) expect(taking.next().done).toBe(false);
    isTouched = true;
    index.putMembership(staff, id("zoe"), false);
    index.doubtGroupMembers(staff, gap("ReadIncomplete"));
    expect(taking.next()).toEqual({ done: true, value: false });
    expect(index.inventory.groupsOf(id("zoe"))).toEqual([others]);
    index.replaceGroupMembers(staff, whole(...many));
    expect(index.inventory.groupsOf(id("zoe"))).toEqual([others]);
    expect(many.every((accountId) => index.inventory.groupsOf(accountId).includes(staff))).toBe(true);
  });

  it("pauses between slices, by the clock it is given", async () => {
    let now = 0;
    let pauses = 0;
    function* work(): Generator<void, string> {
      for (let step = 0; step < 10; step += 1) {
        now += 3;
        yield;
      }
      return "done";
    }
    const pause = async () => {
      pauses += 1;
    };
    expect(await inSlices(work(), { now: () => now, pause, sliceMs: 8 })).toBe("done");
    expect(pauses).toBe(3);
  });

  it("answers the same after compacting, in less room", () => {
    const world = makeWorld(8);
    const index = buildIndex(world);
    const before = world.spaces.map(({ spaceId }) => index.whoCan(spaceId, {}, { first: 50 }));
    const bytes = index.bytes;
    atOnce(index.compacting());
    expect(world.spaces.map(({ spaceId }) => index.whoCan(spaceId, {}, { first: 50 }))).toEqual(before);
    expect(index.bytes).toBeLessThan(bytes);
  });
});

describe("pages", () => {
  it("neither repeat nor lose an account while others come and go between two of them", () => {
    const names = Array.from({ length: 40 }, (_, at) => `m${String(at).padStart(2, "0")}`);
    const index = makeIndex(names);
    index.replaceGroupMembers(staff, whole(...names.map(id)));
    index.replaceSpaceGrants(one, whole(permit(toGroup(staff), read)));
    const seen: string[] = [];
    for (let after: AccountId | null = null, turn = 0; ; turn += 1) {
      const page = index.whoCan(one, {}, { first: 3, after });
      seen.push(...page.rows.map(({ accountId }) => accountId));
      if (!page.hasNextPage) break;
      after = page.rows.at(-1)?.accountId ?? null;
      // The last one read leaves; others come before and behind.
      index.replaceAccounts([person(`a${turn}`), person(`z${turn}`)], 2_000);
      index.putMembership(staff, id(`a${turn}`), true);
      index.putMembership(staff, id(`z${turn}`), true);
      if (after !== null) index.putMembership(staff, after, false);
      if (turn > 60) break;
    }
    expect(seen.filter((name) => name.startsWith("m"))).toEqual(names);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.some((name) => name.startsWith("z"))).toBe(true);
  });

  it("hold who is wanted: by kind, status, group, way, decision and text, with counts of just those", () => {
    const index = makeIndex(["ann", "bob", "cat", "dan"], permit(toAccount("ann"), read), permit(toGroup(staff), read));
    index.replaceGroupMembers(staff, whole(id("bob"), id("cat")));
    index.replaceGroupMembers("others" as GroupId, whole(id("bob")));
    index.replaceAccounts([{ ...person("cat"), kind: "GUEST", displayName: "Catherine Jones" }], 2_000);
    index.replaceAccounts([{ ...person("bob"), status: "UNKNOWN" }], 2_000);
    expect(namesOf(index)).toEqual(["ann", "bob", "cat"]);
    expect(namesOf(index, { kinds: ["GUEST"] })).toEqual(["cat"]);
    expect(namesOf(index, { statuses: ["ACTIVE"] })).toEqual(["ann", "cat"]);
    expect(namesOf(index, { statuses: ["UNKNOWN"] })).toEqual(["bob"]);
    expect(namesOf(index, { decision: "UNKNOWN" })).toEqual(["bob"]);
    expect(namesOf(index, { decision: "ALLOWED" })).toEqual(["ann", "cat"]);
    expect(namesOf(index, { viaGroup: staff })).toEqual(["bob", "cat"]);
    expect(namesOf(index, { viaGroup: "others" as GroupId })).toEqual([]);
    expect(namesOf(index, { isDirect: true })).toEqual(["ann"]);
    expect(namesOf(index, { isDirect: false })).toEqual(["bob", "cat"]);
    expect(namesOf(index, { text: "jones" })).toEqual(["cat"]);
    expect(namesOf(index, { text: "cat.*" })).toEqual([]);
    index.replaceAccounts([{ ...person("bob"), status: "UNKNOWN", displayName: "Bób (Ü)" }], 2_000);
    expect(namesOf(index, { text: "b (" })).toEqual(["bob"]);
    expect(namesOf(index, { text: "BÓB" })).toEqual(["bob"]);
    expect(index.whoCan(one, { kinds: ["HUMAN"] }, { first: 1 })).toMatchObject({ allowed: 1, unknown: 1 });
    const where = (wanted: object, name = "cat") =>
      index.whatCan(id(name), wanted, { first: 10 }).rows.map(({ spaceId }) => spaceId);
    expect(where({})).toEqual([one]);
    expect(where({ viaGroup: staff })).toEqual([one]);
    expect(where({ isDirect: true })).toEqual([]);
    expect(where({ isDirect: true }, "ann")).toEqual([one]);
    expect(where({ isDirect: false }, "ann")).toEqual([]);
    expect(where({ isDirect: false })).toEqual([one]);
    expect(where({ kinds: ["PERSONAL"] })).toEqual([]);
    expect(where({ statuses: ["CURRENT", "ARCHIVED"] })).toEqual([one]);
    expect(where({ text: "fir" })).toEqual([one]);
    expect(where({ text: "second" })).toEqual([]);
  });

  it("hold who can do any of several things, and tell of each what it is", () => {
    const [create, remove] = [operation("create/page"), operation("delete/page")];
    const unread: SpaceGrant = { kind: "role", principal: toAccount("dan"), roleId: "lost" as RoleId };
    const grants = [permit(toGroup(staff), read), permit(toAccount("ann"), create), permit(toGroup(staff), remove)];
    const index = makeIndex(["ann", "bob", "cat", "dan"], ...grants, unread, permit(toAccount("cat"), create));
    index.replaceGroupMembers(staff, whole(id("ann"), id("bob")));
    const rows = (...operations: Operation[]) =>
      index.whoCan(one, { operations }, { first: 9 }).rows.map((row) => {
        const { key } = row.operation;
        return [row.accountId, row.decision, key, row.isDirect, row.pathCount].join(" ");
      });
    expect(rows(create, remove)).toEqual([
      "ann ALLOWED create true 1",
      "bob ALLOWED delete false 1",
      "dan UNKNOWN create false 0",
    ]);
    expect(rows(remove, create)[0]).toBe("ann ALLOWED delete true 1");
    expect(rows()).toEqual([]);
    const where = index.whatCan(id("bob"), { operations: [create, remove] }, { first: 9 });
    expect(where).toMatchObject({ allowed: 1, unknown: 0, rows: [{ operation: remove, decision: "ALLOWED" }] });
    expect(index.whatCan(id("bob"), { operations: [] }, { first: 9 }).rows).toEqual([]);
  });
});

describe("accounts whose facts are read apart from their list", () => {
  it("are open, and said to be, from when they are first named until somebody says what they are", () => {
    const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false, areFactsApart: true });
    index.replaceRoles({ model: "PRE_ROLES", roles: whole(), gaps: [] });
    index.replaceAdminGroups(whole());
    index.replaceSpaces([{ spaceId: one, key: null, name: "First", kind: "GLOBAL", status: "CURRENT", gaps: [] }]);
    index.replaceSpaceGrants(one, whole(permit(toAccount("ann"), read), permit(toAccount("bob"), read)));
    for (const list of ["accounts", "groups", "spaces"] as const) index.settleList(list, whole());
    const gapsOf = () => [
      ...index.whoCan(one, {}, { first: 9 }).gaps,
      ...index.whatCan(id("bob"), {}, { first: 9 }).gaps,
      ...index.explain(id("bob"), one, read).gaps,
    ];
    const missing = () => gapsOf().map((each) => each.missing);
    expect(missing()).toEqual(["facts of 2 accounts", "account bob", "account bob"]);
    index.replaceAccounts([person("ann")], 1_000);
    expect(missing()[0]).toBe("facts of an account");
    index.replaceAccounts([{ ...person("bob"), status: "SUSPENDED" }], 1_000);
    expect(missing()).toEqual([]);
    expect(namesOf(index)).toEqual(["ann"]);
    // A page that was not read may name somebody: whoever that is, what everybody has they have as well.
    const everybody = { kind: "accessClass", classId: "all-licensed-users", reportedType: "access-class" } as const;
    const two = "2" as SpaceId;
    index.replaceSpaces([{ spaceId: two, key: null, name: "Second", kind: "GLOBAL", status: "CURRENT", gaps: [] }]);
    index.replaceSpaceGrants(two, { ...whole(), gaps: [gap("what 2 grants")] });
    expect(index.whoCan(one, {}, { first: 9 }).gaps).toEqual([]);
    index.replaceSpaceGrants(one, whole(permit(everybody, read)));
    expect(index.whoCan(one, {}, { first: 9 }).gaps.map((each) => each.missing)).toEqual(["what 2 grants"]);
    expect(index.membersOf(everybody, { first: 9 }).gaps.map((each) => each.missing)).toEqual(["what 2 grants"]);
    index.replaceSpaceGrants(two, whole());
    expect(index.whoCan(one, {}, { first: 9 }).gaps).toEqual([]);
    // Of somebody whom nothing names nobody can say.
    expect(index.whatCan(id("zoe"), {}, { first: 9 }).gaps).toHaveLength(1);
  });
});

describe("a group whose child groups could not be read", () => {
  it("is a gap of where its possible members can do something", () => {
    const index = new AccessIndex({ rules: dataCenterAccessRules(), hasNestedGroups: true });
    index.replaceAccounts([person("ann")], 1_000);
    const use: GlobalGrant = { principal: toAccount("ann"), operation: operation("use/application") };
    index.replaceGlobals(whole(use));
    index.replaceGroups(["outer", "inner"].map((name) => ({ groupId: name as GroupId, name })));
    index.replaceGroupMembers("outer" as GroupId, whole());
    index.replaceGroupMembers("inner" as GroupId, whole(id("ann")));
    index.replaceGroupChildren("inner" as GroupId, whole());
    index.replaceGroupChildren("outer" as GroupId, { ...whole(), gaps: [gap("groups in outer")] });
    index.replaceSpaces([{ spaceId: one, key: null, name: "First", kind: "GLOBAL", status: "CURRENT", gaps: [] }]);
    index.replaceSpaceGrants(one, whole(permit(toGroup("outer" as GroupId), read)));
    for (const list of ["accounts", "groups", "spaces"] as const) index.settleList(list, whole());
    const { unknown, gaps } = index.whatCan(id("ann"), {}, { first: 9 });
    expect([unknown, ...gaps.map((each) => each.missing)]).toEqual([1, "groups in outer"]);
  });
});

describe("an account of which a part could not be read", () => {
  it("is a gap of every list that it may be in or may be missing from", () => {
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read), permit(toAccount("bob"), read));
    const missing = (wanted = {}) => index.whoCan(one, wanted, { first: 9 }).gaps.map((each) => each.missing);
    expect(missing()).toEqual([]);
    index.replaceAccounts([{ ...person("bob"), status: "UNKNOWN", gaps: [gap("what bob is")] }], 2_000);
    expect(missing()).toEqual(["what bob is"]);
    expect(namesOf(index, { statuses: ["ACTIVE"] })).toEqual(["ann"]);
    expect(missing({ statuses: ["ACTIVE"] })).toEqual(["what bob is"]);
    const everybody = { kind: "accessClass", classId: "all-licensed-users", reportedType: "access-class" } as const;
    expect(index.membersOf(everybody, { first: 9 }).gaps.map((each) => each.missing)).toEqual(["what bob is"]);
    // That it is active is known: what else is missing decides nothing here, but whether it fits a filter.
    index.replaceAccounts([{ ...person("bob"), gaps: [gap("what bob is")] }], 3_000);
    expect(missing()).toEqual([]);
    expect(missing({ kinds: ["HUMAN"] })).toEqual(["what bob is"]);
  });
});

describe("parts", () => {
  it("keep whom no member list shows, until the account itself says otherwise", () => {
    const index = makeIndex(["ann", "bob"], permit(toGroup(staff), read));
    index.replaceHiddenMemberships(id("ann"), [staff]);
    index.replaceGroupMembers(staff, whole(id("bob")));
    expect(namesOf(index)).toEqual(["ann", "bob"]);
    index.replaceHiddenMemberships(id("ann"), []);
    expect(namesOf(index)).toEqual(["bob"]);
    index.replaceGroupMembers(staff, whole());
    expect(namesOf(index)).toEqual([]);
  });

  it("take a group that is gone for empty, and read it again once it is back", () => {
    const index = makeIndex(["ann"], permit(toGroup(staff), read));
    index.replaceGroupMembers(staff, whole(id("ann")));
    index.markGroupGone(staff, 2_000);
    expect(index.check(id("ann"), one, read)).toBe("DENIED");
    expect(index.explain(id("ann"), one, read).assumptions).toEqual(["GROUP_GONE"]);
    index.replaceGroups([{ groupId: staff, name: "Staff" }]);
    expect(index.check(id("ann"), one, read)).toBe("UNKNOWN");
  });

  it("forget accounts and spaces that are gone, and all that hung on them", () => {
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read), permit(toGroup(staff), read));
    index.replaceGroupMembers(staff, whole(id("bob")));
    index.forgetAccount(id("ann"));
    expect(index.whoCan(one, {}, { first: 9 }).rows.map((row) => [row.accountId, row.decision])).toEqual([
      ["ann", "UNKNOWN"],
      ["bob", "ALLOWED"],
    ]);
    index.replaceSpaceGrants(one, whole(permit(toGroup(staff), read)));
    expect(namesOf(index)).toEqual(["bob"]);
    index.forgetSpace(one);
    expect(index.whatCan(id("bob"), {}, { first: 9 }).rows).toEqual([]);
  });

  it("hold more operations than a word has bits, each for itself", () => {
    const many = Array.from({ length: 100 }, (_, at) => operation(`app_${at}/content`));
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read));
    const early = many.slice(0, 20).map((what) => permit(toAccount("ann"), what));
    index.replaceSpaceGrants(one, whole(permit(toAccount("ann"), read), ...early));
    index.replaceSpaces([
      { spaceId: "2" as SpaceId, key: null, name: null, kind: "GLOBAL", status: "CURRENT", gaps: [] },
    ]);
    const late = many.filter((_, at) => at % 3 === 0).map((what) => permit(toAccount("bob"), what));
    index.replaceSpaceGrants("2" as SpaceId, whole(permit(toAccount("bob"), read), ...late));
    for (const [at, what] of many.entries()) {
      expect(index.check(id("ann"), one, what)).toBe(at < 20 ? "ALLOWED" : "DENIED");
      expect(index.check(id("bob"), "2" as SpaceId, what)).toBe(at % 3 === 0 ? "ALLOWED" : "DENIED");
    }
    expect(index.operationsOf(id("bob"), "2" as SpaceId).allowed).toHaveLength(35);
  });

  it("hold as many operations as fill a word, and one more", () => {
    for (const count of [31, 32, 33, 64, 65]) {
      const some = Array.from({ length: count - 1 }, (_, at) => operation(`app_${at}/content`));
      const index = makeIndex(["ann"], ...[read, ...some].map((what) => permit(toAccount("ann"), what)));
      expect(index.operationsOf(id("ann"), one).allowed).toHaveLength(count);
    }
  });

  it("name the stored rows of a holder: ids of every form, equal rows, roles; and those that follow need no room", () => {
    const ids = ["9007199254740993", "0017", "42", "row-7", "1125899906842623", "43"];
    const grants = ids.map(
      (permissionId, at): SpaceGrant => ({
        kind: "permission",
        permissionId,
        principal: toAccount("ann"),
        operation: operation(at < 2 ? "read/space" : `app_${at}/content`),
      }),
    );
    const role: SpaceGrant = { kind: "role", principal: toGroup(staff), roleId: "editor" as RoleId };
    const [ann, group] = makeIndex(["ann"], role, ...grants).holders(one).items;
    expect(ann?.grants.map((grant) => grant.kind === "permission" && grant.permissionId)).toEqual([...ids].sort());
    expect(ann?.operations).toHaveLength(5);
    expect(group).toMatchObject({ grants: [role], roles: ["editor"], operations: [], mayGiveAnything: true });

    const index = new AccessIndex({ rules: dataCenterAccessRules(), hasNestedGroups: true, permissionIdOf });
    const derived = [toAccount("ann"), toGroup(staff)].map((principal): SpaceGrant => {
      const permissionId = permissionIdOf(principal, read);
      return { kind: "permission", permissionId, principal, operation: read };
    });
    index.replaceSpaceGrants(one, whole(...derived));
    expect(index.holders(one).items.flatMap((holder) => holder.grants)).toEqual(derived);
  });

  it("tell with an answer what it rests on: gaps of lists, groups and grants, and the oldest reading", () => {
    const index = makeIndex(["ann"], permit(toGroup(staff), read));
    index.replaceGroupMembers(staff, { ...whole(id("ann")), gaps: [gap("members of staff")], asOfMs: 500 });
    index.settleList("accounts", { ...whole(), gaps: [gap("accounts beyond 10,000")] });
    const { gaps, asOfMs } = index.whoCan(one, {}, { first: 1 });
    expect(gaps.map(({ missing }) => missing).sort()).toEqual(["accounts beyond 10,000", "members of staff"]);
    expect(asOfMs).toBe(500);
    expect(index.asOfMs).toBe(500);
  });
});

describe("a page whose rows are told later", () => {
  it("tells of each what one tells that is told at once, and nothing of those that nobody asks", () => {
    const create = operation("create/page");
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read), permit(toAccount("bob"), read));
    const tell = vi.spyOn(Inspector.prototype, "tell");
    onTestFinished(() => tell.mockRestore());
    const later = index.whoCan(one, {}, { first: 9, isToldLater: true });
    const where = index.whatCan(id("ann"), {}, { first: 9, isToldLater: true });
    expect(tell).not.toHaveBeenCalled();
    expect(later.rows.map(toldNow)).toEqual(index.whoCan(one, {}, { first: 9 }).rows);
    expect(where.rows.map(toldNow)).toEqual(index.whatCan(id("ann"), {}, { first: 9 }).rows);
    // Field by field of a row is one look: two rows and one, told later, and the same at once.
    expect(tell).toHaveBeenCalledTimes(6);
    const again = index.whatCan(id("ann"), {}, { first: 9, isToldLater: true });
    index.replaceSpaceGrants(one, whole(permit(toAccount("ann"), read), permit(toAccount("ann"), create)));
    expect(again.rows.map(({ operations }) => operations.allowed.length)).toEqual([2]);
  });

  it("say what they are by now, all of it, where the index has changed since they were found", () => {
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read), permit(toAccount("bob"), read));
    const pages = [
      () => index.whoCan(one, {}, { first: 9, isToldLater: true }).rows,
      () => index.whatCan(id("ann"), {}, { first: 9, isToldLater: true }).rows,
    ].map((find) => find());
    index.replaceSpaceGrants(one, whole(permit(toAccount("bob"), read)));
    const shown = pages.map((rows) =>
      rows.map(({ decision, operations, pathCount }) => [decision, operations.allowed, pathCount]),
    );
    const gone = ["UNKNOWN", [], 0];
    expect(shown).toEqual([[gone, ["ALLOWED", [read], 1]], [gone]]);
  });

  it("names the same operations by one list in all rows", () => {
    const index = makeIndex(["ann", "bob"], permit(toAccount("ann"), read), permit(toAccount("bob"), read));
    const [ann, bob] = index.whoCan(one, {}, { first: 9 }).rows;
    expect(ann?.operations.allowed).toEqual([read]);
    expect(bob?.operations.allowed).toBe(ann?.operations.allowed);
  });
});
