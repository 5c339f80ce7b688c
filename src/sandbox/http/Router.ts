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
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, at) => (part.startsWith("{") ? segments[at] !== "" : part === segments[at]));
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
