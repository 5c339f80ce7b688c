import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startPatientStack } from "./startPatientStack.js";

const versions = ["8.3.0", "8.6.0", "9.2.0", "10.2.0"] as const;
const completeness = "completeness { isComplete gaps { missing code reason } }";
const everyGroup = `{ groups { totalCount ${completeness} nodes {
  name
  members { nodes { username } ${completeness} }
  memberGroups { nodes { name } ${completeness} }
  allMembers { nodes { account { username } path { name } isDirect } ${completeness} }
} } }`;

interface ShownGroup {
  readonly name: string;
  readonly members: { readonly nodes: readonly { readonly username: string }[] | null };
  readonly memberGroups: { readonly nodes: readonly { readonly name: string }[] | null };
  readonly allMembers: {
    readonly nodes:
      | readonly {
          readonly account: { readonly username: string };
          readonly path: readonly { readonly name: string }[];
          readonly isDirect: boolean;
        }[]
      | null;
  };
}

/** Members by name, and how each is reached: `cara by c < b < a`. */
function showAllMembers({ allMembers }: ShownGroup): readonly string[] | undefined {
  return allMembers.nodes?.map(
    ({ account, path, isDirect }) =>
      `${account.username} ${isDirect ? "in" : "by"} ${path.map(({ name }) => name).join(" < ")}`,
  );
}

