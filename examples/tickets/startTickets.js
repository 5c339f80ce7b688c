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
 * @typedef {{ siteId: string, key: string }} SpaceKey
 * @typedef {{ siteId: string, groupId: string }} GroupKey
 * @typedef {{ number: string, reason: string, state: string, requestedFor: AccountKey, space: SpaceKey | null,
 *   group: GroupKey | null }} AccessRequest
 */

/** What the subgraph publishes. */
export const ticketsSdl = readFileSync(new URL("tickets.graphql", import.meta.url), "utf8");

/**
 * Serves requests for access. They name accounts, spaces and groups by the keys that the access graph gives them, and know nothing else of
 * them.
 *
 * @param {{ accessRequests: readonly AccessRequest[], port: number }} options
 */
export async function startTickets({ accessRequests, port }) {
  const requests = new Map(accessRequests.map((request) => [request.number, { ...request }]));
  const all = () => [...requests.values()].reverse();
  const schema = buildSubgraphSchema({
    typeDefs: parse(ticketsSdl),
    resolvers: {
      Query: {
        accessRequests: (/** @type {unknown} */ _, /** @type {{ state?: string | null }} */ { state }) =>
          all().filter((request) => state == null || request.state === state),
        accessRequest: (/** @type {unknown} */ _, /** @type {{ number: string }} */ { number }) =>
          requests.get(number) ?? null,
      },
      Mutation: {
        closeAccessRequest: (
          /** @type {unknown} */ _,
          /** @type {{ number: string, state: string }} */ { number, state },
        ) => {
          const request = requests.get(number);
          return request === undefined ? null : Object.assign(request, { state });
        },
      },
      AccessRequest: {
        __resolveReference: (/** @type {AccessRequest} */ { number }) => requests.get(number) ?? null,
      },
      Account: {
        __resolveReference: (/** @type {AccountKey} */ { siteId, accountId }) => ({ siteId, accountId }),
        accessRequests: (/** @type {AccountKey} */ account) =>
          all().filter(({ requestedFor }) => isSame(requestedFor, account)),
      },
      Space: {
        __resolveReference: (/** @type {SpaceKey} */ { siteId, key }) => ({ siteId, key }),
        accessRequests: (/** @type {SpaceKey} */ asked) =>
          all().filter(({ space }) => space !== null && isSame(space, asked)),
      },
      Group: {
        __resolveReference: (/** @type {GroupKey} */ { siteId, groupId }) => ({ siteId, groupId }),
        accessRequests: (/** @type {GroupKey} */ asked) =>
          all().filter(({ group }) => group !== null && isSame(group, asked)),
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

/**
 * Whether two keys are of one thing.
 *
 * @param {Readonly<Record<string, string>>} one
 * @param {Readonly<Record<string, string>>} other
 */
function isSame(one, other) {
  return Object.entries(one).every(([field, value]) => other[field] === value);
}
