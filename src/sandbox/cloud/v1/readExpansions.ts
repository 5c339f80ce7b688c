import { Refusal } from "../../http/Refusal.js";

/** What of a user can be expanded. */
export type UserExpansion = "operations" | "personalSpace" | "isExternalCollaborator";

const known: readonly UserExpansion[] = ["operations", "personalSpace", "isExternalCollaborator"];

/** The comma list `expand`; a value outside the documented ones is a 400. */
export function readExpansions(query: URLSearchParams): ReadonlySet<UserExpansion> {
  const names = query
    .getAll("expand")
    .flatMap((text) => text.split(","))
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return new Set(
    names.map((name) => {
      const found = known.find((candidate) => candidate === name);
      if (found === undefined) throw new Refusal(400, `expand takes ${known.join(", ")}, but was '${name}'.`);
      return found;
    }),
  );
}
