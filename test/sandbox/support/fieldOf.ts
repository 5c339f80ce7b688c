/** What stands at a dotted path of an answer: `fieldOf(body, "results.0.principal.id")`; undefined where nothing does. */
export function fieldOf(body: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      body,
    );
}
