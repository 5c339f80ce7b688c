import { describe, expect, it } from "vitest";
import { type Finding, type FindingKind, kindsInOrder } from "../../../src/access/findings/Finding.js";
import { FindingList, type FindingPage } from "../../../src/access/findings/FindingList.js";
import { withFindings } from "../../../src/access/findings/keptFindings.js";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import { atOnce } from "../../../src/access/index/store/slices.js";
import { cloudAccessRules, dataCenterAccessRules } from "../../../src/access/SiteFacts.js";
import type { AccountKind, AccountStatus } from "../../../src/domain/Account.js";
import type { Assumption, Complete, Gap } from "../../../src/domain/Complete.js";
import { type SpaceGrant, spaceGrantKey } from "../../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../../../src/domain/ids.js";
import type { PermissionModel } from "../../../src/domain/Site.js";
import type { SpaceKind, SpaceStatus } from "../../../src/domain/Space.js";
import { gap, operation, principal } from "../scene.js";

const now = Date.UTC(2026, 10, 30);
const day = 24 * 60 * 60 * 1_000;

interface AccountTold {
  readonly kind?: AccountKind;
  readonly status?: AccountStatus;
  readonly isLicensed?: boolean | null;
  readonly lastActiveDaysAgo?: number;
  readonly gaps?: readonly Gap[];
}

interface SpaceTold {
  /** `account:ann read/space`, `group:staff create/page`, `class:anonymous-users read/space`, `group:staff role:editor`. */
  readonly grants: readonly string[];
  readonly status?: SpaceStatus;
  readonly kind?: SpaceKind;
  readonly owner?: string;
  readonly gaps?: readonly Gap[];
}

/** A site, told briefly. Left out: an active, licensed human; a space in use with an administrator of its own. */
interface Site {
  readonly accounts?: Readonly<Record<string, AccountTold>>;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly assumptions?: readonly Assumption[];
  readonly hidden?: Readonly<Record<string, readonly string[]>>;
  readonly goneGroups?: readonly string[];
  readonly unreadGroups?: readonly string[];
  readonly children?: Readonly<Record<string, readonly string[]>>;
  readonly spaces: Readonly<Record<string, SpaceTold>>;
  readonly roles?: Readonly<Record<string, readonly string[]>>;
  readonly model?: PermissionModel;
  readonly isDataCenter?: boolean;
  readonly globals?: readonly string[] | null;
}

function whole<T>(
  items: readonly T[],
  gaps: readonly Gap[] = [],
  assumptions: readonly Assumption[] = [],
): Complete<T> {
  return { items, gaps, assumptions, asOfMs: 1_000 };
}

/** Somebody who keeps every space administered, so that a case finds only what it is about. */
const keeper = ["account:keeper read/space", "account:keeper administer/space"];

