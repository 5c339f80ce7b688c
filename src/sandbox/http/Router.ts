import { Refusal } from "./Refusal.js";

/** A route that matched, with its decoded path parameters. */
export interface Routed<H> {
  readonly handler: H;
  readonly params: Readonly<Record<string, string>>;
}

interface Route<H> {
  readonly segments: readonly string[];
  readonly handler: H;
}

/** Finds the handler of a method and a path. Patterns are literal segments and `{name}` segments; the first added wins. */
export class Router<H> {
  readonly #routes = new Map<string, Route<H>[]>();
  /** Calls that the real API has and the sandbox does not. */
  readonly #elsewhere: { readonly method: string; readonly segments: readonly string[] }[] = [];

  /** `elsewhere` are calls, such as `POST /wiki/api/v2/spaces`, of which 405 would be false. */
  constructor(elsewhere: readonly string[] = []) {
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
    routes.push({ segments, handler });
    this.#routes.set(key, routes);
  }

  /** `path` as sent; null when nothing matches. A broken percent-encoding in a parameter is a 400. */
  find(method: string, path: string): Routed<H> | null {
    const segments = path.split("/");
    for (const route of this.#routes.get(`${method} ${segments.length}`) ?? []) {
      if (matches(route.segments, segments))
        return { handler: route.handler, params: params(route.segments, segments) };
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
