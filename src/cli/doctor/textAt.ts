/** A field of an answer as text; `null` when it is not there or empty. */
export function textAt(body: unknown, name: string): string | null {
  if (typeof body !== "object" || body === null || !(name in body)) return null;
  const value: unknown = (body as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;
}
