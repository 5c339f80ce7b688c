import { describe, expect, it } from "vitest";
import { granted } from "../support/dataCenterWorlds.js";
import { startAccounts } from "../support/startAccounts.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";

type Action = "suspendAccount" | "removeAccount";
const actions = ["suspendAccount", "removeAccount"] as const;

interface Holder {
  readonly type: "user" | "group" | "access-class";
  readonly id: string;
}

const user = (number: number): Holder => ({ type: "user", id: human(number).accountId });
const group = (id: string): Holder => ({ type: "group", id });
const [closed, other] = [8, 3];

/** Each list of holders administers a space of its own; `first` says more of the first. 1 is who asks, and administers nothing; 11 and on may leave. */
function worldOf(holders: readonly (readonly Holder[])[], leavers = [11, 12], first: object = {}) {
  const member = (number: number) => human(number).accountId;
  return cloudWorld({
    mode: "PRE_ROLES",
    accounts: [
      ...[1, other, ...leavers].map((number) => ({ ...human(number), productRoles: ["atlassian/user"] })),
      { ...human(closed), accountStatus: "closed" },
    ],
    groups: [
      ...leavers.flatMap((number) => [
        { id: `g-alone-${number}`, name: `alone ${number}`, members: [member(number), member(closed)] },
        { id: `g-both-${number}`, name: `both ${number}`, members: [member(number), member(other)] },
      ]),
      { id: "g-others", name: "others", members: [member(other)] },
    ],
    spaces: holders.map((list, index) =>
      space(index + 1, {
        ...(index === 0 ? first : {}),
        permissions: list.flatMap(({ type, id }) => [permission(type, id), permission(type, id, "administer/space")]),
      }),
    ),
  });
}

type Stack = Awaited<ReturnType<typeof startAccounts>>;

async function ask(stack: Stack, action: Action, { yes = false, dry = false, number = 11 } = {}) {
  const { data, errors } = await stack.query(
    `mutation ($id: ID!, $yes: Boolean!, $dry: Boolean!) {
      change: ${action}(input: { account: $id, acknowledgeOrganizationWide: true, acknowledgeAdministration: $yes, dryRun: $dry }) {
        outcome userErrors { code field message }
      }
    }`,
    { id: stack.idOf(human(number).accountId), yes, dry },
  );
  expect(errors).toBeUndefined();
  return data.change;
}

const done = { suspendAccount: "REPLACED", removeAccount: "REMOVED" } as const;
const passes = (action: Action) => ({ outcome: done[action], userErrors: [] });
const last = { outcome: "FAILED", userErrors: [{ code: "LAST_ADMINISTRATOR", field: ["account"] }] };

/** How somebody administers a space, and whether others go on doing it. */
const ways = [
  ["alone", (me: number) => [user(me)], false],
  ["beside a closed account", (me: number) => [user(me), user(closed)], false],
  ["beside another person", (me: number) => [user(me), user(other)], true],
  ["beside a group of others", (me: number) => [user(me), group("g-others")], true],
  ["by a group that nobody else is in", (me: number) => [group(`g-alone-${me}`)], false],
  ["by a group that others stay in", (me: number) => [group(`g-both-${me}`)], true],
  ["not at all", () => [user(other)], true],
] as const;

describe.each(actions)("%s of somebody who administers spaces (Cloud)", (action) => {
  it("is refused where nobody else would be left, dry or not, and passes where somebody is", async () => {
    const leavers = ways.map((_way, index) => 11 + index);
    await using stack = await startAccounts(
      worldOf(
        ways.map(([, holders], index) => holders(11 + index)),
        leavers,
      ),
    );
    for (const [index, [how, , isLeft]] of ways.entries()) {
      const number = 11 + index;
      const planned = isLeft ? { outcome: "PLANNED", userErrors: [] } : last;
      expect([how, await ask(stack, action, { number, dry: true })]).toMatchObject([how, planned]);
      expect([how, await ask(stack, action, { number })]).toMatchObject([how, isLeft ? passes(action) : last]);
    }
    expect(stack.writes()).toHaveLength(ways.filter(([, , isLeft]) => isLeft).length);
  });

  it("names the spaces, and does it where that is acknowledged", async () => {
    await using stack = await startAccounts(worldOf([[user(11)], [group("g-alone-11")], [user(other)]]));
    const { userErrors } = await ask(stack, action);
    expect(userErrors[0].message).toMatch(/space S1, S2\. .*acknowledgeAdministration/);
    expect(await ask(stack, action, { yes: true })).toMatchObject(passes(action));
  });
});

describe("suspending somebody who administers spaces", () => {
  it("asks nothing of a personal space of its own, nor of a space that had nobody before", async () => {
    const world = worldOf([[user(11)], [user(closed)]], [11, 12], { type: "personal", authorId: human(11).accountId });
    await using stack = await startAccounts(world);
    expect(await ask(stack, "suspendAccount")).toMatchObject(passes("suspendAccount"));
  });

  it.each([
    ["what a space grants", "GET /wiki/api/v2/spaces/1002/permissions*"],
    ["the groups of the account", "GET /wiki/rest/api/user/memberof*"],
    ["the list of spaces", "GET /wiki/api/v2/spaces"],
  ])("is unknown where %s cannot be read, and nothing is changed", async (_what, match) => {
    await using stack = await startAccounts(worldOf([[user(11), user(other)], [group("g-alone-11")]]));
    // What was read at the start is remembered no more.
    stack.clock.shift(24 * 3_600_000);
    await stack.fail({ match, status: 503, times: -1 });
    const { outcome, userErrors } = await stack.clock.hurry(() => ask(stack, "suspendAccount"));
    expect([outcome, userErrors[0].code]).toEqual(["FAILED", "STATE_UNKNOWN"]);
    expect(stack.writes()).toEqual([]);
  });
});

