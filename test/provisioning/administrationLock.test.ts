import { describe, expect, it } from "vitest";
import { granted } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

interface Ending {
  readonly outcome: string;
  readonly userErrors: readonly { readonly code: string }[];
}

const told = ({ outcome, userErrors }: Ending) => userErrors[0]?.code ?? outcome;

/** Space 1 is administered by some groups, each with one person in it, and by some people themselves. */
function worldOf(groups: readonly number[], people: readonly number[] = []) {
  const holders = [
    ...groups.map((number) => ["group", `g-${number}`] as const),
    ...people.map((number) => ["user", human(number).accountId] as const),
  ];
  return cloudWorld({
    mode: "PRE_ROLES",
    accounts: [1, 2, 3].map(human),
    groups: groups.map((number) => ({ id: `g-${number}`, name: `g${number}`, members: [human(number).accountId] })),
    spaces: [
      space(1, {
        permissions: holders.flatMap(([type, id]) => [permission(type, id), permission(type, id, "administer/space")]),
      }),
    ],
  });
}

type Stack = Awaited<ReturnType<typeof startProvisioning>>;
type Take = (stack: Stack) => string;

const leave =
  (number: number): Take =>
  ({ siteId }) => {
    const ids = idsOf(siteId);
    return `it: revokeGroupMembership(input: { group: "${ids.group(`g-${number}`)}", accounts: ["${ids.account(number)}"] }) { changes { outcome userErrors { code } } }`;
  };
const dissolve =
  (number: number): Take =>
  ({ siteId }) =>
    `it: deleteGroup(input: { group: "${idsOf(siteId).group(`g-${number}`)}" }) { outcome userErrors { code } }`;
const give =
  (number: number): Take =>
  ({ siteId }) => {
    const ids = idsOf(siteId);
    return `it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(number)}", permissions: [{ operation: "administer", target: "space" }] }) { outcome userErrors { code } }`;
  };

async function atOnce(stack: Stack, takes: readonly Take[]): Promise<string[]> {
  const answers = await Promise.all(takes.map((take) => stack.query(`mutation { ${take(stack)} }`)));
  return answers.map(({ data }) => told(data.it.changes?.[0] ?? data.it)).sort();
}

describe("two changes at once, each of which takes one of the last two ways in to administer a space", () => {
  it.each([
    ["people leave two groups", worldOf([1, 2]), [leave(1), leave(2)]],
    ["a group loses its only person, another is deleted", worldOf([1, 2]), [leave(1), dissolve(2)]],
    ["two groups are deleted", worldOf([1, 2]), [dissolve(1), dissolve(2)]],
    ["somebody leaves a group, and another one loses the permission", worldOf([1], [2]), [leave(1), give(2)]],
  ] satisfies readonly (readonly [string, object, readonly Take[]])[])(
    "%s: one is refused",
    async (_title, world, takes) => {
      await using stack = await startProvisioning(world, {}, { latencyMs: 2 });
      expect(await atOnce(stack, takes)).toEqual(["LAST_ADMINISTRATOR", "REMOVED"]);
    },
  );

  it("is settled one after the other also where callers of one group are settled together", async () => {
    const world = worldOf([1]);
    const [group] = world.cloud.groups as [{ members: string[] }];
    group.members.push(human(2).accountId, human(3).accountId);
    await using stack = await startProvisioning(world, {}, { latencyMs: 2 });
    const ids = idsOf(stack.siteId);
    const from = (number: number): Take => {
      const account = ids.account(number);
      return () =>
        `it: revokeGroupMembership(input: { group: "${ids.group("g-1")}", accounts: ["${account}"] }) { changes { outcome userErrors { code } } }`;
    };
    expect(await atOnce(stack, [from(1), from(2), from(3)])).toEqual(["LAST_ADMINISTRATOR", "REMOVED", "REMOVED"]);
    expect(stack.sandbox.world().cloud?.groups[0]?.members).toHaveLength(1);
    expect(heldIn(stack.sandbox.world(), 1, "g-1")).toContain("administer/space");
  });

  it("is so on Data Center", async () => {
    const key = (number: number) => `2c958083${String(number).padStart(24, "0")}`;
    const both = ["read/space", "administer/space"] as const;
    const world = {
      dataCenter: {
        ...{ version: "10.2.0", contextPath: "/confluence", administrators: ["confluence-administrators"] },
        users: ["admin", "one", "two"].map((username, index) => ({
          ...{ userKey: key(index), username, displayName: username, email: `${username}@example.com` },
          status: "current",
        })),
        groups: [
          { name: "confluence-administrators", members: ["admin"] },
          { name: "g-one", members: ["one"] },
          { name: "g-two", members: ["two"] },
        ],
        spaces: [
          {
            ...{ id: 2_001, key: "S", name: "S", type: "global", status: "current" },
            permissions: ["g-one", "g-two"].flatMap((name) => granted({ type: "group", name }, ...both)),
          },
        ],
        globalPermissions: ["confluence-administrators", "g-one", "g-two"].flatMap((name) =>
          granted({ type: "group", name }, "use/application"),
        ),
      },
    };
    await using stack = await startDataCenterStack({ world, sandbox: { latencyMs: 2 } });
    const ids = dataCenterIds(stack.siteId);
    const answers = await Promise.all(
      [1, 2].map((number) =>
        stack.query(
          `mutation { it: revokeGroupMembership(input: { group: "${ids.group(number === 1 ? "g-one" : "g-two")}", accounts: ["${ids.account(key(number))}"] }) { changes { outcome userErrors { code } } } }`,
        ),
      ),
    );
    expect(answers.map(({ data }) => told(data.it.changes[0])).sort()).toEqual(["LAST_ADMINISTRATOR", "REMOVED"]);
  });
});
