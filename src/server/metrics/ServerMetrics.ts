import type { Caller } from "../../callers/Caller.js";
import { Counter, Distribution, durationBounds, type MetricFamily } from "../../observability/metrics/families.js";

/** What of one request is counted, once it is over. */
export interface EndedRequest {
  /** Where it went, of the few places that there are. */
  readonly route: string;
  /** `aborted`: its client went before the answer was out. */
  readonly status: number | "aborted";
  readonly seconds: number;
  /** Operations that were answered. */
  readonly queries: number;
  readonly mutations: number;
  readonly errorCodes: Iterable<string>;
  /** `null` where nobody knows who asked. */
  readonly caller: Caller | null;
}

/** What is refused below the framework: before there is a request, or before it has a route. */
export const connectionRefusals = [
  "MALFORMED_REQUEST",
  "HEADERS_TOO_LARGE",
  "REQUEST_TIMEOUT",
  "TOO_MANY_CONNECTIONS",
] as const;
export type ConnectionRefusal = (typeof connectionRefusals)[number];

type Kind = "query" | "mutation" | "none";

/** Places that are told apart; what is asked of any other is one. */
const routes: ReadonlySet<string> = new Set([
  "/graphql",
  "/graphiql",
  "/health",
  "/health/live",
  "/health/ready",
  "/metrics",
]);

export function routeOf(path: string): string {
  if (routes.has(path)) return path;
  return path.startsWith("/graphiql/") ? "/graphiql" : "other";
}

/** What the HTTP side did since it started: plain numbers, added to once a request and told when they are asked for. */
export class ServerMetrics {
  readonly #requests = new Counter(["route", "status"]);
  readonly #operations = { query: 0, mutation: 0 };
  readonly #durations = new Map<string, { readonly labels: Record<string, string>; readonly spread: Distribution }>();
  readonly #errors = new Counter(["code", "caller"]);
  readonly #refusals = new Map<ConnectionRefusal, number>(connectionRefusals.map((code) => [code, 0]));
  readonly #owed: () => number;

  /** @param owed how many answers are owed now. */
  constructor(owed: () => number) {
    this.#owed = owed;
  }

  ended({ route, status, seconds, queries, mutations, errorCodes, caller }: EndedRequest): void {
    this.#requests.add([route, String(status)]);
    this.#operations.query += queries;
    this.#operations.mutation += mutations;
    this.#spreadOf(route, mutations > 0 ? "mutation" : queries > 0 ? "query" : "none").observe(seconds);
    for (const code of errorCodes) this.#errors.add([code, callerLabel(caller)]);
  }

  /** What never became a request that is followed. */
  refusedBelow(code: ConnectionRefusal): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  families(): readonly MetricFamily[] {
    const durations = this.#durations;
    const refusals = this.#refusals;
    return [
      {
        name: "access_graph_requests_total",
        help: "HTTP requests by route and status; aborted where the client went before the answer was out.",
        type: "counter",
        samples: () => this.#requests.samples(),
      },
      {
        name: "access_graph_request_seconds",
        help: "From the first byte of a request to the last of its answer, by route and by what was asked.",
        type: "histogram",
        *samples() {
          for (const { labels, spread } of durations.values()) yield* spread.samples(labels);
        },
      },
      {
        name: "access_graph_requests_in_flight",
        help: "Requests whose answer is owed.",
        type: "gauge",
        samples: () => [{ labels: {}, value: this.#owed() }],
      },
      {
        name: "access_graph_operations_total",
        help: "GraphQL operations that were answered, by what they are.",
        type: "counter",
        samples: () =>
          (["query", "mutation"] as const).map((type) => ({ labels: { type }, value: this.#operations[type] })),
      },
      {
        name: "access_graph_request_errors_total",
        help: "Requests whose answer holds an error of this code, by caller; refusals of callers are among them.",
        type: "counter",
        samples: () => this.#errors.samples(),
      },
      {
        name: "access_graph_connection_refusals_total",
        help: "What was refused before it was a request: unreadable, too long, too slow, or one connection too many.",
        type: "counter",
        samples: () => [...refusals].map(([code, value]) => ({ labels: { code }, value })),
      },
    ];
  }

  #spreadOf(route: string, kind: Kind): Distribution {
    const key = route + kind;
    const known = this.#durations.get(key);
    if (known !== undefined) return known.spread;
    const made = { labels: { route, kind }, spread: new Distribution(durationBounds) };
    this.#durations.set(key, made);
    return made.spread;
  }
}

/** Who signs in with an identity provider is somebody, and their name no label. */
export function callerLabel(caller: Caller | null): string {
  if (caller === null) return "nobody";
  return caller.name.startsWith("jwt:") ? "jwt" : caller.name;
}
