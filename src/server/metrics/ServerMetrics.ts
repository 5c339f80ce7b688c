import type { Caller } from "../../callers/Caller.js";
import { Counter, Distribution, durationBounds, type MetricFamily } from "../../observability/metrics/families.js";
import { gauge } from "../../observability/metrics/processMetrics.js";

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

const kinds = ["query", "mutation", "none"] as const;
type Kind = (typeof kinds)[number];

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

interface ServerMetricsSources {
  /** How many answers are owed now. */
  readonly owed: () => number;
  /** The parsed documents that are kept. */
  readonly documents: () => { readonly entries: number; readonly bytes: number };
}

/** What the HTTP side did since it started: plain numbers, added to once a request and told when they are asked for. */
export class ServerMetrics {
  readonly #requests = new Counter(["route", "status"]);
  readonly #operations = { query: 0, mutation: 0 };
  readonly #durations: Readonly<Record<Kind, Map<string, Distribution>>> = {
    query: new Map(),
    mutation: new Map(),
    none: new Map(),
  };
  /** Of these there are few, and each request is one. */
  readonly #counts = new Map<string, Map<EndedRequest["status"], { count: number }>>();
  readonly #errors = new Counter(["code", "caller"]);
  readonly #refusals = new Map<ConnectionRefusal, number>(connectionRefusals.map((code) => [code, 0]));
  readonly #sources: ServerMetricsSources;

  constructor(sources: ServerMetricsSources) {
    this.#sources = sources;
  }

  ended({ route, status, seconds, queries, mutations, errorCodes, caller }: EndedRequest): void {
    this.#countOf(route, status).count += 1;
    this.#operations.query += queries;
    this.#operations.mutation += mutations;
    this.#spreadOf(mutations > 0 ? "mutation" : queries > 0 ? "query" : "none", route).observe(seconds);
    for (const code of errorCodes) this.#errors.add([code, callerLabel(caller)]);
  }

  /** What never became a request that is followed. */
  refusedBelow(code: ConnectionRefusal): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  families(): readonly MetricFamily[] {
    const durations = this.#durations;
    const refusals = this.#refusals;
    const { documents } = this.#sources;
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
          for (const kind of kinds) {
            for (const [route, spread] of durations[kind]) yield* spread.samples({ route, kind });
          }
        },
      },
      {
        name: "access_graph_requests_in_flight",
        help: "Requests whose answer is owed.",
        type: "gauge",
        samples: () => [{ labels: {}, value: this.#sources.owed() }],
      },
      gauge(
        "access_graph_documents_bytes",
        "Memory of parsed documents that are kept, estimated.",
        () => documents().bytes,
      ),
      gauge("access_graph_documents_entries", "Parsed documents that are kept.", () => documents().entries),
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

  #countOf(route: string, status: EndedRequest["status"]): { count: number } {
    let ofRoute = this.#counts.get(route);
    if (ofRoute === undefined) {
      ofRoute = new Map();
      this.#counts.set(route, ofRoute);
    }
    let count = ofRoute.get(status);
    if (count === undefined) {
      count = this.#requests.of([route, String(status)]);
      ofRoute.set(status, count);
    }
    return count;
  }

  #spreadOf(kind: Kind, route: string): Distribution {
    const known = this.#durations[kind].get(route);
    if (known !== undefined) return known;
    const made = new Distribution(durationBounds);
    this.#durations[kind].set(route, made);
    return made;
  }
}

/** Who signs in with an identity provider is somebody, and their name no label. */
export function callerLabel(caller: Caller | null): string {
  if (caller === null) return "nobody";
  return caller.name.startsWith("jwt:") ? "jwt" : caller.name;
}
