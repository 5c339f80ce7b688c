// @ts-check
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { GraphQLError } from "graphql";
import { headersToPassOn, subgraphTimeoutMs } from "./headers.js";

/** @typedef {{ read?: (name: string) => string | undefined }} Context */

/**
 * How one subgraph is asked. Nothing is asked twice: this gateway repeats neither queries nor mutations.
 *
 * @param {string} url
 * @returns {RemoteGraphQLDataSource<Context>}
 */
function subgraphAt(url) {
  return new RemoteGraphQLDataSource({
    url,
    fetcher: (address, { method, headers, body } = {}) =>
      fetch(address, {
        ...{ method: method ?? "POST", headers: headers ?? {}, body: String(body) },
        signal: AbortSignal.timeout(subgraphTimeoutMs),
      }),
    willSendRequest({ request, context }) {
      const { read } = /** @type {Context} */ (context);
      // There is no client where the gateway asks for itself.
      if (read === undefined) return;
      for (const [name, value] of Object.entries(headersToPassOn(read))) request.http?.headers.set(name, value);
    },
    // A request that a subgraph refuses as a whole (401, 429, 503) has its code in the body. The gateway's own error would have none,
    // or another, and the subgraph's address in it.
    async errorFromResponse(response) {
      const body = await response.text();
      const error = firstErrorOf(body);
      return error === undefined
        ? new GraphQLError(`A subgraph answered ${response.status}.`, { extensions: { code: "SUBGRAPH_FAILED" } })
        : new GraphQLError(error.message, { extensions: error.extensions });
    },
  });
}

/**
 * @param {string} body
 * @returns {{ message: string, extensions: Record<string, unknown> } | undefined}
 */
function firstErrorOf(body) {
  try {
    return JSON.parse(body).errors[0];
  } catch {
    return undefined;
  }
}

/**
 * Apollo's gateway over a composed supergraph.
 *
 * @param {{ supergraphSdl: string, port: number }} options
 */
export async function startApolloGateway({ supergraphSdl, port }) {
  // Without it the gateway tells its maker how it is used, and asks the network which cloud it is in.
  process.env.APOLLO_TELEMETRY_DISABLED ??= "true";
  const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ url = "" }) => subgraphAt(url) });
  const server = new ApolloServer({ gateway, plugins: [ApolloServerPluginLandingPageDisabled()] });
  const { url } = await startStandaloneServer(server, {
    listen: { port, host: "127.0.0.1" },
    context: async ({ req }) => ({ read: (/** @type {string} */ name) => req.headers[name]?.toString() }),
  });
  return { url, stop: () => server.stop() };
}