function indexOf(site: Site): AccessIndex {
  const isCloud = site.isDataCenter !== true;
  const index = new AccessIndex({
    rules: isCloud ? cloudAccessRules : dataCenterAccessRules(),
    hasNestedGroups: !isCloud,
  });
  for (const [accountId, told] of Object.entries({ keeper: {}, ...site.accounts } as Record<string, AccountTold>)) {
    const { kind = "HUMAN", status = "ACTIVE", isLicensed = true, gaps = [], lastActiveDaysAgo } = told;
    const id = accountId as AccountId;
    const facts = { accountId: id, displayName: accountId, kind, status, isLicensed, hasAdminRole: false };
    index.replaceAccounts([{ ...facts, roleGaps: [], gaps }], 1_000);
    if (lastActiveDaysAgo !== undefined) index.replaceLastActivity(id, now - lastActiveDaysAgo * day);
  }
  const groups = isCloud
    ? (site.groups ?? {})
    : { users: ["keeper", ...Object.keys(site.accounts ?? {})], ...site.groups };
  for (const [groupId, members] of Object.entries(groups)) {
    const id = groupId as GroupId;
    index.replaceGroups([{ groupId: id, name: groupId }]);
    const gaps = site.unreadGroups?.includes(groupId) === true ? [gap(`members of ${groupId}`)] : [];
    index.replaceGroupMembers(id, whole(members as AccountId[], gaps, site.assumptions));
    if (!isCloud) index.replaceGroupChildren(id, whole((site.children?.[groupId] ?? []) as GroupId[]));
  }
  for (const [accountId, ids] of Object.entries(site.hidden ?? {}))
    index.replaceHiddenMemberships(accountId as AccountId, ids as GroupId[]);
  for (const groupId of site.goneGroups ?? []) index.markGroupGone(groupId as GroupId, 1_000);
  const roles = Object.entries(site.roles ?? {}).map(([name, what]) => ({
    ...{ roleId: name as RoleId, name, description: null, reportedType: "CUSTOM", permissions: what.map(operation) },
  }));
  index.replaceRoles({
    model: site.model ?? (isCloud ? "ROLES_TRANSITION" : "PRE_ROLES"),
    roles: whole(roles),
    gaps: [],
  });
  const globals = site.globals === undefined ? ["group:users use/application"] : site.globals;
  index.replaceGlobals(
    isCloud || globals === null
      ? null
      : whole(
          globals.map((text) => {
            const [holder = "", what = ""] = text.split(" ");
            return { principal: principal(holder), operation: operation(what) };
          }),
        ),
  );
  index.replaceAdminGroups(whole([]));
  let row = 0;
  for (const [key, { grants, status = "CURRENT", kind = "GLOBAL", owner, gaps = [] }] of Object.entries(site.spaces)) {
    const spaceId = `id-${key}` as SpaceId;
    const ownerId = owner === undefined ? null : (owner as AccountId);
    index.replaceSpaces([{ spaceId, key: key as SpaceKey, name: key, kind, status, ownerId, gaps: [] }]);
    const stored = grants.map((text): SpaceGrant => {
      const [holder = "", what = ""] = text.split(" ");
      row += 1;
      return what.startsWith("role:")
        ? { kind: "role", principal: principal(holder), roleId: what.slice(5) as RoleId }
        : { kind: "permission", permissionId: String(row), principal: principal(holder), operation: operation(what) };
    });
    index.replaceSpaceGrants(spaceId, whole(stored, gaps));
  }
  for (const name of ["accounts", "groups", "spaces"] as const) index.settleList(name, whole([]));
  return index;
}

function listOf(site: Site): FindingList {
  const list = atOnce(FindingList.finding(indexOf(site), now));
  if (list === null) throw new Error("The index changed.");
  return list;
}

function find(site: Site, kind: FindingKind): readonly Finding[] {
  return atOnce(listOf(site).page([kind], 1_000, null)).findings;
}

/** `account:ann group:staff read/space`: whom a finding is about, and the grants behind it. */
function shown({ principals, grants, spaceId }: Finding): string {
  const who = principals.map((each) =>
    each.kind === "account" ? each.accountId : each.kind === "group" ? each.groupId : each.classId,
  );
  const behind = grants.map((each) => {
    if (each.kind === "membership") return `in ${each.groupId}`;
    const what =
      each.grant.kind === "role"
        ? `role:${each.grant.roleId}`
        : `${each.grant.operation.key}/${each.grant.operation.target}`;
    return spaceId === null ? `${what} in ${each.spaceId}` : what;
  });
  return [...who, spaceId ?? "", ...behind].filter((part) => part !== "").join(" ");
}

const editor = { editor: ["read/space", "create/page"], manager: ["read/space", "create/page", "administer/space"] };

