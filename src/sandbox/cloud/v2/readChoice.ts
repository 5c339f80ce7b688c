import { Refusal } from "../../http/Refusal.js";

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
