// @ts-check
import { once } from "node:events";
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { headersToPassOn, subgraphTimeoutMs } from "./headers.js";

/**
 * Hive Gateway over a composed supergraph. The object is what `defineConfig` of its command takes in `gateway.config.ts`.
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
    // A query may be asked again. A mutation never is: whether it was carried out is not known.
    upstreamRetry: ({ executionRequest }) =>
      executionRequest.operationType === "query" ? { maxRetries: 1, retryDelay: 100 } : undefined,
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