describe("two at once, each of whom is one of the last two administrators", () => {
  it("one is suspended, the other refused", async () => {
    await using stack = await startAccounts(worldOf([[user(11), user(12)]]));
    const endings = await Promise.all([11, 12].map((number) => ask(stack, "suspendAccount", { number })));
    expect(endings.map(({ outcome, userErrors }) => userErrors[0]?.code ?? outcome).sort()).toEqual([
      "LAST_ADMINISTRATOR",
      "REPLACED",
    ]);
  });
});

describe("what the question costs on Cloud", () => {
  const callsOf = (stack: Stack) =>
    stack
      .sandboxOf("a")
      .journal()
      .map(({ method, path }) => `${method} ${path}`)
      .map((call) => call.replace(/\?.*/, "").replace("/wiki/api/v2", "").replace("/wiki/rest/api", ""))
      .filter((call) => !call.endsWith("user/current") && /^GET \/(spaces|user|group|space-)|users-bulk/.test(call));
  const asked = async (holders: readonly (readonly Holder[])[]) => {
    await using stack = await startAccounts(worldOf(holders));
    await stack.query("{ spaces { nodes { grants { totalCount } } } }");
    stack.clock.shift(1);
    await stack.forgetCalls("a");
    await ask(stack, "suspendAccount", { dry: true });
    return callsOf(stack);
  };

  it("the account alone, where no space that is remembered names it or a group", async () => {
    expect(await asked([[user(other)], [user(1)]])).toEqual(["POST /users-bulk"]);
  });

  it("its groups, and the members of those that administer, where groups do", async () => {
    expect(await asked([[group("g-both-11")], [group("g-others")]])).toEqual([
      "POST /users-bulk",
      // Until a page is empty.
      ...["GET /user/memberof", "GET /user/memberof"],
      "GET /group/g-both-11/membersByGroupId",
      "POST /users-bulk",
    ]);
  });

  it("a reading anew of each space that it may administer alone, and one call for people", async () => {
    expect(await asked([[user(11), user(other)], [user(other)]])).toEqual([
      "POST /users-bulk",
      "GET /space-role-mode",
      "GET /spaces/1001/permissions",
      "POST /users-bulk",
    ]);
  });
});

const key = (number: number) => `2c958083${String(number).padStart(24, "0")}`;

describe.each(actions)("%s of somebody who administers spaces (Data Center)", (action) => {
  const names = ["admin", "ann", "bea"];
  const worldWith = (version: string, administrators: readonly Parameters<typeof granted>[0][]) => ({
    dataCenter: {
      ...{ version, contextPath: "/confluence", administrators: ["confluence-administrators"] },
      users: names.map((username, index) => ({
        ...{ userKey: key(index), username, displayName: username, email: `${username}@example.com` },
        status: "current",
      })),
      groups: [
        { name: "confluence-administrators", members: ["admin"] },
        { name: "confluence-users", members: names },
        { name: "inner", members: ["ann"] },
        { name: "outer", members: [], groups: ["inner"] },
      ],
      spaces: [
        {
          ...{ id: 2_001, key: "S", name: "S", type: "global", status: "current" },
          permissions: administrators.flatMap((subject) => granted(subject, "read/space", "administer/space")),
        },
      ],
      globalPermissions: granted({ type: "group", name: "confluence-users" }, "use/application"),
    },
  });
  const remove = async (stack: DataCenterStack, yes = false) => {
    const { data, errors } = await stack.query(
      `mutation ($id: ID!, $yes: Boolean!) { change: ${action}(input: { account: $id, acknowledgeAdministration: $yes }) { outcome userErrors { code field } } }`,
      { id: dataCenterIds(stack.siteId).account(key(1)), yes },
    );
    expect(errors).toBeUndefined();
    return data.change;
  };

  it.each([
    ["8.3.0", "alone", [{ type: "user", userKey: key(1) }], last],
    ["10.2.0", "alone", [{ type: "user", userKey: key(1) }], last],
    [
      "10.2.0",
      "beside another",
      [
        { type: "user", userKey: key(1) },
        { type: "user", userKey: key(2) },
      ],
      passes(action),
    ],
    ["10.2.0", "by a group that holds its group", [{ type: "group", name: "outer" }], last],
    ["10.2.0", "by a group with others", [{ type: "group", name: "confluence-users" }], passes(action)],
  ] as const)("on %s, %s", async (version, _how, administrators, expected) => {
    await using stack = await startDataCenterStack({ world: worldWith(version, administrators) });
    expect(await stack.clock.hurry(() => remove(stack))).toMatchObject(expected);
    if (expected !== last) return;
    expect(stack.writes()).toEqual([]);
    expect(await stack.clock.hurry(() => remove(stack, true))).toMatchObject(passes(action));
  });
});