describe.each(versions)("the groups of %s", (version) => {
  const world = smallDataCenterWorld(version);

  it("have their members, the groups in them, and everyone below with the way there", async () => {
    await using stack = await startDataCenterStack({ world });
    await stack.forgetCalls();
    const { data } = await stack.query(everyGroup);
    const groups = new Map(data.groups.nodes.map((group: ShownGroup) => [group.name, group] as const));
    const shown = (name: string) => groups.get(name) as ShownGroup;
    expect([...groups.keys()].sort()).toEqual(world.dataCenter.groups.map(({ name }) => name).sort());
    expect(data.groups).toMatchObject({ totalCount: 10, completeness: { isComplete: true, gaps: [] } });

    for (const { name, members, groups: children = [] } of world.dataCenter.groups) {
      if (name === dcGroups.slash) continue;
      const usernames = shown(name).members.nodes?.map(({ username }) => username.toLowerCase());
      expect(usernames?.sort()).toEqual([...members].sort());
      expect(shown(name).memberGroups.nodes?.map((child) => child.name)).toEqual(children);
    }
    expect(showAllMembers(shown(dcGroups.a))).toEqual(["ben in a", "cara by c < b < a"]);
    expect(showAllMembers(shown(dcGroups.b))).toEqual(["cara by c < b"]);
    expect(showAllMembers(shown(dcGroups.empty))).toEqual([]);
    // In each other: everyone of both, each by the shorter way.
    expect(showAllMembers(shown(dcGroups.d))).toEqual(["dan in d", "eve by e < d", "fay in d"]);
    expect(showAllMembers(shown(dcGroups.e))).toEqual(["dan by d < e", "eve in e", "fay by d < e"]);
    // A list of groups, and two calls for each whose name fits in a path.
    expect(stack.calls()).toHaveLength(1 + 2 * 9);
  });

  it("with a slash in the name are there, and what no call can ask of them is a declared gap, never empty", async () => {
    await using stack = await startDataCenterStack({ world });
    await stack.forgetCalls();
    const { data, errors } = await stack.query(`{ group(name: "${dcGroups.slash}") {
      groupId
      members { nodes { username } ${completeness} }
      memberGroups { nodes { name } ${completeness} }
      allMembers { nodes { isDirect } ${completeness} }
    } }`);
    const gap = (missing: string) => ({
      nodes: null,
      completeness: {
        isComplete: false,
        gaps: [{ missing, code: "UNSUPPORTED", reason: expect.stringContaining('"docs/web" holds a "/"') }],
      },
    });
    expect(data.group).toEqual({
      groupId: dcGroups.slash,
      members: gap("members of group docs/web"),
      memberGroups: gap("groups in group docs/web"),
      allMembers: gap("members of group docs/web and of the groups in it"),
    });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(["UNSUPPORTED", "UNSUPPORTED", "UNSUPPORTED"]);
    expect(stack.calls()).toEqual(["GET /confluence/rest/api/group?limit=1000"]);
    // From the other side it is told: who asks for the groups of a member gets it.
    const ben = await stack.query(
      `{ account(accountId: "${dcUsers.ben}") { groups { nodes { name } ${completeness} } } }`,
    );
    expect(ben.data.account.groups).toEqual({
      nodes: ["a", dcGroups.users, dcGroups.slash, dcGroups.support].map((name) => ({ name })),
      completeness: { isComplete: true, gaps: [] },
    });
  });

  it("are found by id and by name in any case, one group with one id, with what they hold", async () => {
    await using stack = await startDataCenterStack({ world });
    const fields =
      "id groupId name members { totalCount } grants(filter: { entitlements: [SPACE_PERMISSION] }) { nodes { id } }";
    const alone = await stack.query('{ group(groupId: "A") { id groupId } named: group(name: "A") { id } }');
    const { data, errors } = await stack.query(
      `{ shouted: group(groupId: "A") { ${fields} } group(groupId: "a") { ${fields} } none: group(groupId: "b2") { id } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.group).toMatchObject({ groupId: "a", name: "a", members: { totalCount: 1 } });
    expect(data.group.grants.nodes).toHaveLength(2);
    expect(data.shouted).toEqual(data.group);
    expect(data.none).toBeNull();
    expect(alone.data).toEqual({ group: { id: data.group.id, groupId: "a" }, named: { id: data.group.id } });
  });

  it("name the one whose members can do everything", async () => {
    await using stack = await startDataCenterStack({ world });
    const document = "{ sites { superGroup { name members { nodes { username } } } } }";
    expect((await stack.query(document)).data.sites).toEqual([
      { superGroup: { name: dcGroups.administrators, members: { nodes: [{ username: "admin" }] } } },
    ]);
    await using other = await startDataCenterStack({ world, env: { CONFLUENCE_SUPER_GROUP: "d" } });
    expect((await other.query(document)).data.sites).toEqual([
      { superGroup: { name: "d", members: { nodes: [{ username: "dan" }, { username: "fay" }] } } },
    ]);
  });
});

describe("groups in groups", () => {
  const world = smallDataCenterWorld("10.2.0");

  it("reach the same people where the site lists the members of child groups as its own", async () => {
    const sandbox = { dataCenter: { membersFollowNested: true } };
    await using stack = await startDataCenterStack({ world, sandbox });
    const { data } = await stack.query(everyGroup);
    const shown = new Map<string, ShownGroup>(data.groups.nodes.map((group: ShownGroup) => [group.name, group]));
    const a = shown.get(dcGroups.a) as ShownGroup;
    // The site itself calls them members: what it says is what is shown.
    expect(showAllMembers(a)).toEqual(["ben in a", "cara in a"]);
    expect(a.memberGroups.nodes).toEqual([{ name: "b" }]);
    expect(showAllMembers(shown.get(dcGroups.d) as ShownGroup)).toEqual(["dan in d", "eve in d", "fay in d"]);
  });

  it("that cannot be read are a gap in all members, with those that were read", async () => {
    await using stack = await startPatientStack({ world });
    await stack.fail({ match: "GET /rest/api/group/b/groupmember", times: "always", status: 500 });
    const { data } = await stack.query(`{ group(groupId: "a") {
      allMembers { totalCount nodes { account { username } } ${completeness} }
    } }`);
    expect(data.group.allMembers).toEqual({
      totalCount: null,
      nodes: [{ account: { username: "ben" } }],
      completeness: {
        isComplete: false,
        gaps: [{ missing: "groups in group b", code: "UPSTREAM_FAILED", reason: expect.stringContaining("500") }],
      },
    });
  });

  it("whose members cannot be read are a gap too", async () => {
    await using stack = await startPatientStack({ world });
    await stack.fail({ match: "GET /rest/api/group/c/member", times: "always", status: 500 });
    const { data } = await stack.query(`{ group(groupId: "a") {
      allMembers { totalCount nodes { account { username } } ${completeness} }
    } }`);
    expect(data.group.allMembers).toMatchObject({
      totalCount: null,
      nodes: [{ account: { username: "ben" } }],
      completeness: { gaps: [{ missing: "members of group c", code: "UPSTREAM_FAILED" }] },
    });
  });
});
