import type { Untruth } from "./compareAnswers.js";
import type { Cell } from "./sweep.js";

/** The calls that look one thing up by its key, whose 404 says that it is not there (or hidden, which nobody can tell apart). */
const lookups = new Set([
  "GET /wiki/rest/api/group/by-id",
  "GET /rest/api/group/{groupName}",
  "GET /rest/api/space/{spaceKey}",
  "GET /rest/api/user",
]);

/** Where the answer to a look-up by key stands: `group`, and nothing below it. */
const lookupFields = new Set(["account", "group", "space"]);

/** What looks like an untruth and is none: somebody asked for one thing by its key, and the site says that it has none. */
export function isNotThere({ fault, route }: Cell, { place, what }: Untruth): boolean {
  return fault.name === "404" && lookups.has(route) && what === "null" && lookupFields.has(place);
}
