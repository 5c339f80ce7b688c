import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCallersFile } from "../support/callersFile.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { gatewayNames, startGateway } from "./startGateways.js";
import { startSupergraph } from "./startSupergraph.js";

const people = 1_200;
const numbers = Array.from({ length: people }, (_, index) => index + 1);
const groupId = "group-1";

const world = cloudWorld({
  accounts: numbers.map(human),
  groups: [{ id: groupId, name: "Engineers", members: [human(1).accountId] }],
  spaces: [1, 2].map((number) =>
    space(number, { permissions: numbers.slice(0, 100).map((each) => permission("user", human(each).accountId)) }),
  ),
});
const employees = (siteId: string) =>
  numbers.map((number) => ({
    ...{ employeeNumber: `E-${number}`, name: `Person ${number}`, department: "Design", leftOn: null },
    emails: number === 1 ? ["Human-1@example.com", "human-2@example.com"] : [`human-${number}@example.com`],
    accounts: [{ siteId, accountId: human(number).accountId }],
  }));
const accessRequests = (siteId: string) => [
  {
    ...{ number: "4711", reason: "Joins the team", state: "OPEN", space: { siteId, key: "S1" } },
    ...{ requestedFor: { siteId, accountId: human(7).accountId }, group: { siteId, groupId } },
  },
];
/** One behind each gateway, for what the first has used up is the second's no more. */
const hastyBehind = (name: string) => `hasty-${name.replaceAll(" ", "-")}`;
const callers = writeCallersFile([
  { name: "governance", scopes: ["read", "read:personal", "grant"] },
  { name: "portal", scopes: ["read"] },
  ...gatewayNames.map((name) => ({ name: hastyBehind(name), scopes: ["read" as const], limits: { costPerMinute: 1 } })),
]);
const governance = callers.headersOf("governance");
const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

let stack: Awaited<ReturnType<typeof startProvisioning>>;
let supergraph: Awaited<ReturnType<typeof startSupergraph>>;
beforeAll(async () => {
  stack = await startProvisioning(world, { CALLERS_FILE: callers.path });
  const { sdl } = (await stack.query("{ _service { sdl } }", {}, governance)).data._service;
  supergraph = await startSupergraph({
    confluence: { sdl, url: stack.server.graphqlUrl },
    ...{ employees: employees(stack.siteId), accessRequests: accessRequests(stack.siteId) },
  });
});
afterAll(async () => {
  await supergraph.stop();
  await stack[Symbol.asyncDispose]();
  await callers[Symbol.asyncDispose]();
});

