import type { Untruth } from "./compareAnswers.js";
import type { Cell } from "./sweep.js";

/** The calls that look one thing up by its key, whose 404 says that it is not there (or hidden, which nobody can tell apart). */
export const lookups: ReadonlySet<string> = new Set([
  "GET /wiki/rest/api/group/by-id",
  "GET /rest/api/group/{groupName}",
  "GET /rest/api/space/{spaceKey}",
  "GET /rest/api/user",
]);

/**
 * What looks like an untruth and is none: the site says that it has no such account, group or space. Who asked for it by its key
 * gets null; who is named by a grant that was left over, or as a space's creator, is there without a name. It excuses no list that
 * is short.
 */
function isNotThere({ fault, route }: Cell, { what }: Untruth): boolean {
  return fault.name === "404" && lookups.has(route) && what === "null";
}

/**
 * A capability of which nobody told is null, and its reason says so: it claims nothing. One that turns false is an untruth, and so
 * is another reason for one that stays false.
 */
function isUntold(_cell: Cell, { place, what, was, is }: Untruth): boolean {
  if (/(^|\.)capabilities\.isAvailable$/.test(place)) return what === "null";
  return /(^|\.)capabilities\.reason$/.test(place) && (was === "null" || is.includes("does not tell its version"));
}

/** Whether what the judge found is no untruth. */
export function isExcused(cell: Cell, untruth: Untruth): boolean {
  return isNotThere(cell, untruth) || isUntold(cell, untruth);
}
