import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/**
 * One emulated API: Confluence Cloud, the token endpoint, the organization's admin API, SCIM or, on an address of its own,
 * Data Center. Services of one address share it and its rate, and all share the journal and the faults; each owns its paths, its
 * credentials and the shape of its errors.
 */
export interface Service {
  /** True for every path of this API, emulated or not. The first service that says so answers. */
  owns(path: string): boolean;
  /**
   * The path that faults are matched against, beside the whole one: `path` without what only addresses the service (the gateway's
   * prefix, the context path).
   */
  localPath(path: string): string;
  answer(request: SandboxRequest): Reply;
  /** An error in the shape that this API gives to such a request, for faults and for the rate limit. */
  error(request: SandboxRequest, status: number, message: string): Reply;
}

/** What answers on one of the sandbox's addresses, and how much of it. */
export interface Side {
  readonly services: readonly Service[];
  readonly rate: RateLimit;
}

/** One request, read whole. */
export interface SandboxRequest {
  readonly method: string;
  /** The path as sent, still encoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The raw body; null when it was larger than the sandbox takes. */
  readonly body: string | null;
}

/** What a route answers. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON; left out for an empty body. A string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that a route refuses. Its service turns it into the error body of its API. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    message: string,
    /** The `code` of a v2 error; chosen from the status when absent. */
    readonly code?: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Time, injected so that tests of lags and rates need not wait. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

/** The machine's own time. */
export const systemClock: SandboxClock = {
  now: () => Date.now(),
  sleep: async (durationMs) => {
    await wait(durationMs);
  },
};

/** What a rate limit says to one call. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  /** On every answer, refusals and others alike. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls and refuses those beyond the rate. */
export interface RateLimit {
  take(now: number, request: SandboxRequest): RateVerdict;
  /** The headers of an answer to a call that is not carried out, and so does not count. */
  tell(now: number, request: SandboxRequest): RateVerdict["headers"];
}

/** One call whose credential was accepted, as the handlers of every API see it; each API adds what it has. */
export interface Call {
  /** As the API's own document has it, without what only addresses the service. */
  readonly path: string;
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly now: number;
  /** The JSON body. Refuses with 400 or 415 when there is none. */
  json(): unknown;
}

/** Handlers by `METHOD /path/{parameter}`. Each throws `Refusal` for what it refuses. */
export type Routes<C extends Call> = Readonly<Record<string, (call: C) => Reply>>;

/** A call for a route that matched; a body that is too large is refused before the route looks at anything. */
export function callFor(request: SandboxRequest, { params }: Routed<unknown>, path: string, now: number): Call {
  if (request.body === null) throw new Refusal(413, "The request body is larger than 5 MB.");
  return { path, params, query: request.query, now, json: () => readJson(request) };
}

/** Answers, and what is refused meanwhile becomes an error as the API words it. */
export function answerOrRefuse(answer: () => Reply, word: (refusal: Refusal) => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return word(error);
  }
}

/** What answers GET answers HEAD, and the server leaves the body out. */
export function methodOf({ method }: SandboxRequest): string {
  return method === "HEAD" ? "GET" : method;
}

/** A 501 that names the call, so that it never looks like a missing object. */
export function refuseToEmulate({ method, path }: SandboxRequest): Refusal {
  return new Refusal(501, `The sandbox does not emulate ${method} ${path}.`);
}

/** A route that matched, with its decoded path parameters. */
interface Routed<H> {
  /** Such as `GET /wiki/api/v2/spaces/{id}`. */
  readonly call: string;
  readonly handler: H;
  readonly params: Readonly<Record<string, string>>;
}

interface Route<H> {
  readonly call: string;
  readonly segments: readonly string[];
  readonly handler: H;
}

/** Finds the handler of a method and a path. Patterns are literal segments and `{name}` segments; the first added wins. */
export class Router<H> {
  readonly #routes = new Map<string, Route<H>[]>();
  /** Calls that the real API has and the sandbox does not. */
  readonly #elsewhere: { readonly method: string; readonly segments: readonly string[] }[] = [];

  /** `elsewhere` are calls, such as `POST /wiki/api/v2/spaces`, of which 405 would be false. */
  constructor(routes: Readonly<Record<string, H>> = {}, elsewhere: readonly string[] = []) {
    for (const [call, handler] of Object.entries(routes)) this.add(call, handler);
    for (const call of elsewhere) {
      const [method = "", pattern = ""] = call.split(" ");
      this.#elsewhere.push({ method, segments: pattern.split("/") });
    }
  }

  add(call: string, handler: H): void {
    const [method = "", pattern = ""] = call.split(" ");
    const segments = pattern.split("/");
    const key = `${method} ${segments.length}`;
    const routes = this.#routes.get(key) ?? [];
    routes.push({ call, segments, handler });
    this.#routes.set(key, routes);
  }

  /** The route of a request, or the 405 to answer it with once its credential is known. A path that is not emulated throws. */
  route(request: SandboxRequest, path: string): Routed<H> | Refusal {
    const method = methodOf(request);
    const routed = this.find(method, path) ?? this.wrongMethod(method, path);
    if (routed === null) throw refuseToEmulate(request);
    return routed;
  }

  /** `path` as sent; null when nothing matches. A broken percent-encoding in a parameter is a 400. */
  find(method: string, path: string): Routed<H> | null {
    const segments = path.split("/");
    for (const route of this.#routes.get(`${method} ${segments.length}`) ?? []) {
      if (!matches(route.segments, segments)) continue;
      return { call: route.call, handler: route.handler, params: params(route.segments, segments) };
    }
    return null;
  }

  /**
   * What to answer where `find` finds nothing: 405 where the path is there for other methods, and those in `Allow`; null where the
   * path, or that method of it, is not emulated. `isThere` leaves out routes that this version of the API lacks.
   */
  wrongMethod(method: string, path: string, isThere: (handler: H) => boolean = () => true): Refusal | null {
    const segments = path.split("/");
    const emulated = [...this.#routes].flatMap(([key, routes]) =>
      routes.some((route) => matches(route.segments, segments) && isThere(route.handler))
        ? [key.split(" ")[0] ?? ""]
        : [],
    );
    const others = this.#elsewhere.filter((call) => matches(call.segments, segments)).map((call) => call.method);
    if (emulated.length === 0 || others.includes(method)) return null;
    const allowed = new Set([...emulated, ...others, ...(emulated.includes("GET") ? ["HEAD"] : [])]);
    return new Refusal(405, "HTTP 405 Method Not Allowed", undefined, { Allow: [...allowed].sort().join(", ") });
  }
}

function matches(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, at) => (part.startsWith("{") ? path[at] !== "" : part === path[at]));
}

function params(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  pattern.forEach((part, at) => {
    if (part.startsWith("{")) found[part.slice(1, -1)] = decode(segments[at] ?? "");
  });
  return found;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "The path is not correctly percent-encoded.");
  }
}

/** True for a JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a list of nothing but texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** The JSON body of a write. */
function readJson(request: SandboxRequest): unknown {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new Refusal(415, "Unsupported Media Type: send the body as application/json.");
  }
  try {
    return JSON.parse(request.body ?? "");
  } catch {
    throw new Refusal(400, "The request body is not valid JSON.");
  }
}
