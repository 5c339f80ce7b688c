import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startSites } from "../support/startSites.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { gatewayNames } from "./startGateways.js";
import { startSupergraph } from "./startSupergraph.js";

const leaver = "712020:a-leaver-whom-nobody-knows";
const leftOver = "712020:named-by-a-left-over-grant";

const world = cloudWorld({
  accounts: [human(1), human(2), { ...human(3), email: null }],
  groups: [{ id: "group-1", name: "Group", members: [human(1).accountId] }],
  spaces: [
    space(1, { permissions: [permission("user", human(1).accountId)] }),
    space(2, { permissions: [permission("user", human(2).accountId)] }),
    space(3, { permissions: [permission("user", leftOver)] }),
  ],
});

const employee = (siteId: string, name: string, ...accountIds: string[]) => ({
  ...{ employeeNumber: `E-${name}`, name, department: "Design", leftOn: null, emails: [] },
  accounts: accountIds.map((accountId) => ({ siteId, accountId })),
});
/** The third person's account cannot be named: HR has no id for it. */
const employees = (siteId: string) => [
  employee(siteId, "Ada", human(1).accountId),
  employee(siteId, "Bob", human(2).accountId, leaver, leftOver),
  employee(siteId, "Cy", ""),
];
const document = "{ _service { sdl } }";
const forbidden = { match: "GET /wiki/api/v2/spaces/1002/permissions", status: 403, times: 1 };

function told({ errors = [] }: GraphAnswer) {
  return errors.map(({ path, extensions }) => [path?.join("."), extensions.code]);
}

let stack: Stack;
let supergraph: Awaited<ReturnType<typeof startSupergraph>>;
beforeAll(async () => {
  stack = await startStack({ world, env: { CACHE_TTL_GRANTS: "0" } });
  const { sdl } = (await stack.query(document)).data._service;
  supergraph = await startSupergraph({
    confluence: { sdl, url: stack.server.graphqlUrl },
    employees: employees(stack.siteId),
  });
});
afterAll(async () => {
  await supergraph.stop();
  await stack.close();
});

describe.each(gatewayNames)("behind %s, over this subgraph and people", (name) => {
  const ask = (query: string) => supergraph.behind(name).ask(query);

  it("a leaver is a stub and a bad reference a null with its error: neither takes HR's answer along", async () => {
    const answer = await ask("{ employees { name accounts { accountId status statusSource displayName } } }");
    const active = (number: number) => ({
      accountId: human(number).accountId,
      status: "ACTIVE",
      statusSource: "CONFLUENCE",
      displayName: `Human ${number}`,
    });
    const stub = (accountId: string) => ({ accountId, status: "UNKNOWN", statusSource: "NONE", displayName: null });
    expect(answer.data).toEqual({
      employees: [
        { name: "Ada", accounts: [active(1)] },
        { name: "Bob", accounts: [active(2), stub(leaver), stub(leftOver)] },
        { name: "Cy", accounts: [null] },
      ],
    });
    expect(told(answer)).toEqual([["employees.2.accounts.0", "BAD_USER_INPUT"]]);
  });

  it("a list of a stub is asked for: never empty because nobody knows the account", async () => {
    const answer = await ask("{ employees { accounts { accountId groups { nodes { name } } } } }");
    const [, bob] = answer.data.employees;
    expect(bob.accounts.map(({ groups }: { groups: unknown }) => groups)).toEqual([
      { nodes: [] },
      { nodes: null },
      { nodes: null },
    ]);
    expect(told(answer).sort()).toEqual([
      ["employees.1.accounts.1.groups.nodes", "UPSTREAM_NOT_VISIBLE"],
      ["employees.1.accounts.2.groups.nodes", "UPSTREAM_NOT_VISIBLE"],
      ["employees.2.accounts.0", "BAD_USER_INPUT"],
    ]);
  });

  it("the grants of a stub are those that spaces name it in, and never none on the word of an empty page", async () => {
    const answer = await ask("{ employees { accounts { accountId grants { nodes { __typename } } } } }");
    const [, bob] = answer.data.employees;
    const [, ofLeaver, ofLeftOver] = bob.accounts;
    expect(ofLeaver.grants.nodes).toBeNull();
    expect(ofLeftOver.grants.nodes).toHaveLength(1);
    const paths = told(answer).map(([path]) => path);
    expect(paths).toContain("employees.1.accounts.1.grants.nodes");
    expect(paths).toContain("employees.1.accounts.2.grants");
  });

  it("a forbidden space is told although nobody asked, and the rest is kept", async () => {
    await stack.fail(forbidden);
    const answer = await ask(
      "{ grants(filter: { entitlements: [SPACE_PERMISSION] }) { nodes { principal { ... on Account { accountId } } } } }",
    );
    expect(
      answer.data.grants.nodes.map((node: { principal: { accountId: string } }) => node.principal.accountId),
    ).toEqual([human(1).accountId, leftOver]);
    expect(told(answer)).toEqual([["grants", "INCOMPLETE"]]);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ cause: "UPSTREAM_FORBIDDEN", places: 1 });
  });

  it("it is told below an entity as well", async () => {
    await stack.fail(forbidden);
    const answer = await ask("{ employees { accounts { grants { nodes { __typename } } } } }");
    const [ada] = answer.data.employees;
    expect(ada.accounts).toEqual([{ grants: { nodes: [{ __typename: "Grant" }, { __typename: "Grant" }] } }]);
    expect(told(answer)).toContainEqual(["employees.0.accounts.0.grants", "INCOMPLETE"]);
  });

  it("a person who may hide an address is not said to have no account", async () => {
    const answer = await ask(
      '{ identity(email: "human-3@example.com") { accounts { nodes { accountId } } } employees { name } }',
    );
    expect(answer.data.identity).toEqual({ accounts: { nodes: null } });
    expect(answer.data.employees).toHaveLength(3);
    expect(told(answer).map(([path]) => path)).toEqual(["identity.accounts.nodes"]);
  });
});

