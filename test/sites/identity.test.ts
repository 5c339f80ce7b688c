import { composeServices } from "@apollo/composition";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human } from "../support/worlds.js";

function worldOf(cloudId: string, accounts: readonly Readonly<Record<string, unknown>>[]) {
  return cloudWorld({ cloudId, accounts });
}

const staffSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { staff: [Employee!]! }
  type Employee { name: String! identity: Identity! }
  type Identity @key(fields: "email") { email: String }
`;

describe("Identity", () => {
  it("joins a person of another subgraph to their accounts on two sites through a real gateway, one with a hidden e-mail", async () => {
    const ada = human(1);
    const bob = human(2);
    await using stack = await startSites([
      { id: "a", world: worldOf("cloud-a", [ada, bob]), credential: "api-token" },
      {
        id: "b",
        world: worldOf("cloud-b", [{ ...ada, managed: true }, bob]),
        credential: "oauth",
        hasOrganization: true,
        sandbox: { hiddenEmails: [ada.accountId] },
      },
      {
        id: "c",
        world: worldOf("cloud-c", [ada]),
        credential: "scoped-api-token",
        sandbox: { hiddenEmails: [ada.accountId] },
      },
    ]);
    const staff = new ApolloServer({
      schema: buildSubgraphSchema({
        typeDefs: parse(staffSdl),
        resolvers: {
          Query: { staff: () => [{ name: "Ada", identity: { __typename: "Identity", email: "HUMAN-1@example.com" } }] },
        },
      }),
    });
    const { url: staffUrl } = await startStandaloneServer(staff, { listen: { port: 0, host: "127.0.0.1" } });
    const { supergraphSdl, errors: faults } = composeServices([
      { name: "access", url: stack.server.graphqlUrl, typeDefs: parse(buildGraphSchema().sdl) },
      { name: "staff", url: staffUrl, typeDefs: parse(staffSdl) },
    ]);
    expect(faults).toBeUndefined();
    const gateway = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl: supergraphSdl ?? "" }) });
    await gateway.start();
    try {
      const answer = await gateway.executeOperation({
        query:
          "{ staff { name identity { accounts { nodes { siteId accountId } completeness { isComplete gaps { missing } } } } } }",
      });
      const result = answer.body.kind === "single" ? answer.body.singleResult : null;
      expect(result?.errors).toBeUndefined();
      expect(JSON.parse(JSON.stringify(result?.data))).toEqual({
        staff: [
          {
            name: "Ada",
            identity: {
              accounts: {
                nodes: [
                  { siteId: "a", accountId: ada.accountId },
                  { siteId: "b", accountId: ada.accountId },
                ],
                completeness: {
                  isComplete: false,
                  gaps: [{ missing: "whether an account that hides its e-mail address is this person's (1 such)" }],
                },
              },
            },
          },
        ],
      });
    } finally {
      await gateway.stop();
      await staff.stop();
    }
  });

  it("answers 250 e-mails with as many calls as 250 ids where the organization is there", async () => {
    const accounts = Array.from({ length: 250 }, (_, index) => ({ ...human(index + 1), managed: true }));
    await using stack = await startSites([
      { id: "a", world: worldOf("cloud-a", accounts), credential: "api-token", hasOrganization: true },
    ]);
    const ask = async (key: "email" | "atlassianAccountId", values: readonly string[]) => {
      await stack.forgetCalls("a");
      const { data, errors } = await stack.query(
        "query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Identity { accounts { nodes { accountId } } } } }",
        { refs: values.map((value) => ({ __typename: "Identity", [key]: value })) },
        { "cache-control": "no-cache" },
      );
      expect(errors).toBeUndefined();
      expect(data._entities.every((each: { accounts: { nodes: unknown[] } }) => each.accounts.nodes.length === 1)).toBe(
        true,
      );
      return stack.countCalls("a", "POST", /users\/search|users-bulk/);
    };
    const byId = await ask(
      "atlassianAccountId",
      accounts.map(({ accountId }) => accountId),
    );
    expect(byId).toBe(3 + 1);
    const byEmail = await ask(
      "email",
      accounts.map(({ email }) => email ?? ""),
    );
    // Two more searches: whom the organization suspended is in no list that tells addresses.
    expect(byEmail).toBe(byId + 2);
  });

  it("answers e-mails from the directory that is cached where there is no organization", async () => {
    const accounts = Array.from({ length: 60 }, (_, index) => human(index + 1));
    await using stack = await startSites([{ id: "a", world: worldOf("cloud-a", accounts), credential: "api-token" }]);
    const one = (number: number) =>
      stack.query(`{ identity(email: "human-${number}@example.com") { accounts { nodes { accountId } totalCount } } }`);
    expect((await one(7)).data.identity.accounts).toEqual({
      nodes: [{ accountId: human(7).accountId }],
      totalCount: 1,
    });
    await stack.forgetCalls("a");
    expect((await one(9)).data.identity.accounts.nodes).toEqual([{ accountId: human(9).accountId }]);
    expect((await one(999)).data.identity.accounts).toEqual({ nodes: [], totalCount: 0 });
    expect(stack.countCalls("a", "GET", /./) + stack.countCalls("a", "POST", /./)).toBe(0);
  });

  it.each([
    // Four have no licence, and so stand in no list that tells addresses.
    { version: "10.2.0", profiles: 4, gaps: [] },
    // The profile of `jo/ops` can stand in no path.
    { version: "9.2.0", profiles: 12, gaps: ["accounts whose facts or addresses could not be read"] },
    {
      version: "8.3.0",
      profiles: 9,
      gaps: [
        "accounts that are in no group and hold no grant of their own",
        "members of group docs/web",
        "accounts whose facts or addresses could not be read",
      ],
    },
  ])(
    "joins a Cloud account and one of Data Center $version, at $profiles calls for addresses, and says whom it could not compare",
    async ({ version, profiles, gaps }) => {
      const ben = { ...human(1), email: "Ben@example.com" };
      await using stack = await startSites([
        { id: "a", world: worldOf("cloud-a", [ben]), credential: "api-token" },
        { id: "b", world: smallDataCenterWorld(version), credential: "personal-access-token" },
      ]);
      const ask = async () => {
        const { data, errors } = await stack.query(
          '{ identity(email: "ben@example.com") { accounts { nodes { siteId accountId } completeness { isComplete gaps { missing } } } } }',
        );
        expect(errors).toBeUndefined();
        expect(data.identity.accounts).toEqual({
          nodes: [
            { siteId: "a", accountId: ben.accountId },
            { siteId: "b", accountId: dcUsers.ben },
          ],
          completeness: { isComplete: gaps.length === 0, gaps: gaps.map((missing) => ({ missing })) },
        });
      };
      await ask();
      expect(stack.countCalls("b", "GET", /\/rest\/mobile\//)).toBe(profiles);
      await ask();
      expect(stack.countCalls("b", "GET", /\/rest\/mobile\//)).toBe(profiles);
    },
  );
});
