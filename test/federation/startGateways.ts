import { composeServices } from "@apollo/composition";
import { parse } from "graphql";
import { expect } from "vitest";
import { startApolloGateway } from "../../examples/gateway/startApolloGateway.js";
import { startHiveGateway } from "../../examples/gateway/startHiveGateway.js";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";

/** A gateway, asked by HTTP as its clients ask it. */
export interface Gateway {
  ask(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<GraphAnswer>;
  stop(): Promise<void>;
}

export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** What was composed of which schemas. Composing is most of what a gateway costs here, and only the addresses differ. */
const known = new Map<string, string>();

/** The supergraph, by Apollo's composition, which must have nothing to say about it. */
export function composeWithoutHints(subgraphs: readonly Subgraph[]): string {
  const schemas = JSON.stringify(subgraphs.map(({ name, sdl }) => [name, sdl]));
  const placeOf = (name: string) => `http://${name}.invalid/`;
  const template = known.get(schemas) ?? compose(subgraphs.map((each) => ({ ...each, url: placeOf(each.name) })));
  known.set(schemas, template);
  return subgraphs.reduce((text, { name, url }) => text.replaceAll(placeOf(name), url), template);
}

function compose(subgraphs: readonly Subgraph[]): string {
  const composed = composeServices(subgraphs.map(({ sdl, ...rest }) => ({ ...rest, typeDefs: parse(sdl) })));
  expect(composed.errors ?? []).toEqual([]);
  expect(composed.hints?.map(({ message }) => message)).toEqual([]);
  return composed.supergraphSdl ?? "";
}

/** The gateways that the graph is tried behind, each by its name: those of `examples/gateway`. */
export const gateways = { "Apollo Gateway": startApolloGateway, "Hive Gateway": startHiveGateway } as const;

export type GatewayName = keyof typeof gateways;

export const gatewayNames: readonly GatewayName[] = ["Apollo Gateway", "Hive Gateway"];

export async function startGateway(name: GatewayName, supergraphSdl: string): Promise<Gateway> {
  const { url, stop } = await gateways[name]({ supergraphSdl, port: 0 });
  return { ask: (query, variables, headers) => sendQuery(url, query, variables, headers), stop };
}
