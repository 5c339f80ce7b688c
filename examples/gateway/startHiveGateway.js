// @ts-check
import { once } from "node:events";
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { headersToPassOn, subgraphTimeoutMs } from "./headers.js";

/**
 * Hive Gateway over a composed supergraph. The object is what its command takes from `defineConfig` as well.
 *
 * @param {{ supergraphSdl: string, port: number }} options
 */
export async function startHiveGateway({ supergraphSdl, port }) {
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    // Its query planner. The older stitching drops an error that stands beside data.
    unifiedGraphHandler,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => headersToPassOn((name) => request.headers.get(name)),
    },
    upstreamTimeout: subgraphTimeoutMs,
    // A query whose subgraph was out of reach may be asked again. A mutation never is: whether it was carried out is not known. Nor is
    // what was refused for its amount (429), or the client would be kept waiting until its budget has filled up.
    upstreamRetry: ({ executionRequest }) =>
      executionRequest.operationType === "query"
        ? {
            ...{ maxRetries: 1, retryDelay: 100 },
            shouldRetry: ({ response }) => response === undefined || response.status >= 502,
          }
        : undefined,
    logging: false,
    graphiql: false,
    landingPage: false,
  });
  const server = createServer(runtime);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}/graphql`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}