describe.each(gatewayNames)("behind %s", (name) => {
  async function ask(query: string, headers: Readonly<Record<string, string>> = {}): Promise<GraphAnswer> {
    supergraph.forget();
    return supergraph.behind(name).ask(query, {}, { ...governance, ...headers });
  }

  it("a hundred people, their accounts and the grants of these are one request", async () => {
    const { data, errors } = await ask(
      "{ employees(first: 100) { name accounts { displayName grants { totalCount nodes { resource { ... on Space { key } } } } } } }",
    );
    expect(errors).toBeUndefined();
    expect(data.employees).toHaveLength(100);
    expect(data.employees[99].accounts).toEqual([
      {
        displayName: "Human 100",
        grants: { totalCount: 2, nodes: [{ resource: { key: "S1" } }, { resource: { key: "S2" } }] },
      },
    ]);
    expect(supergraph.requestsTo("confluence")).toHaveLength(1);
    expect(supergraph.requestsTo("people")).toHaveLength(1);
  });

  it.each([250, 1_000, 1_200])("%i references are one request, and one call for each 250", async (count) => {
    await stack.forgetCalls();
    const { data, errors } = await ask(`{ employees(first: ${count}) { accounts { displayName } } }`, {
      "cache-control": "no-cache",
    });
    expect(errors).toBeUndefined();
    expect(data.employees).toHaveLength(count);
    expect(data.employees[count - 1].accounts).toEqual([{ displayName: `Human ${count}` }]);
    expect(supergraph.requestsTo("confluence")).toHaveLength(1);
    expect(stack.countCalls("POST", /\/users-bulk$/)).toBe(Math.ceil(count / 250));
  });

  it("a list of a thousand goes to people in one request as well", async () => {
    const { data, errors } = await ask("{ accounts(first: 1000) { nodes { accountId employee { name } } } }");
    expect(errors).toBeUndefined();
    expect(data.accounts.nodes).toHaveLength(1_000);
    expect(data.accounts.nodes.every((node: { employee: unknown }) => node.employee !== null)).toBe(true);
    expect(supergraph.requestsTo("confluence")).toHaveLength(1);
    expect(supergraph.requestsTo("people")).toHaveLength(1);
  });

  it("a person is joined by each of their addresses, in one request for all of them", async () => {
    const { data, errors } = await ask(
      "{ employees(first: 2) { identities { email employee { name } accounts { nodes { accountId } } } } }",
    );
    expect(errors).toBeUndefined();
    const identity = (email: string, number: number, person: number) => ({
      ...{ email, employee: { name: `Person ${person}` } },
      accounts: { nodes: [{ accountId: human(number).accountId }] },
    });
    expect(data.employees[0].identities[0]).toEqual(identity("Human-1@example.com", 1, 1));
    expect(data.employees[0].identities[1].accounts).toEqual({ nodes: [{ accountId: human(2).accountId }] });
    expect(data.employees[1].identities).toEqual([identity("human-2@example.com", 2, 2)]);
    expect(supergraph.requestsTo("confluence")).toHaveLength(1);
  });

  it("a person named by the Atlassian account id is known to people, who join by the address", async () => {
    const { data, errors } = await ask(
      `{ identity(atlassianAccountId: "${human(7).accountId}") { atlassianAccountId employee { name } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.identity).toEqual({ atlassianAccountId: human(7).accountId, employee: { name: "Person 7" } });
    const byAddress = await ask("{ employees(first: 3) { identities { atlassianAccountId } } }");
    expect(byAddress.errors).toBeUndefined();
    expect(byAddress.data.employees[2].identities).toEqual([{ atlassianAccountId: human(3).accountId }]);
  });

  it("a ticket names account, space and group by their keys, and each of them knows it", async () => {
    const { data, errors } = await ask(`{
      accessRequest(number: "4711") { requestedFor { displayName employee { name } } space { name } group { name } }
      space(key: "S1") { accessRequests { number } }
      group(name: "Engineers") { accessRequests { number } members { nodes { accessRequests { number } } } }
    }`);
    expect(errors).toBeUndefined();
    const number = "4711";
    expect(data).toEqual({
      accessRequest: {
        requestedFor: { displayName: "Human 7", employee: { name: "Person 7" } },
        ...{ space: { name: "Space 1" }, group: { name: "Engineers" } },
      },
      space: { accessRequests: [{ number }] },
      group: { accessRequests: [{ number }], members: { nodes: [{ accessRequests: [] }] } },
    });
  });

  it("what a mutation answers with is resolved further by the others, and the next query sees it", async () => {
    const { space: before, account } = (
      await ask(
        `{ space(key: "S1") { id } account(accountId: "${human(7).accountId}", siteId: "${stack.siteId}") { id } }`,
      )
    ).data;
    const operation = name === gatewayNames[0] ? "create" : "delete";
    const { data, errors } = await ask(`mutation {
      grantSpaceAccess(input: { space: "${before.id}", principal: "${account.id}", permissions: [{ operation: "${operation}", target: "page" }] }) {
        outcome userErrors { code message }
        principal { ... on Account { displayName employee { name } accessRequests { number } } }
      }
      closeAccessRequest(number: "4711", state: GRANTED) { state space { name } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      grantSpaceAccess: {
        ...{ outcome: "CREATED", userErrors: [] },
        principal: { displayName: "Human 7", employee: { name: "Person 7" }, accessRequests: [{ number: "4711" }] },
      },
      closeAccessRequest: { state: "GRANTED", space: { name: "Space 1" } },
    });
    const after = await ask(
      '{ space(key: "S1") { grants(first: 1000) { nodes { permissions { operation target } } } } }',
    );
    expect(JSON.stringify(after.data)).toContain(`"operation":"${operation}","target":"page"`);
  });

  it("the headers that say who asks, for whom, and in which trace go to every subgraph", async () => {
    await ask("{ employees(first: 1) { accounts { displayName } } }", {
      ...{ traceparent: trace, "apollographql-client-name": "review-portal", "x-requested-by": "alice@example.com" },
    });
    for (const subgraph of ["confluence", "people"] as const) {
      const [headers] = supergraph.requestsTo(subgraph);
      expect(headers).toMatchObject({
        ...governance,
        ...{ "apollographql-client-name": "review-portal", "x-requested-by": "alice@example.com" },
      });
      expect(headers?.traceparent).toContain(trace.split("-")[1]);
    }
  });

  it("codes of refusals survive: who is not known, who may not, who has asked too much", async () => {
    const document = "{ employees(first: 1) { name accounts { displayName email } } }";
    const unknown = await ask(document, { authorization: "Bearer nobody" });
    expect(unknown.data.employees).toEqual([{ name: "Person 1", accounts: [{ displayName: null, email: null }] }]);
    expect(codes(unknown)).toEqual(["UNAUTHENTICATED"]);

    const portal = await ask(document, callers.headersOf("portal"));
    expect(portal.data.employees).toEqual([{ name: "Person 1", accounts: [{ displayName: "Human 1", email: null }] }]);
    expect(portal.errors).toEqual([
      expect.objectContaining({
        path: ["employees", 0, "accounts", 0, "email"],
        extensions: expect.objectContaining({ code: "FORBIDDEN", scope: "read:personal" }),
      }),
    ]);

    const hasty = callers.headersOf(hastyBehind(name));
    await ask(document, hasty);
    const refused = await ask(document, hasty);
    expect(codes(refused)).toEqual(["CALLER_OVER_BUDGET"]);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ budget: "cost", retryAfterMs: expect.any(Number) });
    expect(JSON.stringify(refused.errors)).not.toContain("127.0.0.1");
  });

  it("a mutation is sent once, also where no answer came, and a query once more at most", async () => {
    await using lost = await startLoser();
    const gateway = await startGateway(name, supergraph.supergraphSdl.replaceAll(supergraph.tickets.url, lost.url));
    try {
      const mutation = await gateway.ask('mutation { closeAccessRequest(number: "4711", state: OPEN) { state } }');
      expect(mutation.data?.closeAccessRequest ?? null).toBeNull();
      expect(mutation.errors).toHaveLength(1);
      expect(lost.count()).toBe(1);
      await gateway.ask("{ accessRequests { number } }");
      expect(lost.count()).toBe(1 + (name === "Hive Gateway" ? 2 : 1));
    } finally {
      await gateway.stop();
    }
  });
});

function codes({ errors = [] }: GraphAnswer): unknown[] {
  return errors.map(({ extensions }) => extensions.code);
}

/** A subgraph that takes every request and then loses the connection. */
async function startLoser() {
  let requests = 0;
  const server = createServer((request) => {
    requests += 1;
    request.resume().once("end", () => request.socket.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    count: () => requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
