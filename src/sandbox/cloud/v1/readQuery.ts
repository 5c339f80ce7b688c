import { Refusal } from "../../http/Refusal.js";

/** A query parameter that must be there and not be empty. */
export function readRequired(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw new Refusal(400, `The query parameter '${name}' is missing.`);
  return value;
}

/** `start` or `limit` of a v1 list: a whole number that is not negative. Without a value it is absent: released clients send `start=`. */
export function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d{1,9}$/.test(text)) {
    throw new Refusal(400, `${name} must be a whole number that is not negative, but was '${text}'.`);
  }
  return Number(text);
}

/** What of a user can be expanded. */
export type UserExpansion = "operations" | "personalSpace" | "isExternalCollaborator";

const known: readonly UserExpansion[] = ["operations", "personalSpace", "isExternalCollaborator"];

/** The comma list `expand`. Names that nobody knows are passed over: a 400 for them is documented nowhere, and clients send some. */
export function readExpansions(query: URLSearchParams): ReadonlySet<UserExpansion> {
  const names = new Set(query.getAll("expand").flatMap((text) => text.split(",").map((name) => name.trim())));
  return new Set(known.filter((name) => names.has(name)));
}
