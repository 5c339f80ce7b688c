import { describe, expect, it } from "vitest";
import type { DataCenterPermission } from "../../sandbox/src/world/World.js";
import { dcGroups, dcUsers, granted, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";

/** The small world, but that the site spells one group in capitals, and its rows and its members' groups in other ways. */
function spelledInManyWays(version: string) {
  const { dataCenter } = smallDataCenterWorld(version);
  const spelled = (name: string) => (name === dcGroups.a ? "Team-A" : name);
  const inRow = (name: string) =>
    name === dcGroups.a ? "TEAM-a" : name === dcGroups.users ? "Confluence-Users" : name;
  const rows = (permissions: readonly DataCenterPermission[]) =>
    permissions.map((row) => ({
      ...row,
      subject: row.subject.name === undefined ? row.subject : { ...row.subject, name: inRow(row.subject.name) },
    }));
  return smallDataCenterWorld(version, {
    groups: dataCenter.groups.map((group) => ({
      ...group,
      name: spelled(group.name),
      ...(group.groups === undefined ? {} : { groups: group.groups.map((name) => name.toUpperCase()) }),
    })),
    spaces: dataCenter.spaces.map((space) => ({ ...space, permissions: rows(space.permissions) })),
    globalPermissions: rows(dataCenter.globalPermissions),
  });
}

const globalId = (...parts: readonly string[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");
const first = `groupId name members { nodes { username } } grants { nodes { id entitlement { __typename } } }`;

describe.each(["8.3.0", "8.6.0", "9.2.0", "10.2.0"])("a name that %s spells in several ways", (version) => {
  const open = () => startDataCenterStack({ world: spelledInManyWays(version) });

  it("is one group with one id, whoever names it and however", async () => {
    await using stack = await open();
    const id = globalId("Group", stack.siteId, "Team-A");
    const { data, errors } = await stack.query(`{
      byName: group(name: "team-A") { id ${first} }
      byId: group(id: "${id}") { id ${first} }
      byGroupId: group(groupId: "TEAM-A") { id ${first} }
      listed: groups(filter: { text: "team" }) { nodes { id ${first} } }
      grants(filter: { groups: ["${id}"] }) { nodes { resource { ... on Group { id } } } }
      held: grants(filter: { principals: ["${id}"], entitlements: [SPACE_PERMISSION] }) { nodes { principal { ... on Group { id } } } }
      ben: account(username: "BEN") { groups { nodes { id name } } }
      space(key: "ENG") { grants { nodes { id principal { ... on Group { id groupId name } } } } }
    }`);
    // No path takes the group with a slash in its name, so that its child groups are a gap of every such list.
    expect(errors?.filter(({ extensions }) => extensions.code !== "INCOMPLETE") ?? []).toEqual([]);
    const group = data.byName;
    expect(group).toMatchObject({ groupId: "team-a", name: "Team-A", members: { nodes: [{ username: "ben" }] } });
    expect(group.grants.nodes.map(({ entitlement }: { entitlement: object }) => entitlement)).toEqual([
      { __typename: "SpacePermission" },
      { __typename: "SpacePermission" },
    ]);
    expect(data.byId).toEqual(group);
    expect(data.byGroupId).toEqual(group);
    expect(data.listed.nodes).toEqual([group]);
    const ids = [
      ...data.grants.nodes.map(({ resource }: { resource: { id: string } }) => resource.id),
      ...data.held.nodes.map(({ principal }: { principal: { id: string } }) => principal.id),
    ];
    expect([new Set(ids), ids.length]).toEqual([new Set([group.id]), 4]);
    expect(data.ben.groups.nodes).toContainEqual({ id: group.id, name: "Team-A" });
    const principals = data.space.grants.nodes.map(({ principal }: { principal: object }) => principal);
    expect(principals).toContainEqual({ id: group.id, groupId: "team-a", name: "Team-A" });
    // Nested groups are named in another way than they are listed, too.
    expect(
      (await stack.query(`{ group(name: "B") { memberGroups { nodes { groupId } } grants { totalCount } } }`)).data,
    ).toMatchObject({ group: { memberGroups: { nodes: [{ groupId: "c" }] } } });
  });

  it("has the id before the group itself was read that it has after", async () => {
    await using stack = await open();
    const rows = `{ space(key: "ENG") { grants(filter: { principalKinds: [GROUP] }) { nodes { principal { ... on Group { id } } } } } }`;
    const before = (await stack.query(rows)).data;
    const { data } = await stack.query(`{ groups { nodes { id } } }`);
    const listed = data.groups.nodes.map(({ id }: { id: string }) => id);
    const held = before.space.grants.nodes.map(({ principal }: { principal: { id: string } }) => principal.id);
    expect(held.filter((id: string) => !listed.includes(id))).toEqual([]);
    expect((await stack.query(rows)).data).toEqual(before);
  });

  it("finds a reference and a grant by an id that spells it otherwise, under the one id", async () => {
    await using stack = await open();
    const { data } = await stack.query(
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Group { id groupId } ... on Grant { id } } }`,
      {
        of: [
          { __typename: "Group", siteId: stack.siteId, groupId: "TEAM-A" },
          { __typename: "Group", id: globalId("Group", stack.siteId, "Team-A") },
          { __typename: "Grant", id: globalId("Grant", stack.siteId, "m", "Team-A", dcUsers.ben) },
          { __typename: "Grant", id: globalId("Grant", stack.siteId, "p", "131073", "read/space@group:TEAM-a") },
        ],
      },
    );
    const group = { id: globalId("Group", stack.siteId, "team-a"), groupId: "team-a" };
    expect(data._entities).toEqual([
      group,
      group,
      { id: globalId("Grant", stack.siteId, "m", "team-a", dcUsers.ben) },
      { id: globalId("Grant", stack.siteId, "p", "131073", "read/space@group:team-a") },
    ]);
  });
});

it("one person is made of the rows that two spellings of a name left behind, where rows name people", async () => {
  const world = spelledInManyWays("8.6.0");
  const [space, ...others] = world.dataCenter.spaces;
  const left = [
    ...granted({ type: "user", name: "Long.Gone" }, "read/space"),
    ...granted({ type: "user", name: "long.gone" }, "create/page"),
  ];
  const spaces = [{ ...space, permissions: left }, ...others] as typeof world.dataCenter.spaces;
  await using stack = await startDataCenterStack({ world: { dataCenter: { ...world.dataCenter, spaces } } });
  const { data } = await stack.query(
    `{ space(key: "ENG") { grants { nodes { principal { ... on Account { accountId } } } } } }`,
  );
  const people = data.space.grants.nodes.map(
    ({ principal }: { principal: { accountId: string } }) => principal.accountId,
  );
  expect(people).toEqual(["long.gone", "long.gone"]);
});
