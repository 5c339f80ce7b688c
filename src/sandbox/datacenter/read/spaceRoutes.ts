import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { compareNames } from "../state/compareNames.js";
import { findSpace } from "./lookUps.js";
import { mapSpace } from "./mapSpace.js";
import { pageOf, readExpansions } from "./pageOf.js";
import { visibleTo } from "./rights.js";

/** Spaces. What the caller may not see is left out, or missing. */
export const spaceRoutes: DataCenterRoutes = {
  "GET /rest/api/space": { handle: listSpaces },
  "GET /rest/api/space/{spaceKey}": { handle: oneSpace },
};

/** Filters that Confluence has and the sandbox does not: ignoring them would answer too much. */
const foreign = [
  "spaceKeys",
  "spaceIds",
  "spaceId",
  "spaceKeySingle",
  "label",
  "contentLabel",
  "favourite",
  "hasRetentionPolicy",
];

/** Without `status` it answers current and archived spaces alike. */
function listSpaces(call: DataCenterCall): Reply {
  const { query, state } = call;
  const unknown = foreign.find((name) => query.has(name));
  if (unknown !== undefined) throw new Refusal(501, `The sandbox does not emulate GET ${call.path}?${unknown}=.`);
  const keys = new Set(query.getAll("spaceKey").map((key) => key.toLowerCase()));
  const type = readChoice(query, "type", ["global", "personal"]);
  const status = readChoice(query, "status", ["current", "archived"]);
  const isVisible = visibleTo(call);
  const expansions = readExpansions(query);
  const rows = state.spaces
    .all()
    .filter((space) => keys.size === 0 || keys.has(space.key.toLowerCase()))
    .filter((space) => (type === null || space.type === type) && (status === null || space.status === status))
    .filter((space) => isVisible(space.key))
    .sort((a, b) => compareNames(a.key, b.key));
  return pageOf(call, {
    rows,
    show: (space) => mapSpace(call, space, expansions),
    defaultLimit: limits.dataCenterDefaultSpaces,
    maxLimit: maxLimitWith(expansions),
  });
}

/** A space alone tells its status in capitals (2026-11-21, test "tells the status in another casing alone than in a list"). */
function oneSpace(call: DataCenterCall): Reply {
  const space = findSpace(call, call.params.spaceKey ?? "");
  const body = mapSpace(call, space, readExpansions(call.query));
  return { status: 200, body: { ...body, status: space.status.toUpperCase() } };
}

function maxLimitWith(expansions: ReadonlySet<string>): number {
  if (expansions.size === 0) return limits.dataCenterMaxSpaces;
  const isDescribed = [...expansions].some((name) => /^(description|homepage)(\.|$)/.test(name));
  return isDescribed ? limits.dataCenterMaxDescribedSpaces : limits.dataCenterMaxExpandedSpaces;
}

function readChoice(query: URLSearchParams, name: string, choices: readonly string[]): string | null {
  const text = query.get(name);
  if (text === null || text === "") return null;
  if (!choices.includes(text.toLowerCase()))
    throw new Refusal(400, `${name} must be one of ${choices.join(", ")}: ${text}`);
  return text.toLowerCase();
}
