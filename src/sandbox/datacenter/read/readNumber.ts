import { Refusal } from "../../http/Refusal.js";

/** A whole number of the query that is not negative. One that no number can hold is the largest that can. */
export function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d+$/.test(text)) throw new Refusal(400, `${name} must be a whole number that is not negative: ${text}`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}
