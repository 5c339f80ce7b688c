import diagnostics from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { type Employee, peopleSdl, startPeople } from "../../examples/people/startPeople.js";
import { type AccessRequest, startTickets, ticketsSdl } from "../../examples/tickets/startTickets.js";
import { composeWithoutHints, type Gateway, gatewayNames, startGateway } from "./startGateways.js";

export interface SupergraphOptions {
  /** Where this subgraph is, and what it asks its callers for. */
  readonly confluence: { readonly url: string; readonly sdl: string };
  readonly employees?: readonly Employee[];
  readonly accessRequests?: readonly AccessRequest[];
}

type SubgraphName = "confluence" | "people" | "tickets";

/** This subgraph, `examples/people` and `examples/tickets` behind every gateway there is. */
export async function startSupergraph({ confluence, employees = [], accessRequests = [] }: SupergraphOptions) {
  const people = await startPeople({ employees, port: 0 });
  const tickets = await startTickets({ accessRequests, port: 0 });
  const subgraphs = [
    { name: "confluence", ...confluence },
    { name: "people", url: people.url, sdl: peopleSdl },
    { name: "tickets", url: tickets.url, sdl: ticketsSdl },
  ];
  const supergraphSdl = composeWithoutHints(subgraphs);
  const started = new Map<string, Gateway>();
  for (const name of gatewayNames) started.set(name, await startGateway(name, supergraphSdl));
  const requests = recordRequests(subgraphs);
  return {
    people,
    tickets,
    supergraphSdl,
    behind: (name: string): Gateway => {
      const gateway = started.get(name);
      if (gateway === undefined) throw new Error(`no gateway ${name}`);
      return gateway;
    },
    /** The headers of each request that a subgraph was sent since the last `forget`. */
    requestsTo: (name: SubgraphName) => requests.sent.get(name) ?? [],
    forget: () => requests.sent.clear(),
    stop: async () => {
      requests.stop();
      for (const gateway of started.values()) await gateway.stop();
      await people.stop();
      await tickets.stop();
    },
  };
}

/** Node tells of every request that any server of this process is sent: counted there, nothing stands in between. */
function recordRequests(subgraphs: readonly { readonly name: string; readonly url: string }[]) {
  const nameOf = new Map(subgraphs.map(({ name, url }) => [Number(new URL(url).port), name]));
  const sent = new Map<string, IncomingMessage["headers"][]>();
  const hear = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage };
    const name = nameOf.get(request.socket.localPort ?? 0);
    if (name !== undefined) sent.set(name, [...(sent.get(name) ?? []), request.headers]);
  };
  diagnostics.subscribe("http.server.request.start", hear);
  return { sent, stop: () => diagnostics.unsubscribe("http.server.request.start", hear) };
}
