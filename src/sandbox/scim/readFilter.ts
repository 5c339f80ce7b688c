import { Refusal } from "../http/Refusal.js";

/** The one comparison that a list may be filtered by. */
export interface ScimFilter {
  readonly attribute: string;
  readonly value: string;
}

/** `filter=attribute eq "value"`, one attribute of those allowed; null without a filter. Anything else is a 400. */
export function readFilter(query: URLSearchParams, allowed: readonly string[]): ScimFilter | null {
  const text = query.get("filter");
  if (text === null) return null;
  const [, name = "", quoted] = /^\s*([\w.]+)\s+eq\s+("(?:[^"\\]|\\.)*")\s*$/i.exec(text) ?? [];
  const attribute = allowed.find((each) => each.toLowerCase() === name.toLowerCase());
  if (attribute === undefined || quoted === undefined) {
    throw new Refusal(400, `filter takes ${allowed.join(" or ")} eq "value", but was '${text}'.`, "invalidFilter");
  }
  try {
    return { attribute, value: String(JSON.parse(quoted)) };
  } catch {
    throw new Refusal(400, `The value of the filter '${text}' is not a text.`, "invalidFilter");
  }
}
