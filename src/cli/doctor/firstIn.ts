/** The first row of a list's answer. */
export function firstIn(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("results" in body) || !Array.isArray(body.results)) return null;
  const [first]: unknown[] = body.results;
  return first;
}
