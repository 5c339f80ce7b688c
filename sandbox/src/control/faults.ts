import { validateHeaderName, validateHeaderValue } from "node:http";
import { isObject } from "../http/service.js";
import { Random } from "../world/generation/random.js";

/**
 * Something that is to go wrong, as `POST /__sandbox/faults` takes it.
 *
 * `match` is `METHOD /path` or `METHOD /path?name=value&…`:
 * - METHOD is a method, or `*` for any;
 * - the path must match whole: `GET /wiki/api/v2/spaces` matches `/wiki/api/v2/spaces?limit=250`, but not
 *   `/wiki/api/v2/spaces/1/permissions`. `*` stands for any characters within a segment, `**` for any across segments;
 * - without a `?` the query does not matter; with one, each parameter named must be among the request's, with that value
 *   (`*` is a wildcard here too), and others may be there as well;
 * - the path may leave out the gateway's prefix `/ex/confluence/{cloudId}` and the context path of Data Center: a fault that
 *   does acts with and without them. One that has them acts only on requests that do.
 *
 * Of several faults that match, the one posted first acts.
 *
 * With `status`, `body` or `reset` the request is not carried out and gets the fault's answer; `after: true` carries it out
 * first and then loses its answer, which is how a write succeeds unseen. A fault with none of the three lets the request
 * through and only delays it or adds headers.
 */
export interface Fault {
  readonly match: string;
  /** How often it acts; -1 for good. */
  readonly times: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. Without one, a status is sent with the API's own kind of error. */
  readonly body?: unknown;
  /** Waits so long before the answer. */
  readonly delayMs?: number;
  /** Cuts the connection instead of answering. */
  readonly reset?: boolean;
  readonly after?: boolean;
  /** Chance that it acts on a request it matches, 0 to 1; the same sequence for every run. */
  readonly probability?: number;
}

/** Whether it keeps the request's own answer from being sent. */
export function replaces(fault: { readonly [key in "reset" | "status" | "body"]?: unknown }): boolean {
  return fault.reset === true || fault.status !== undefined || "body" in fault;
}

interface Given {
  readonly fault: Fault;
  readonly matches: RequestMatcher;
  /** -1 for good. */
  left: number;
  /** Requests that it acted on, or would have but for its chance. */
  hits: number;
}

/** A fault that is still to act: `times` is counted down, `hits` up. */
interface ArmedFault extends Fault {
  readonly hits: number;
}

/**
 * The faults that are still to act, and which of those given never had anything to act on: a misspelt path, a call that is no
 * longer made, or another fault before it.
 */
export class FaultBook {
  #armed: Given[] = [];
  #unhit = new Set<Given>();
  #random = new Random("faults");

  add(faults: readonly Fault[]): void {
    for (const fault of faults) {
      const matches = compileMatch(fault.match);
      if (matches === null) continue;
      const given = { fault, matches, left: fault.times, hits: 0 };
      this.#armed.push(given);
      this.#unhit.add(given);
    }
  }

  /** Takes the fault that acts on a request, if any. `paths` are the spellings of its path; one that matches is enough. */
  take(method: string, paths: readonly string[], query: URLSearchParams): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const found = this.#armed.find((given) => {
      if (!paths.some((path) => given.matches(method, path, query))) return false;
      given.hits += 1;
      this.#unhit.delete(given);
      return given.fault.probability === undefined || this.#random.next() < given.fault.probability;
    });
    if (found === undefined) return undefined;
    if (found.left > 0) {
      found.left -= 1;
      if (found.left === 0) this.#armed = this.#armed.filter((armed) => armed !== found);
    }
    return found.fault;
  }

  /** What is left. */
  list(): readonly ArmedFault[] {
    return this.#armed.map(({ fault, left, hits }) => ({ ...fault, times: left, hits }));
  }

  /** As they were given, those withdrawn among them: nothing came that they could act on. */
  neverHit(): readonly Fault[] {
    return [...this.#unhit].map(({ fault }) => fault);
  }

  /** Nothing fails any more. What never acted is still told. */
  withdraw(): void {
    this.#armed = [];
    this.#random = new Random("faults");
  }

  /** As new. */
  reset(): void {
    this.withdraw();
    this.#unhit.clear();
  }
}

/** Whether a request is meant. `path` is as sent, whole or without what only addresses the service. */
type RequestMatcher = (method: string, path: string, query: URLSearchParams) => boolean;

const shape = /^(\*|[A-Z]+) (\/[^\s?]*)(?:\?(\S+))?$/;