const cases: readonly (readonly [string, FindingKind, Site, readonly string[]])[] = [
  [
    "anonymous who read",
    "ANONYMOUS_ACCESS",
    {
      spaces: { A: { grants: [...keeper, "class:anonymous-users read/space", "class:anonymous-users export/space"] } },
    },
    ["anonymous-users id-A read/space export/space"],
  ],
  [
    "no anonymous access in the trash",
    "ANONYMOUS_ACCESS",
    { spaces: { A: { status: "TRASHED", grants: ["class:anonymous-users read/space"] } } },
    [],
  ],
  [
    "anonymous access in the archive, where permissions still count",
    "ANONYMOUS_ACCESS",
    { spaces: { A: { status: "ARCHIVED", grants: [...keeper, "class:anonymous-users read/space"] } } },
    ["anonymous-users id-A read/space"],
  ],
  [
    "no anonymous access where anonymous may not use the site",
    "ANONYMOUS_ACCESS",
    { isDataCenter: true, spaces: { A: { grants: [...keeper, "class:anonymous-users read/space"] } } },
    [],
  ],
  [
    "anonymous who write, by what writes alone",
    "ANONYMOUS_WRITE",
    {
      spaces: {
        A: { grants: [...keeper, "class:anonymous-users read/space", "class:anonymous-users create/comment"] },
      },
    },
    ["anonymous-users id-A create/comment"],
  ],
  [
    "no anonymous writing without reading",
    "ANONYMOUS_WRITE",
    { spaces: { A: { grants: [...keeper, "class:anonymous-users create/comment"] } } },
    [],
  ],
  [
    "no writing in exporting",
    "ANONYMOUS_WRITE",
    {
      spaces: {
        A: {
          grants: [
            ...keeper,
            "class:anonymous-users read/space",
            "class:anonymous-users export/space",
            "class:anonymous-users export_content/space",
          ],
        },
      },
    },
    [],
  ],
  [
    "everybody with a licence as administrators, by a role as well",
    "BROAD_ADMINISTRATION",
    {
      roles: editor,
      spaces: {
        A: { grants: [...keeper, "class:all-licensed-users role:manager"] },
        B: { grants: [...keeper, "class:all-product-admins administer/space"] },
      },
    },
    ["all-licensed-users id-A role:manager"],
  ],
  [
    "a space whose only administrator left",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      accounts: { ann: { status: "SUSPENDED" } },
      spaces: { A: { grants: ["account:ann read/space", "account:ann administer/space"] } },
    },
    ["id-A administer/space"],
  ],
  [
    "no administrator in an app",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      accounts: { app: { kind: "APP" } },
      spaces: { A: { grants: ["account:app read/space", "account:app administer/space"] } },
    },
    ["id-A administer/space"],
  ],
  [
    "no administrator in who cannot read (rule 5)",
    "NO_ACTIVE_ADMINISTRATOR",
    { accounts: { ann: {} }, spaces: { A: { grants: ["account:ann administer/space"] } } },
    ["id-A administer/space"],
  ],
  [
    "no administrator in a super user alone (rule 12)",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      isDataCenter: true,
      accounts: { root: {} },
      groups: { "confluence-administrators": ["root"] },
      spaces: { A: { grants: ["group:users read/space"] } },
    },
    ["id-A"],
  ],
  [
    "an administrator whose reading comes by another path",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      accounts: { ann: {} },
      groups: { staff: ["ann"] },
      spaces: { A: { grants: ["account:ann administer/space", "group:staff read/space"] } },
    },
    [],
  ],
  [
    "an administrator among nested groups",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      isDataCenter: true,
      accounts: { ann: {} },
      groups: { outer: [], inner: ["ann"] },
      children: { outer: ["inner"] },
      spaces: { A: { grants: ["group:outer administer/space", "group:users read/space"] } },
    },
    [],
  ],
  [
    "a group of administrators that holds only a suspended person",
    "NO_ACTIVE_ADMINISTRATOR",
    {
      accounts: { ann: { status: "SUSPENDED" } },
      groups: { staff: [] },
      hidden: { ann: ["staff"] },
      spaces: { A: { grants: ["group:staff administer/space", "group:staff read/space"] } },
    },
    ["id-A administer/space"],
  ],
  [
    "what a leaver holds, all of it",
    "GRANT_TO_INACTIVE_ACCOUNT",
    {
      accounts: { ann: { status: "DEACTIVATED" }, bob: {} },
      spaces: {
        A: { grants: [...keeper, "account:ann create/page", "account:bob read/space", "account:ann read/space"] },
      },
    },
    ["ann id-A create/page read/space"],
  ],
  [
    "nothing of who may be active",
    "GRANT_TO_INACTIVE_ACCOUNT",
    { accounts: { ann: { status: "UNKNOWN" } }, spaces: { A: { grants: [...keeper, "account:ann read/space"] } } },
    [],
  ],
  [
    "an empty group",
    "GRANT_TO_EMPTY_GROUP",
    { groups: { none: [] }, spaces: { A: { grants: [...keeper, "group:none read/space"] } } },
    ["none id-A read/space"],
  ],
  [
    "no empty group in one that holds a suspended person",
    "GRANT_TO_EMPTY_GROUP",
    {
      accounts: { ann: { status: "SUSPENDED" } },
      groups: { staff: [] },
      hidden: { ann: ["staff"] },
      spaces: { A: { grants: [...keeper, "group:staff read/space"] } },
    },
    [],
  ],
  [
    "no empty group in one whose child group has members",
    "GRANT_TO_EMPTY_GROUP",
    {
      isDataCenter: true,
      accounts: { ann: {} },
      groups: { outer: [], inner: ["ann"] },
      children: { outer: ["inner"] },
      spaces: { A: { grants: [...keeper, "group:outer read/space"] } },
    },
    [],
  ],
  [
    "no empty group in one that was not read",
    "GRANT_TO_EMPTY_GROUP",
    { groups: { none: [] }, unreadGroups: ["none"], spaces: { A: { grants: [...keeper, "group:none read/space"] } } },
    [],
  ],
  [
    "a group that is gone",
    "GRANT_TO_VANISHED_GROUP",
    { goneGroups: ["old"], spaces: { A: { grants: [...keeper, "group:old read/space"] } } },
    ["old id-A read/space"],
  ],
  [
    "what a group gives already, and no more",
    "REDUNDANT_DIRECT_GRANT",
    {
      accounts: { ann: {} },
      groups: { staff: ["ann"] },
      spaces: {
        A: {
          grants: [
            ...keeper,
            "account:ann read/space",
            "account:ann create/page",
            "account:ann create/comment",
            "group:staff read/space",
            "group:staff create/page",
          ],
        },
      },
    },
    // On Cloud taking reading away would take the comments with it.
    ["ann id-A create/page"],
  ],
  [
    "reading as well on Data Center, where it goes alone",
    "REDUNDANT_DIRECT_GRANT",
    {
      isDataCenter: true,
      accounts: { ann: {} },
      groups: { staff: ["ann"] },
      spaces: {
        A: { grants: [...keeper, "account:ann read/space", "account:ann create/comment", "group:staff read/space"] },
      },
    },
    ["ann id-A read/space"],
  ],
  [
    "all of it, reading too, where a group gives all",
    "REDUNDANT_DIRECT_GRANT",
    {
      accounts: { ann: {} },
      groups: { staff: ["ann"] },
      roles: editor,
      spaces: {
        A: { grants: [...keeper, "account:ann read/space", "account:ann role:editor", "group:staff role:manager"] },
      },
    },
    ["ann id-A read/space role:editor"],
  ],
  [
    "nothing redundant in what a class gives",
    "REDUNDANT_DIRECT_GRANT",
    {
      accounts: { ann: {} },
      spaces: { A: { grants: [...keeper, "account:ann read/space", "class:all-licensed-users read/space"] } },
    },
    [],
  ],
  [
    "guests who write, by memberships and by themselves, whatever the space",
    "GUEST_CAN_WRITE",
    {
      accounts: { gus: { kind: "GUEST" } },
      groups: { out: ["gus"], idle: ["gus"] },
      spaces: {
        A: { grants: [...keeper, "group:out read/space", "group:out create/page", "group:idle read/space"] },
        B: { grants: [...keeper, "account:gus read/space", "account:gus create/comment"] },
      },
    },
    ["gus in out create/comment in id-B"],
  ],
  [
    "no guest who writes where the guest cannot read",
    "GUEST_CAN_WRITE",
    { accounts: { gus: { kind: "GUEST" } }, spaces: { A: { grants: [...keeper, "account:gus create/page"] } } },
    [],
  ],
  [
    "no guest who is suspended",
    "GUEST_CAN_WRITE",
    {
      accounts: { gus: { kind: "GUEST", status: "SUSPENDED" } },
      spaces: { A: { grants: [...keeper, "account:gus read/space", "account:gus create/page"] } },
    },
    [],
  ],
  [
    "no guest by what all who have a licence may do",
    "GUEST_CAN_WRITE",
    {
      accounts: { gus: { kind: "GUEST" } },
      spaces: { A: { grants: [...keeper, "class:all-licensed-users create/page", "account:gus read/space"] } },
    },
    [],
  ],
  [
    "guests who administer",
    "GUEST_CAN_ADMINISTER",
    {
      accounts: { gus: { kind: "GUEST" } },
      roles: editor,
      spaces: {
        A: { grants: [...keeper, "account:gus role:manager"] },
        B: { grants: [...keeper, "account:gus role:editor"] },
      },
    },
    ["gus role:manager in id-A"],
  ],
  [
    "administrators who were away for over ninety days",
    "DORMANT_ADMINISTRATOR",
    {
      accounts: {
        ann: { lastActiveDaysAgo: 91 },
        bob: { lastActiveDaysAgo: 90 },
        cat: {},
        app: { kind: "APP", lastActiveDaysAgo: 400 },
      },
      groups: { admins: ["ann", "bob", "cat", "app"] },
      spaces: { A: { grants: [...keeper, "group:admins read/space", "group:admins administer/space"] } },
    },
    ["ann in admins"],
  ],
  [
    "the personal space of a leaver",
    "PERSONAL_SPACE_OF_LEAVER",
    {
      accounts: { ann: { status: "CLOSED" }, bob: {} },
      spaces: {
        ann: { kind: "PERSONAL", owner: "ann", grants: [...keeper, "account:ann read/space"] },
        bob: { kind: "PERSONAL", owner: "bob", grants: ["account:bob read/space"] },
        shut: { kind: "PERSONAL", owner: "ann", grants: [] },
      },
    },
    ["ann id-ann read/space administer/space read/space"],
  ],
  [
    "what is held without reading",
    "INEFFECTIVE_GRANT",
    { accounts: { ann: {} }, spaces: { A: { grants: [...keeper, "account:ann create/page"] } } },
    ["ann id-A create/page"],
  ],
  [
    "nothing in vain whose reading comes by a class",
    "INEFFECTIVE_GRANT",
    {
      accounts: { ann: {} },
      spaces: { A: { grants: [...keeper, "account:ann create/page", "class:all-licensed-users read/space"] } },
    },
    [],
  ],
  [
    "a group none of whose members can read, and none of whose can",
    "INEFFECTIVE_GRANT",
    {
      accounts: { ann: {}, bob: {} },
      groups: { one: ["ann"], two: ["ann", "bob"] },
      spaces: {
        A: { grants: [...keeper, "group:one create/page", "group:two create/page", "account:bob read/space"] },
      },
    },
    ["one id-A create/page"],
  ],
  [
    "not in vain for want of a status: who comes back has it again",
    "INEFFECTIVE_GRANT",
    {
      accounts: { ann: { status: "SUSPENDED" } },
      groups: { staff: [] },
      hidden: { ann: ["staff"] },
      spaces: { A: { grants: [...keeper, "group:staff read/space"] } },
    },
    [],
  ],
  [
    "what takes a licence and is held without one",
    "INEFFECTIVE_GRANT",
    {
      accounts: { ann: { isLicensed: false } },
      spaces: { A: { grants: [...keeper, "account:ann read/space", "class:anonymous-users read/space"] } },
    },
    ["ann id-A read/space"],
  ],
  [
    "what anonymous hold where they may not use the site",
    "INEFFECTIVE_GRANT",
    { isDataCenter: true, spaces: { A: { grants: [...keeper, "class:anonymous-users read/space"] } } },
    ["anonymous-users id-A read/space"],
  ],
];

