import { Refusal } from "../../http/Refusal.js";

/** A query parameter that must be there and not be empty. */
export function readRequired(query: URLSearchParams, name: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw new Refusal(400, `The query parameter '${name}' is missing.`);
  return value;
}
