import { Refusal } from "../../http/Refusal.js";
import { limits } from "../../limits.js";

/** `limit` of a v2 list: 1 to 250, anything else is a 400. Without a value it is absent. */
export function readLimit(query: URLSearchParams): number {
  const text = query.get("limit");
  if (text === null || text === "") return limits.v2DefaultLimit;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limits.v2MaxLimit) {
    throw new Refusal(400, `limit must be a whole number from 1 to ${limits.v2MaxLimit}, but was '${text}'.`);
  }
  return limit;
}

/** A boolean parameter, false when absent or without a value. */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text === null || text === "" || text === "false") return false;
  if (text === "true") return true;
  throw new Refusal(400, `${name} must be true or false, but was '${text}'.`);
}

/** A parameter with a closed set of values; undefined when absent or without a value. */
export function readChoice<const T extends string>(
  query: URLSearchParams,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const found = allowed.find((candidate) => candidate === text);
  if (found === undefined) throw new Refusal(400, `${name} must be one of ${allowed.join(", ")}, but was '${text}'.`);
  return found;
}