describe("findings", () => {
  it.each(cases)("are %s", (_, kind, site, expected) => {
    expect(find(site, kind).map(shown)).toEqual(expected);
  });

  it("has a case of something found, and a trap, for every kind", () => {
    const found = new Set(cases.filter(([, , , expected]) => expected.length > 0).map(([, kind]) => kind));
    expect([...found].sort()).toEqual([...kindsInOrder].sort());
  });
});

const mixed: Site = {
  accounts: { ann: { status: "SUSPENDED" }, bob: {}, gus: { kind: "GUEST" } },
  groups: { none: [], staff: ["bob"] },
  assumptions: ["SUSPENDED_MEMBERS_HIDDEN"],
  spaces: {
    A: { grants: ["class:anonymous-users read/space", "account:ann read/space", "account:ann administer/space"] },
    B: { grants: [...keeper, "group:none read/space", "account:bob create/page", "account:ann read/space"] },
    C: { grants: [...keeper, "account:gus read/space", "account:gus create/page"] },
  },
};

describe("a list of findings", () => {
  it("is ordered by severity, kind and subject, whatever the size of its pages", () => {
    const list = listOf(mixed);
    const all = atOnce(list.page(kindsInOrder, 1_000, null));
    expect(all.findings.map(({ severity, kind, spaceId }) => `${severity} ${kind} ${spaceId}`)).toEqual([
      "HIGH ANONYMOUS_ACCESS id-A",
      "HIGH NO_ACTIVE_ADMINISTRATOR id-A",
      "MEDIUM GRANT_TO_INACTIVE_ACCOUNT id-A",
      "MEDIUM GRANT_TO_INACTIVE_ACCOUNT id-B",
      "MEDIUM GUEST_CAN_WRITE null",
      "LOW GRANT_TO_EMPTY_GROUP id-B",
      "LOW INEFFECTIVE_GRANT id-B",
    ]);
    expect(all).toMatchObject({ totalCount: 7, hasNextPage: false, hasPreviousPage: false });
    for (const size of [1, 2, 3]) {
      const walked: string[] = [];
      for (let after: string | null = null; ; ) {
        const page: FindingPage = atOnce(list.page(kindsInOrder, size, after));
        expect(page.hasPreviousPage).toBe(after !== null);
        expect(page.totalCount).toBe(7);
        walked.push(...page.findings.map(({ key }) => key));
        after = page.findings.at(-1)?.key ?? null;
        if (!page.hasNextPage) break;
      }
      expect(walked).toEqual(all.findings.map(({ key }) => key));
    }
  });

  it("goes on behind a finding that stands no more, and of some kinds alone", () => {
    const list = listOf(mixed);
    const kinds: FindingKind[] = ["GRANT_TO_INACTIVE_ACCOUNT", "GRANT_TO_EMPTY_GROUP"];
    const gone = "GRANT_TO_INACTIVE_ACCOUNT\u0000id-A\u0000account\u0000bea";
    const { findings, totalCount } = atOnce(list.page(kinds, 10, gone));
    expect(findings.map(({ kind, spaceId }) => `${kind} ${spaceId}`)).toEqual([
      "GRANT_TO_INACTIVE_ACCOUNT id-B",
      "GRANT_TO_EMPTY_GROUP id-B",
    ]);
    expect(totalCount).toBe(3);
    expect(
      atOnce(list.page(kinds, 10, "GUEST_CAN_WRITE\u0000account\u0000zoe")).findings.map(({ kind }) => kind),
    ).toEqual(["GRANT_TO_EMPTY_GROUP"]);
  });

  it("says what it is in one sentence, and what ends it", () => {
    const told = atOnce(listOf(mixed).page(kindsInOrder, 10, null)).findings;
    expect(told.map(({ sentence }) => sentence)).toEqual([
      "Anyone, without signing in, can read space A.",
      "Nobody who is active administers space A, whoever it is granted to.",
      "ann is suspended and still holds access to space A.",
      "ann is suspended and still holds access to space B.",
      "The guest gus can change things in 1 space.",
      "The group none holds access to space B and has no members.",
      "What bob holds in space B gives nothing: reading the space comes first, and is not granted.",
    ]);
    expect(told.map(({ remedy }) => remedy.mutation)).toEqual([
      "revokeGrants",
      "grantSpaceAccess",
      ...Array.from({ length: 5 }, () => "revokeGrants"),
    ]);
    for (const { remedy, grants } of told)
      if (remedy.mutation === "revokeGrants") expect(remedy.grants).toEqual(grants);
    expect(told.map(({ assumptions }) => assumptions.join())).toEqual([
      "",
      "",
      "",
      "",
      "",
      "SUSPENDED_MEMBERS_HIDDEN",
      "",
    ]);
  });

  it("names a role that administers where the site takes no single permissions", () => {
    const site: Site = {
      model: "ROLES",
      roles: editor,
      spaces: { A: { grants: ["class:all-product-admins role:editor"] } },
    };
    expect(find(site, "NO_ACTIVE_ADMINISTRATOR").map(({ remedy }) => remedy)).toEqual([
      { mutation: "grantSpaceAccess", spaceId: "id-A", roleId: "manager" },
    ]);
  });

  it("names two hundred grants of a finding at most, each stored row for itself, and says that there are more", () => {
    const rows = Array.from({ length: 250 }, () => "account:ann create/page");
    const site: Site = { accounts: { ann: { status: "CLOSED" } }, spaces: { A: { grants: [...keeper, ...rows] } } };
    const [found] = find(site, "GRANT_TO_INACTIVE_ACCOUNT");
    expect(found).toMatchObject({ hasMoreGrants: true });
    const keys = found?.grants.map((each) => (each.kind === "space" ? spaceGrantKey(each.grant) : ""));
    expect(new Set(keys).size).toBe(200);
  });

  it("is told anew where the index changes between two steps of telling, and from what is there in the end", async () => {
    const index = indexOf(mixed);
    const slicing = { now: () => 0, pause: async () => undefined, sliceMs: 0 };
    const begun: FindingList[] = [];
    const answer = await withFindings(index, now, slicing, function* (list) {
      begun.push(list);
      yield;
      if (begun.length === 1) index.putMembership("staff" as GroupId, "ann" as AccountId, true);
      yield;
      return list.generation;
    });
    expect(answer).toBe(index.generation);
    expect(begun).toHaveLength(2);
    expect(new Set(begun).size).toBe(2);
  });

  it("is told without a pause from an index that never rests", async () => {
    const index = indexOf(mixed);
    const slicing = { now: () => 0, pause: async () => undefined, sliceMs: 0 };
    let isThere = false;
    const told = await withFindings(index, now, slicing, function* (list) {
      isThere = !isThere;
      yield index.putMembership("staff" as GroupId, "ann" as AccountId, isThere);
      return list.count(kindsInOrder);
    });
    expect(told).toBeGreaterThan(0);
  });

  it("gives up where the index changes under it", () => {
    const index = indexOf(mixed);
    const steps = FindingList.finding(index, now);
    steps.next();
    index.putMembership("staff" as GroupId, "ann" as AccountId, true);
    for (;;) {
      const step = steps.next();
      if (step.done !== true) continue;
      expect(step.value).toBeNull();
      return;
    }
  });
});

