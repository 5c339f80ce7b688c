import { Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import { features } from "../options.js";
import {
  type DataCenterCall,
  type DataCenterRoutes,
  findSpace,
  pageOf,
  readExpansions,
  visibleTo,
} from "../requests.js";
import { compareNames } from "../state/directory.js";
import type { HeldSpace } from "../state/spaces.js";
import { mapLostUser, mapUser } from "./users.js";

/** Spaces. What the caller may not see is left out, or missing. */
export const spaceRoutes: DataCenterRoutes = {
  "GET /rest/api/space": { handle: listSpaces },
  "GET /rest/api/space/{spaceKey}": { handle: oneSpace },
};

/** Filters that Confluence has and the sandbox does not: ignoring them would answer too much. */
const foreign = ["spaceKeySingle", "label", "contentLabel", "favourite", "hasRetentionPolicy"];

/** Without `status` it answers current and archived spaces alike. */
function listSpaces(call: DataCenterCall): Reply {
  const { query, state } = call;
  const unknown = foreign.find((name) => query.has(name));
  if (unknown !== undefined) throw new Refusal(501, `The sandbox does not emulate GET ${call.path}?${unknown}=.`);
  const isNamed = readNames(call);
  const type = readChoice(query, "type", ["global", "personal"]);
  const status = readChoice(query, "status", ["current", "archived"]);
  const isVisible = visibleTo(call);
  const expansions = readExpansions(query);
  const rows = state.spaces
    .all()
    .filter(isNamed)
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

/**
 * By key or by id, and not by both: Atlassian's document of 10.0.3 says so of `spaceIds`, and has `spaceKeys` and a repeated
 * `spaceId` beside the repeated `spaceKey`. Since which version is written nowhere; one that does not know a parameter ignores
 * it, as any it has never heard of.
 */
function readNames({ query, state }: DataCenterCall): (space: HeldSpace) => boolean {
  const isOld = !state.version.isAtLeast(features.spaceNameFilters);
  const listed = (name: string) => (isOld ? [] : query.getAll(name).flatMap((text) => text.split(",")));
  const keys = new Set([...query.getAll("spaceKey"), ...listed("spaceKeys")].map((key) => key.trim().toLowerCase()));
  const ids = new Set([...listed("spaceId"), ...listed("spaceIds")].map((id) => id.trim()));
  if (keys.size > 0 && ids.size > 0) throw new Refusal(400, "spaceIds cannot be used in conjunction with spaceKey(s)");
  const odd = [...ids].find((id) => !/^\d+$/.test(id));
  if (odd !== undefined) throw new Refusal(400, `The id of a space must be a number: ${odd}`);
  if (ids.size > 0) return ({ id }) => ids.has(String(id));
  return ({ key }) => keys.size === 0 || keys.has(key.toLowerCase());
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

/** Spaces of a sandbox have no content, so there is little to say of these. */
const contents: Readonly<Record<string, unknown>> = {
  metadata: {},
  icon: {},
  description: { plain: { value: "", representation: "plain" } },
  retentionPolicy: {},
};

/** Pages are numbered like spaces, and no page may have the number of one. */
const homepageOffset = 1_000_000_000;

/**
 * A space as the lists word it. The creator comes only when asked for, and only from versions that tell it
 * (`features.spaceCreator`).
 */
function mapSpace(
  call: DataCenterCall,
  { id, key, name, type, status, creator }: HeldSpace,
  expansions: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const homepage = { id: String(id + homepageOffset), type: "page", title: `${name} Home` };
  const offered: Record<string, unknown> = { ...contents, homepage };
  // `description.plain` expands the description, like `description` itself.
  const wanted = new Set([...expansions].map((expansion) => expansion.split(".")[0] ?? ""));
  const addresses: Readonly<Record<string, string>> = { homepage: `/rest/api/content/${homepage.id}` };
  if (call.state.version.isAtLeast(features.spaceCreator) && creator !== undefined) {
    const user = call.state.users.byKey(creator);
    offered.creator = user === undefined ? mapLostUser(call, creator) : mapUser(call, user, new Set());
  }
  const entries = Object.entries(offered);
  return {
    id,
    key,
    name,
    status,
    type,
    ...Object.fromEntries(entries.filter(([field]) => wanted.has(field))),
    _links: {
      webui: `/display/${encodeURIComponent(key)}`,
      self: `${call.baseUrl}/rest/api/space/${encodeURIComponent(key)}`,
    },
    _expandable: Object.fromEntries(
      entries.filter(([field]) => !wanted.has(field)).map(([field]) => [field, addresses[field] ?? ""]),
    ),
  };
}
