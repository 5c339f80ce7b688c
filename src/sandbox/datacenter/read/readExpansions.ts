/** What `expand` names, commas or repetitions alike. */
export function readExpansions(query: URLSearchParams): ReadonlySet<string> {
  const names = query.getAll("expand").flatMap((text) => text.split(","));
  return new Set(names.map((name) => name.trim()).filter((name) => name !== ""));
}
