import { Refusal } from "../../http/Refusal.js";

/** A boolean parameter, false when absent or without a value. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "" || text === "false") return false;
  if (text === "true") return true;
  throw new Refusal(400, `${name} must be true or false, but was '${text}'.`);
}
