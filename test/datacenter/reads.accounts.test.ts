import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startPatientStack } from "./startPatientStack.js";
import { startProxy } from "./startProxy.js";

const versions = ["8.3.0", "8.6.0", "9.2.0", "10.2.0"] as const;
const completeness = "completeness { isComplete gaps { missing code reason } }";

/** Everybody, in the order of their keys. */
const everybody = Object.values(smallDataCenterWorld().dataCenter.users);
/** Whom no group and no space names: before 8.4 nobody tells of them. */
const unnamed: readonly string[] = [dcUsers.gus, dcUsers.hal, dcUsers.lee];
const statuses = {
  current: "ACTIVE",
  unlicensed: "ACTIVE",
  deactivated: "DEACTIVATED",
  externally_deleted: "CLOSED",
} as const;

interface Shown {
  readonly accountId: string;
  readonly [field: string]: unknown;
}

function byAccountId(nodes: readonly Shown[]): ReadonlyMap<string, Shown> {
  return new Map(nodes.map((node) => [node.accountId, node]));
}

describe.each(versions)("the accounts of %s", (version) => {
  const hasList = version !== "8.3.0";
  const known = everybody.filter(({ userKey }) => hasList || !unnamed.includes(userKey));

  it("have their names, status and where it comes from, the disabled ones too", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const { data, errors } = await stack.query(
      `{ accounts { nodes { accountId username displayName kind status statusAsReported statusSource } ${completeness} } }`,
    );
    expect(errors).toBeUndefined();
    const expected = known.map(({ userKey, username, displayName, status }) => ({
      accountId: userKey,
      username,
      displayName,
      kind: "HUMAN",
      status: statuses[status],
      statusAsReported: status,
      statusSource: "CONFLUENCE",
    }));
    // Where there is no list of users, the left-over rows of a deleted one make up a user that nobody knows.
    const nobody = { username: null, displayName: null, kind: "UNKNOWN", status: "UNKNOWN" };
    const leftOver = { accountId: dcUsers.gone, ...nobody, statusAsReported: null, statusSource: "NONE" };
    expect(data.accounts.nodes).toEqual(hasList ? expected : [...expected, leftOver]);
    expect(data.accounts.completeness.isComplete).toBe(hasList);
  });

  it("tell their e-mail only when asked, at one call for each whom no list has told", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    await stack.query("{ accounts { nodes { displayName } } }");
    expect(stack.countCalls("GET", /mobile/)).toBe(0);
    await stack.forgetCalls();
    const { data, errors } = await stack.query(
      "{ accounts { nodes { accountId email } completeness { isComplete } } }",
    );
    const emails = byAccountId(data.accounts.nodes);
    const profiles = stack.calls().filter((call) => call.includes("/rest/mobile/1.0/profile/"));
    expect(new Set(profiles).size).toBe(profiles.length);
    if (version === "10.2.0") {
      // The list of licensed users told nine of thirteen, among them the one whose name fits in no path.
      expect(errors).toBeUndefined();
      expect(profiles.map((call) => call.split("/").at(-1)).sort()).toEqual(["fay", "gus", "hal", "kim"]);
      expect(stack.countCalls("GET", /users\/list\/active$/)).toBe(1);
      for (const { userKey, email } of everybody) expect(emails.get(userKey)?.email).toBe(email);
      return;
    }
    expect(profiles).toHaveLength(known.length - 1);
    for (const { userKey, email } of known) {
      expect(emails.get(userKey)?.email).toBe(userKey === dcUsers.jo ? null : email);
    }
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"jo/ops" holds a "/"'), extensions: { code: "UNSUPPORTED" } },
    ]);
  });

  it("say who is licensed and when they signed in last as far as the version tells it", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const { data, errors } = await stack.query(
      "{ accounts { nodes { accountId isLicensed lastActiveAt } completeness { isComplete } } }",
    );
    expect(errors).toBeUndefined();
    const told = byAccountId(data.accounts.nodes);
    if (version !== "10.2.0") {
      expect([...told.values()].filter(({ lastActiveAt }) => lastActiveAt !== null)).toEqual([]);
      // A user says of itself that it has no licence; of all others nobody says anything.
      const answered = [...told.values()].filter(({ isLicensed }) => isLicensed !== null);
      expect(answered).toMatchObject(hasList ? [{ accountId: dcUsers.gus, isLicensed: false }] : []);
      return;
    }
    const unlicensed: readonly string[] = [dcUsers.fay, dcUsers.gus, dcUsers.hal, dcUsers.kim];
    for (const { userKey, lastLogin } of everybody) {
      const isLicensed = !unlicensed.includes(userKey);
      const lastActiveAt = isLicensed ? (lastLogin ?? null) : null;
      expect(told.get(userKey)).toEqual({ accountId: userKey, isLicensed, lastActiveAt });
    }
    expect(stack.countCalls("GET", /users\/list\/active$/)).toBe(1);
  });

  it("are found by user name in any case, and by key", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld(version) });
    const { data, errors } = await stack.query(`{
      ben: account(username: "BEN") { accountId username personalSpace { key } }
      ida: account(username: "ida@example.COM") { accountId username }
      jo: account(username: "Jo/Ops") { accountId username }
      nobody: account(username: "nobody") { accountId }
      byKey: account(accountId: "${dcUsers.lee}") { username }
      byNoKey: account(accountId: "lee") { username }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      ben: { accountId: dcUsers.ben, username: "ben", personalSpace: { key: "~ben" } },
      ida: { accountId: dcUsers.ida, username: "Ida@Example.com" },
      jo: { accountId: dcUsers.jo, username: "jo/ops" },
      nobody: null,
      byKey: { username: "lee" },
      byNoKey: null,
    });
  });

  it("stay who they are when they are renamed, and a name that was given away is somebody else", async () => {
    const before = smallDataCenterWorld(version);
    const { users, groups, spaces } = before.dataCenter;
    const heir = { ...users[1], userKey: "2c958083000000000000000000000077", username: "ben", displayName: "Ben Two" };
    const after = smallDataCenterWorld(version, {
      users: [
        ...users.map((user) => (user.userKey === dcUsers.ben ? { ...user, username: "benjamin" } : user)),
        { ...heir, email: "ben.two@example.com", status: "current" as const },
      ],
      groups: groups.map((group) => ({
        ...group,
        members: group.members.map((name) => (name === "ben" ? "benjamin" : name)),
      })),
      spaces: spaces.map((space) => ({
        ...space,
        permissions: space.permissions.map((row) =>
          row.subject.name === "ben" ? { ...row, subject: { type: "user" as const, userKey: dcUsers.ben } } : row,
        ),
      })),
    });
    await using renamed = await startDataCenterStack({ world: after });
    let address = "";
    await using stack = await startDataCenterStack({
      world: before,
      through: (url) => {
        address = url;
        return startProxy(() => address);
      },
    });
    const document = `{
      ben: account(username: "Ben") { id username }
      same: account(accountId: "${dcUsers.ben}") { id username grants { totalCount } }
      space(key: "ENG") { grants(filter: { operations: ["create"], targets: ["comment"] }) {
        nodes { id principal { ... on Account { id username } } }
      } }
    }`;
    const first = await stack.query(document, {}, { "cache-control": "no-cache" });
    address = renamed.dataCenter.url;
    stack.clock.shift(301_000);
    const second = await stack.query(document, {}, { "cache-control": "no-cache" });
    expect([first.errors, second.errors]).toEqual([undefined, undefined]);
    const { same } = first.data;
    expect(first.data.ben).toEqual({ id: same.id, username: "ben" });
    expect(second.data.same).toEqual({ ...same, username: "benjamin" });
    expect(second.data.ben.username).toBe("ben");
    expect(second.data.ben.id).not.toBe(same.id);
    // Two may comment: the administrator and Ben, whose row is the same although it may name him otherwise.
    const rows = second.data.space.grants.nodes;
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(
      first.data.space.grants.nodes.map(({ id }: { id: string }) => id),
    );
    const principals = rows.map(({ principal }: { principal: unknown }) => principal);
    expect(principals).toEqual([expect.objectContaining({ username: "admin" }), { id: same.id, username: "benjamin" }]);
  });
});

describe("the accounts of a version without a list of users", () => {
  it("are those whom groups and spaces name, with the others as a declared gap", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("8.3.0") });
    const { data } = await stack.query(`{ accounts { totalCount nodes { accountId } ${completeness} } }`);
    expect(data.accounts.totalCount).toBeNull();
    expect(data.accounts.nodes).toHaveLength(11);
    expect(data.accounts.completeness.gaps).toEqual(
      expect.arrayContaining([
        {
          missing: "accounts that are in no group and hold no grant of their own",
          code: "UNSUPPORTED",
          reason: expect.stringContaining("needs Confluence Data Center 8.4; this site is 8.3.0."),
        },
      ]),
    );
    // Who is asked for by name or by key is there all the same.
    const lee = await stack.query('{ account(username: "lee") { accountId status } }');
    expect(lee.data.account).toEqual({ accountId: dcUsers.lee, status: "ACTIVE" });
  });

  it("say so too where a group's members could not be read", async () => {
    await using stack = await startPatientStack({ world: smallDataCenterWorld("8.3.0") });
    await stack.fail({ match: `GET /rest/api/group/${dcGroups.users}/member`, times: "always", status: 500 });
    const { data } = await stack.query(`{ accounts { nodes { accountId } ${completeness} } }`);
    expect(data.accounts.completeness.gaps).toContainEqual({
      missing: `members of group ${dcGroups.users}`,
      code: "UPSTREAM_FAILED",
      reason: expect.stringContaining("answered 500"),
    });
  });
});

describe("references to accounts of a Data Center site", () => {
  const document = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
    ... on Account { siteId accountId username } ... on Group { groupId name } ... on Space { spaceId key }
  } }`;
  const users = Array.from({ length: 230 }, (_, index) => ({
    userKey: `2c958083${String(5_000 + index).padStart(24, "0")}`,
    username: `more-${index}`,
    displayName: `More ${index}`,
    email: `more-${index}@example.com`,
    status: "current" as const,
  }));
  const world = smallDataCenterWorld("10.2.0", { users: [...everybody, ...users] });

  it("by site and user key are answered in their order: many by the list, a few one by one", async () => {
    await using stack = await startDataCenterStack({ world });
    const reference = (accountId: string) => ({ __typename: "Account", siteId: stack.siteId, accountId });
    const answerOf = ({ userKey, username }: { readonly userKey: string; readonly username: string }) => ({
      siteId: stack.siteId,
      accountId: userKey,
      username,
    });
    const [few, many] = [users.slice(0, 20), users.slice(20).reverse()];
    await stack.forgetCalls();
    const first = await stack.query(document, { representations: few.map(({ userKey }) => reference(userKey)) });
    expect(first.errors).toBeUndefined();
    expect(first.data._entities).toEqual(few.map(answerOf));
    expect(stack.countCalls("GET", /rest\/api\/user$/)).toBe(20);
    expect(stack.calls()).toHaveLength(20);

    await stack.forgetCalls();
    const keys = [...many.map(({ userKey }) => userKey), dcUsers.gone];
    const second = await stack.query(document, { representations: keys.map(reference) });
    expect(second.errors).toBeUndefined();
    expect(second.data._entities).toEqual([
      ...many.map(answerOf),
      { siteId: stack.siteId, accountId: dcUsers.gone, username: null },
    ]);
    // 243 users are two pages, and one call asks for whom the list does not have.
    expect(stack.countCalls("GET", /rest\/api\/user\/list$/)).toBe(2);
    expect(stack.countCalls("GET", /rest\/api\/user$/)).toBe(1);
    expect(stack.calls()).toHaveLength(3);
  });

  it("stand beside groups, by their names in any case, and spaces", async () => {
    await using stack = await startDataCenterStack({ world });
    const { siteId } = stack;
    const representations = [
      { __typename: "Group", siteId, groupId: dcGroups.slash },
      { __typename: "Group", siteId, groupId: "CONFLUENCE-users" },
      { __typename: "Group", siteId, groupId: dcGroups.gone },
      { __typename: "Space", siteId, key: "docs" },
      { __typename: "Space", siteId, spaceId: "131076" },
    ];
    const { data, errors } = await stack.query(document, { representations });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      { groupId: dcGroups.slash, name: dcGroups.slash },
      { groupId: dcGroups.users, name: dcGroups.users },
      { groupId: dcGroups.gone, name: null },
      { spaceId: "131074", key: "DOCS" },
      { spaceId: "131076", key: "OLD" },
    ]);
  });
});
