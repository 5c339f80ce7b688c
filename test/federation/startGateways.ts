import { composeServices } from "@apollo/composition";
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { parse } from "graphql";
import { expect } from "vitest";
import type { GraphAnswer } from "../support/sendQuery.js";
import { hrSdl } from "./startHrSubgraph.js";

/** A gateway over this subgraph and HR's, asked as its clients ask it. */
export interface Gateway {
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphAnswer>;
  stop(): Promise<void>;
}

/** The supergraph of our SDL, as the server publishes it, and HR's. */
export function composeSupergraph(confluence: { sdl: string; url: string }, hrUrl: string): string {
  const composed = composeServices([
    { name: "confluence", url: confluence.url, typeDefs: parse(confluence.sdl) },
    { name: "hr", url: hrUrl, typeDefs: parse(hrSdl) },
  ]);
  expect(composed.errors ?? []).toEqual([]);
  expect(composed.hints?.map(({ message }) => message)).toEqual([]);
  return composed.supergraphSdl ?? "";
}

/** The gateways that the graph is tried behind, each by its name. */
export const gateways: Readonly<Record<string, (supergraphSdl: string) => Promise<Gateway>>> = {
  "Apollo Gateway": async (supergraphSdl) => {
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl, logger: quiet }), logger: quiet });
    await server.start();
    return {
      ask: async (query, variables = {}) => {
        const { body } = await server.executeOperation({ query, variables });
        if (body.kind !== "single") throw new Error("an incremental answer was not asked for");
        return JSON.parse(JSON.stringify(body.singleResult)) as GraphAnswer;
      },
      stop: () => server.stop(),
    };
  },
  "Hive Gateway": async (supergraphSdl) => {
    const runtime = createGatewayRuntime({
      supergraph: supergraphSdl,
      logging: false,
      maskedErrors: false,
      unifiedGraphHandler,
    });
    return {
      ask: async (query, variables = {}) => {
        const response = await runtime.fetch("http://gateway/graphql", {
          method: "POST",
          headers: { "content-type": "application/json", accept: "application/json" },
          body: JSON.stringify({ query, variables }),
        });
        return (await response.json()) as GraphAnswer;
      },
      stop: async () => runtime[Symbol.asyncDispose](),
    };
  },
};
