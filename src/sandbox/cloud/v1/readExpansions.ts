/** What of a user can be expanded. */
export type UserExpansion = "operations" | "personalSpace" | "isExternalCollaborator";

const known: readonly UserExpansion[] = ["operations", "personalSpace", "isExternalCollaborator"];

/** The comma list `expand`. Names that nobody knows are passed over: a 400 for them is documented nowhere, and clients send some. */
export function readExpansions(query: URLSearchParams): ReadonlySet<UserExpansion> {
  const names = new Set(query.getAll("expand").flatMap((text) => text.split(",").map((name) => name.trim())));
  return new Set(known.filter((name) => names.has(name)));
}