it("behind any of them, over a site with an organization, a person who may hide an address is not said to have no account", async () => {
  const accounts = [human(1), human(2)];
  await using sites = await startSites([
    {
      ...{ id: "a", world: cloudWorld({ cloudId: "cloud-1", accounts }), credential: "api-token" as const },
      ...{ hasOrganization: true, hasScim: false, sandbox: { hiddenEmails: [human(2).accountId] } },
    },
  ]);
  const { sdl } = (await sites.query(document)).data._service;
  const over = await startSupergraph({
    confluence: { sdl, url: sites.server.graphqlUrl },
    employees: [employee("a", "Ada", human(1).accountId)],
  });
  try {
    for (const name of gatewayNames) {
      const answer = await over
        .behind(name)
        .ask(
          '{ identity(email: "human-2@example.com") { accounts { nodes { accountId } } } employees { accounts { status } } }',
        );
      expect(answer.data.identity).toEqual({ accounts: { nodes: null } });
      expect(answer.data.employees).toEqual([{ accounts: [{ status: "ACTIVE" }] }]);
      expect(told(answer).map(([path]) => path)).toEqual(["identity.accounts.nodes"]);
    }
  } finally {
    await over.stop();
  }
});

describe("a subgraph that is down takes nothing of the others along", () => {
  const document =
    '{ employees { name accounts { accountId status accessRequests { number } } } groups { totalCount } space(key: "S1") { name } }';

  it.each(gatewayNames)("tickets, behind %s", async (name) => {
    await supergraph.tickets.stop();
    const { data, errors = [] } = await supergraph.behind(name).ask(document);
    expect(data.space).toEqual({ name: "Space 1" });
    expect(data.employees[0]).toEqual({
      name: "Ada",
      accounts: [{ accountId: human(1).accountId, status: "ACTIVE", accessRequests: null }],
    });
    expect(errors.length).toBeGreaterThan(0);
  });

  it.each(gatewayNames)("this one, behind %s", async (name) => {
    await stack.server.close();
    const { data, errors = [] } = await supergraph.behind(name).ask(document);
    expect(data.groups).toBeNull();
    expect(data.space).toBeNull();
    expect(data.employees.map((each: { name: string }) => each.name)).toEqual(["Ada", "Bob", "Cy"]);
    expect(errors.length).toBeGreaterThan(0);
  });
});
