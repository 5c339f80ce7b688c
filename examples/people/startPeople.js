// @ts-check
import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";

/**
 * @typedef {{ siteId: string, accountId: string }} AccountKey
 * @typedef {{ employeeNumber: string, name: string, department: string, leftOn: string | null,
 *   emails: readonly string[], accounts: readonly AccountKey[] }} Employee
 */

/** What the subgraph publishes. */
export const peopleSdl = readFileSync(new URL("people.graphql", import.meta.url), "utf8");

/**
 * Serves people. Each reference is answered from what is in memory: a lookup in a database would be batched here.
 *
 * @param {{ employees: readonly Employee[], port: number }} options
 */
export async function startPeople({ employees, port }) {
  const byNumber = new Map(employees.map((employee) => [employee.employeeNumber, employee]));
  const byEmail = new Map(employees.flatMap((employee) => employee.emails.map((email) => [spelled(email), employee])));
  const byAccount = new Map(
    employees.flatMap((employee) => employee.accounts.map((account) => [nameOf(account), employee])),
  );
  const schema = buildSubgraphSchema({
    typeDefs: parse(peopleSdl),
    resolvers: {
      Query: {
        employees: (/** @type {unknown} */ _, /** @type {{ first?: number | null }} */ { first }) =>
          employees.slice(0, first ?? undefined),
        employee: (/** @type {unknown} */ _, /** @type {{ employeeNumber: string }} */ { employeeNumber }) =>
          byNumber.get(employeeNumber) ?? null,
      },
      Employee: {
        __resolveReference: (/** @type {Employee} */ { employeeNumber }) => byNumber.get(employeeNumber) ?? null,
        identities: (/** @type {Employee} */ { emails }) => emails.map((email) => ({ email })),
      },
      Identity: {
        __resolveReference: (/** @type {{ email: string }} */ { email }) => ({ email }),
        employee: (/** @type {{ email: string | null }} */ { email }) =>
          email === null ? null : (byEmail.get(spelled(email)) ?? null),
      },
      Account: {
        __resolveReference: (/** @type {AccountKey} */ { siteId, accountId }) => ({ siteId, accountId }),
        employee: (/** @type {AccountKey} */ account) => byAccount.get(nameOf(account)) ?? null,
      },
    },
  });
  const server = new ApolloServer({
    schema,
    plugins: [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  const { url } = await startStandaloneServer(server, { listen: { port, host: "127.0.0.1" } });
  return { url, stop: () => server.stop() };
}

/** @param {string} email */
function spelled(email) {
  return email.trim().toLowerCase();
}

/** @param {AccountKey} account */
function nameOf({ siteId, accountId }) {
  return JSON.stringify([siteId, accountId]);
}
