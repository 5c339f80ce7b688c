import { Refusal } from "../../http/Refusal.js";

/** `start` or `limit` of a v1 list: a whole number that is not negative. Without a value it is absent: released clients send `start=`. */
export function readNumber(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^\d{1,9}$/.test(text)) {
    throw new Refusal(400, `${name} must be a whole number that is not negative, but was '${text}'.`);
  }
  return Number(text);
}
