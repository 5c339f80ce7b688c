/** Error bodies are flat; one that is nested deeper says nothing to a person, and may be meant to exhaust the stack. */
const maxDepth = 4;

/**
 * The sentence a person can use in an error body of the common shapes: a text, `message`, `detail`, `title`,
 * `error_description`, `error`, or the first of `errors` or `errorMessages`. `null` where there is none.
 */
export function describeErrorBody(body: unknown, depth = 0): string | null {
  if (depth > maxDepth) return null;
  if (typeof body === "string") return body.trim() === "" ? null : body;
  if (Array.isArray(body)) return body.length === 0 ? null : describeErrorBody(body[0], depth + 1);
  if (typeof body !== "object" || body === null) return null;
  const fields = new Map<string, unknown>(Object.entries(body));
  const named = ["errors", "errorMessages", "message", "detail", "title", "error_description", "error"];
  for (const name of named) {
    const sentence = describeErrorBody(fields.get(name), depth + 1);
    if (sentence !== null) return sentence;
  }
  return null;
}