describe("what is not known", () => {
  const unread: readonly (readonly [string, Site, readonly FindingKind[], readonly FindingKind[]])[] = [
    [
      "members of a group",
      { groups: { none: [] }, unreadGroups: ["none"], spaces: { A: { grants: [...keeper, "group:none read/space"] } } },
      ["GRANT_TO_EMPTY_GROUP", "REDUNDANT_DIRECT_GRANT", "INEFFECTIVE_GRANT", "GUEST_CAN_WRITE"],
      ["ANONYMOUS_ACCESS", "GRANT_TO_INACTIVE_ACCOUNT", "NO_ACTIVE_ADMINISTRATOR"],
    ],
    [
      "grants of a space",
      { spaces: { A: { grants: [], gaps: [gap("grants of A")] } } },
      ["ANONYMOUS_ACCESS", "GRANT_TO_INACTIVE_ACCOUNT", "NO_ACTIVE_ADMINISTRATOR", "GRANT_TO_EMPTY_GROUP"],
      [],
    ],
    [
      "an account",
      {
        accounts: { ann: { status: "UNKNOWN", gaps: [gap("account ann")] } },
        spaces: { A: { grants: ["account:ann administer/space", "account:ann read/space"] } },
      },
      ["GRANT_TO_INACTIVE_ACCOUNT", "NO_ACTIVE_ADMINISTRATOR"],
      ["ANONYMOUS_ACCESS", "GRANT_TO_EMPTY_GROUP"],
    ],
    [
      "whether a space is in use",
      { spaces: { A: { status: "UNKNOWN", grants: ["class:anonymous-users read/space"] } } },
      ["ANONYMOUS_ACCESS", "NO_ACTIVE_ADMINISTRATOR"],
      [],
    ],
    [
      "the global permissions of an old Data Center",
      { isDataCenter: true, globals: null, spaces: { A: { grants: [...keeper, "class:anonymous-users read/space"] } } },
      ["ANONYMOUS_ACCESS", "BROAD_ADMINISTRATION", "INEFFECTIVE_GRANT"],
      ["GRANT_TO_EMPTY_GROUP", "GRANT_TO_INACTIVE_ACCOUNT"],
    ],
    [
      "what a role gives",
      { spaces: { A: { grants: [...keeper, "class:anonymous-users role:lost"] } } },
      ["ANONYMOUS_ACCESS", "REDUNDANT_DIRECT_GRANT"],
      ["GRANT_TO_EMPTY_GROUP", "NO_ACTIVE_ADMINISTRATOR"],
    ],
    [
      "who administers by a class of which nobody knows the members",
      { accounts: { ann: {} }, spaces: { A: { grants: ["class:odd administer/space", "account:ann read/space"] } } },
      ["NO_ACTIVE_ADMINISTRATOR"],
      ["ANONYMOUS_ACCESS"],
    ],
    [
      "of what kind an account is",
      {
        accounts: { ann: { kind: "UNKNOWN" } },
        spaces: { A: { grants: [...keeper, "account:ann read/space", "account:ann create/page"] } },
      },
      ["GUEST_CAN_WRITE", "GUEST_CAN_ADMINISTER"],
      ["ANONYMOUS_ACCESS", "GRANT_TO_INACTIVE_ACCOUNT"],
    ],
    [
      "whose a personal space is",
      { spaces: { A: { kind: "PERSONAL", grants: keeper } } },
      ["PERSONAL_SPACE_OF_LEAVER"],
      ["ANONYMOUS_ACCESS"],
    ],
  ];

  it.each(unread)("is no finding and a gap, of those it matters to: %s", (_, site, gapped, whole) => {
    const list = listOf(site);
    for (const kind of gapped)
      expect([kind, list.gaps([kind]).length > 0, list.count([kind])]).toEqual([kind, true, 0]);
    for (const kind of whole) expect([kind, list.gaps([kind])]).toEqual([kind, []]);
  });

  it("does not count an account that no list knows as an administrator", () => {
    const site: Site = {
      accounts: { ann: { status: "UNKNOWN" } },
      spaces: { A: { grants: ["account:ann read/space", "account:ann administer/space"] } },
    };
    expect(find(site, "NO_ACTIVE_ADMINISTRATOR")).toHaveLength(1);
    expect(listOf(site).gaps(["NO_ACTIVE_ADMINISTRATOR"])).toEqual([]);
  });
});
