import { readFileSync } from "node:fs";
import { type DocumentNode, Kind, type ObjectTypeDefinitionNode, parse, print } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { gatewayNames } from "./startGateways.js";
import { startSupergraph } from "./startSupergraph.js";

const people = 12;
const accounts = Array.from({ length: people }, (_, index) => human(index + 1));
const guest = { ...human(99), isExternalCollaborator: true };

function world() {
  return cloudWorld({
    accounts: [...accounts, guest],
    groups: [{ id: "group-1", name: "Engineers", members: accounts.slice(0, 3).map(({ accountId }) => accountId) }],
    spaces: [
      space(1, {
        permissions: [...accounts, guest].map(({ accountId }) => permission("user", accountId)),
      }),
      space(2, { permissions: [permission("group", "group-1"), permission("access-class", "anonymous-users")] }),
    ],
  });
}

/** Every person has one account, but the first, who has two. */
const employees = (siteId: string) =>
  accounts.slice(1).map(({ accountId }, index) => ({
    ...{ employeeNumber: `E-${index + 1}`, name: `Person ${index + 1}`, leftOn: null, emails: [] },
    department: index % 2 === 0 ? "Design" : "Sales",
    accounts: (index === 0 ? [accounts[0]?.accountId ?? "", accountId] : [accountId]).map((id) => ({
      siteId,
      accountId: id,
    })),
  }));

async function publishedSdl(stack: Stack): Promise<string> {
  return (await stack.query("{ _service { sdl } }")).data._service.sdl;
}

describe("the published SDL", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ world: world() });
  });
  afterAll(() => stack.close());

  it("is schema.graphql and what federation adds, and nothing else", async () => {
    const served = definitionsOf(parse(await publishedSdl(stack)));
    const emitted = definitionsOf(parse(readFileSync("schema.graphql", "utf8")));
    expect(emitted.size).toBeGreaterThan(40);
    expect([...emitted].filter(([name, printed]) => served.get(name) !== printed)).toEqual([]);
    const added = [...served.keys()].filter((name) => !emitted.has(name));
    expect(added.filter((name) => !/^(_|federation__|link__)/.test(name))).toEqual([]);
  });

  it("asks a gateway for no authorization of its own: that is enforced here", async () => {
    expect(await publishedSdl(stack)).not.toMatch(/@(federation__)?(authenticated|requiresScopes|policy)\b/);
  });

  it("names every entity with each of its keys", async () => {
    const sdl = await publishedSdl(stack);
    const keysOf = (type: string) =>
      [
        ...(new RegExp(`\\ntype ${type}\\b[^{]*(?:\\{[^}]*)?`).exec(sdl)?.[0] ?? "").matchAll(
          /@key\(fields: "([^"]+)"/g,
        ),
      ].map(([, fields]) => fields);
    expect(
      Object.fromEntries(["Site", "Account", "Group", "Space", "Grant"].map((type) => [type, keysOf(type)])),
    ).toEqual({
      Site: ["id", "siteId"],
      Account: ["id", "siteId accountId"],
      Group: ["id", "siteId groupId"],
      Space: ["id", "siteId spaceId", "siteId key"],
      Grant: ["id"],
    });
  });
});

describe("this subgraph and people", () => {
  let stack: Stack;
  let supergraph: Awaited<ReturnType<typeof startSupergraph>>;
  beforeAll(async () => {
    stack = await startStack({ world: world() });
    supergraph = await startSupergraph({
      confluence: { sdl: await publishedSdl(stack), url: stack.server.graphqlUrl },
      employees: employees(stack.siteId),
    });
  });
  afterAll(async () => {
    await supergraph.stop();
    await stack.close();
  });

  describe.each(gatewayNames)("behind %s", (name) => {
    async function ask(query: string) {
      const { data, errors } = await supergraph.behind(name).ask(query, {}, { "cache-control": "no-cache" });
      expect(errors).toBeUndefined();
      return data;
    }

    it("goes from people to the names, statuses and groups of their accounts, in one call for all of them", async () => {
      await stack.forgetCalls();
      const { employees: answered } = await ask(
        "{ employees { name accounts { displayName status groups { nodes { name } } } } }",
      );
      expect(answered).toHaveLength(people - 1);
      const engineers = { nodes: [{ name: "Engineers" }] };
      expect(answered[0]).toEqual({
        name: "Person 1",
        accounts: [
          { displayName: "Human 1", status: "ACTIVE", groups: engineers },
          { displayName: "Human 2", status: "ACTIVE", groups: engineers },
        ],
      });
      expect(answered.at(-1).accounts).toEqual([{ displayName: "Human 12", status: "ACTIVE", groups: { nodes: [] } }]);
      expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(1);
    });

    it("goes from who may enter a space to the people behind it, asking for them once", async () => {
      supergraph.forget();
      const { space: answered } = await ask(`{ space(key: "S1") { name grants(first: 100) { totalCount nodes {
      permissions { operation } principal { __typename ... on Account { displayName employee { name department } } } } } } }`);
      expect(answered.grants.totalCount).toBe(people + 1);
      const personBehind = Object.fromEntries(
        answered.grants.nodes.map(({ principal }: { principal: { displayName: string; employee: unknown } }) => [
          principal.displayName,
          principal.employee,
        ]),
      );
      expect(personBehind["Human 1"]).toEqual({ name: "Person 1", department: "Design" });
      expect(personBehind["Human 3"]).toEqual({ name: "Person 2", department: "Sales" });
      expect(personBehind["Human 99"]).toBeNull();
      expect(supergraph.requestsTo("people")).toHaveLength(1);
    });

    it("crosses twice: from a group's members to their people, and to those people's other accounts", async () => {
      const { group } = await ask(`{ group(name: "Engineers") { members { nodes {
      accountId employee { name accounts { displayName } } } } } }`);
      expect(group.members.nodes[0]).toEqual({
        accountId: human(1).accountId,
        employee: { name: "Person 1", accounts: [{ displayName: "Human 1" }, { displayName: "Human 2" }] },
      });
      expect(group.members.nodes).toHaveLength(3);
    });

    it("leaves principals that are no accounts as they are", async () => {
      const { space: answered } = await ask(`{ space(key: "S2") { grants { nodes { principal {
      __typename ... on Account { employee { name } } ... on Group { name } ... on AccessClass { classId } } } } } }`);
      expect(answered.grants.nodes.map(({ principal }: { principal: unknown }) => principal)).toEqual(
        expect.arrayContaining([
          { __typename: "Group", name: "Engineers" },
          { __typename: "AccessClass", classId: "anonymous-users" },
        ]),
      );
    });
  });
});

/** The types of an SDL by name, printed, without what federation adds to `Query`. */
function definitionsOf(document: DocumentNode): Map<string, string> {
  const types = document.definitions.flatMap((node) =>
    "fields" in node || "values" in node || "types" in node || node.kind === Kind.SCALAR_TYPE_DEFINITION ? [node] : [],
  );
  return new Map(
    types.map((node) => {
      const shown =
        node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === "Query" ? withoutFederation(node) : node;
      return [node.name.value, print(shown)];
    }),
  );
}

function withoutFederation(node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  return { ...node, fields: (node.fields ?? []).filter(({ name }) => !name.value.startsWith("_")) };
}