/** Compiles the `match` of a fault; null when it is malformed. `Fault` says what it means. */
function compileMatch(match: string): RequestMatcher | null {
  const parts = shape.exec(match);
  if (parts === null) return null;
  const [, method = "", path = "", query] = parts;
  const pathPattern = wildcard(path, "[^/]*");
  const wanted = [...new URLSearchParams(query ?? "")].map(([name, value]) => ({ name, value: wildcard(value, ".*") }));
  return (requestMethod, requestPath, requestQuery) =>
    (method === "*" || method === requestMethod) &&
    (pathPattern.test(requestPath) || pathPattern.test(decoded(requestPath))) &&
    wanted.every(({ name, value }) => requestQuery.getAll(name).some((given) => value.test(given)));
}

function wildcard(text: string, single: string): RegExp {
  const pattern = text
    .split(/(\*+)/)
    .map((part) => (part === "*" ? single : part.startsWith("*") ? ".*" : part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&")))
    .join("");
  return new RegExp(`^${pattern}$`, "s");
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The faults of a body, or what is wrong with it: one line a fault, each beginning with its path. */
type ParsedFaults =
  | { readonly faults: readonly Fault[]; readonly problems: readonly [] }
  | { readonly faults: readonly []; readonly problems: readonly string[] };

type Json = Readonly<Record<string, unknown>>;

/** What each key must be; a check answers what is wrong, or undefined. */
const checks: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  match: (value) =>
    typeof value === "string" && compileMatch(value) !== null
      ? undefined
      : "must look like 'GET /wiki/api/v2/spaces' (a method or *, one space, a path, an optional query)",
  times: (value) =>
    value === "always" || (Number.isSafeInteger(value) && (Number(value) >= 1 || value === -1))
      ? undefined
      : 'must be a whole number of at least 1, or -1 or "always" for good',
  status: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 200 && Number(value) <= 599
      ? undefined
      : "must be an HTTP status from 200 to 599",
  headers: checkHeaders,
  body: () => undefined,
  delayMs: (value) =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 600_000
      ? undefined
      : "must be whole milliseconds from 0 to 600000",
  reset: checkBoolean,
  after: checkBoolean,
  probability: (value) =>
    typeof value === "number" && value >= 0 && value <= 1 ? undefined : "must be a number from 0 to 1",
};

/** Checks the body of `POST /__sandbox/faults`, every entry and every key of it. */
export function parseFaults(json: unknown): ParsedFaults {
  if (!Array.isArray(json)) return { faults: [], problems: ["the body: must be a list of faults"] };
  const problems = json.flatMap((entry: unknown, at) => problemsOf(entry, `[${at}]`));
  if (problems.length > 0) return { faults: [], problems };
  return { faults: json.map((entry: unknown) => normalized(isObject(entry) ? entry : {})), problems: [] };
}

function problemsOf(entry: unknown, path: string): readonly string[] {
  if (!isObject(entry)) return [`${path}: must be an object`];
  const problems: string[] = [];
  if (!Object.hasOwn(entry, "match")) problems.push(`${path}.match: missing`);
  for (const [key, value] of Object.entries(entry)) {
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    const problem = check === undefined ? "unknown key" : check(value);
    if (problem !== undefined) problems.push(`${path}.${key}: ${problem}`);
  }
  const acts = ["status", "body", "reset", "delayMs", "headers"].some((key) => Object.hasOwn(entry, key));
  if (!acts) problems.push(`${path}: does nothing; give status, body, reset, delayMs or headers`);
  if (entry.reset === true && (Object.hasOwn(entry, "status") || Object.hasOwn(entry, "body"))) {
    problems.push(`${path}.reset: a connection that is cut carries neither status nor body`);
  }
  if (entry.after === true && !replaces(entry)) problems.push(`${path}.after: needs reset, status or body`);
  return problems;
}

function normalized(entry: Json): Fault {
  const { times, ...rest } = entry;
  return { ...(rest as Omit<Fault, "times">), times: times === "always" ? -1 : typeof times === "number" ? times : 1 };
}

function checkBoolean(value: unknown): string | undefined {
  return typeof value === "boolean" ? undefined : "must be true or false";
}

function checkHeaders(value: unknown): string | undefined {
  if (!isObject(value)) return "must be an object of texts";
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== "string") return `'${name}' must be a text`;
    try {
      validateHeaderName(name);
      validateHeaderValue(name, text);
    } catch {
      return `'${name}' is not a header that can be sent`;
    }
  }
  return undefined;
}
