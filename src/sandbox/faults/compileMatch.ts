/** Whether a request is meant. `path` is as sent, whole or without what only addresses the service. */
export type RequestMatcher = (method: string, path: string, query: URLSearchParams) => boolean;

const shape = /^(\*|[A-Z]+) (\/[^\s?]*)(?:\?(\S+))?$/;

/** Compiles the `match` of a fault; null when it is malformed. `Fault` says what it means. */
export function compileMatch(match: string): RequestMatcher | null {
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
