import { Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import { type CloudCall, type CloudRoutes, cutPage, listKey, pageV2, readChoice, readFlag } from "../requests.js";
import { assignmentKey, type PermissionRow, type SpaceRecord, type SpaceSelection } from "../state/spaces.js";

const spaceTypes = [
  "global",
  "collaboration",
  "knowledge_base",
  "personal",
  "system",
  "onboarding",
  "xflow_sample_space",
] as const;

/** What an administrator may do in a space: the caller of the sandbox is one everywhere. */
const operations = [
  ["read", "space"],
  ["update", "space"],
  ["delete", "space"],
  ["export", "space"],
  ["administer", "space"],
  ["create", "page"],
  ["create", "blogpost"],
  ["create", "comment"],
  ["create", "attachment"],
].map(([operation, targetType]) => ({ operation, targetType }));

/** Spaces and their granular permissions. */
export const spaceRoutes: CloudRoutes = {
  "GET /wiki/api/v2/spaces": listSpaces,
  "GET /wiki/api/v2/spaces/{id}": getSpace,
  "GET /wiki/api/v2/spaces/{id}/operations": (call) => {
    findSpace(call);
    return { status: 200, body: { operations } };
  },
  "GET /wiki/api/v2/spaces/{id}/permissions": (call) =>
    pageV2(call, { rows: findSpace(call).permissions, idOf: (row) => row.id, show: mapPermission }),
};

function listSpaces(call: CloudCall): Reply {
  const { query } = call;
  const sort = readChoice(query, "sort", ["id", "-id", "key", "-key", "name", "-name"]) ?? "id";
  const selection: SpaceSelection = {
    // Without a status the list shows current spaces only, lookups by id and key included: nobody documents a default, and a
    // client that leaves the parameter out must not find archived and trashed spaces by luck.
    status: readChoice(query, "status", ["current", "archived", "trashed"]) ?? "current",
    type: readChoice(query, "type", spaceTypes),
    sort: sort.endsWith("key") ? "key" : sort.endsWith("name") ? "name" : "id",
    isDescending: sort.startsWith("-"),
  };
  const ids = readList(query, "ids");
  const keys = readList(query, "keys");
  const wrong = ids?.find((id) => !/^\d{1,19}$/.test(id));
  if (wrong !== undefined) throw new Refusal(400, `ids must be numbers, but '${wrong}' is not.`);
  const extras = readExtras(query);
  return pageV2(call, {
    rows: selectIds(call, selection, ids, keys),
    idOf: (id) => id,
    show: (id) => {
      const space = call.state.spaces.get(id);
      return space === undefined ? undefined : mapSpace(space, extras);
    },
  });
}

function selectIds(
  { state: { spaces }, query }: CloudCall,
  selection: SpaceSelection,
  ids: readonly string[] | undefined,
  keys: readonly string[] | undefined,
): readonly string[] {
  // Worlds hold neither labels nor favourites: such filters match nothing.
  if (query.has("labels") || query.has("favorited-by")) return [];
  if (ids === undefined && keys === undefined) return spaces.select(selection);
  const named = ids?.map((id) => spaces.get(id)) ?? keys?.map((key) => spaces.byKey(key)) ?? [];
  const wanted = named.filter(
    (space): space is SpaceRecord =>
      space !== undefined &&
      space.status === selection.status &&
      (selection.type ?? space.type) === space.type &&
      (keys === undefined || keys.includes(space.key)),
  );
  return spaces.order([...new Set(wanted)], selection).map((space) => space.id);
}

function getSpace(call: CloudCall): Reply {
  const { query } = call;
  const space = findSpace(call);
  const isWanted = {
    operations: readFlag(query, "include-operations"),
    properties: readFlag(query, "include-properties"),
    permissions: readFlag(query, "include-permissions"),
    assignments: readFlag(query, "include-role-assignments"),
    labels: readFlag(query, "include-labels"),
  };
  if (isWanted.assignments && call.state.mode === "PRE_ROLES") {
    throw new Refusal(400, "include-role-assignments is only accepted on sites with space roles.");
  }
  const { permissions, roleAssignments } = space;
  const included = {
    ...(isWanted.operations
      ? { operations: include(call, "operations", operations, (row) => String(row.operation)) }
      : {}),
    ...(isWanted.properties ? { properties: include(call, "properties", [], String) } : {}),
    ...(isWanted.labels ? { labels: include(call, "labels", [], String) } : {}),
    ...(isWanted.permissions
      ? { permissions: include(call, "permissions", permissions, (row) => row.id, mapPermission) }
      : {}),
    ...(isWanted.assignments
      ? { roleAssignments: include(call, "role-assignments", roleAssignments, assignmentKey) }
      : {}),
  };
  return {
    status: 200,
    body: {
      ...mapSpace(space, readExtras(query)),
      ...included,
      _links: { webui: `/spaces/${space.alias ?? space.key}`, base: `${call.siteUrl}/wiki` },
    },
  };
}

/** At most 50 rows ride along; `meta.cursor` continues in the list that `_links.self` names. */
function include<T>(
  call: CloudCall,
  list: string,
  rows: readonly T[],
  idOf: (row: T) => string,
  show: (row: T) => unknown = (row) => row,
): unknown {
  const self = `${call.path}/${list}`;
  const name = listKey(self, new URLSearchParams());
  const { page, cursor } = cutPage({ name, rows, idOf }, null, limits.includedRows);
  return {
    results: page.map(show),
    meta: { hasMore: cursor !== undefined, ...(cursor === undefined ? {} : { cursor }) },
    _links: { self },
  };
}

function mapPermission({ id, principal, operation }: PermissionRow): unknown {
  return { id, principal, operation };
}

function readExtras(query: URLSearchParams): SpaceExtras {
  return {
    hasIcon: readFlag(query, "include-icon"),
    descriptionFormat: readChoice(query, "description-format", ["plain", "view"]),
  };
}

/** A comma list, which may also come as a repeated parameter; undefined when absent. */
function readList(query: URLSearchParams, name: string): readonly string[] | undefined {
  if (!query.has(name)) return undefined;
  const values = query.getAll(name).flatMap((text) => text.split(","));
  if (values.length > limits.spaceIdsPerCall) {
    throw new Refusal(400, `${name} takes at most ${limits.spaceIdsPerCall} entries, but has ${values.length}.`);
  }
  return values;
}

/** The space of a v2 path, whatever its status. */
export function findSpace(call: CloudCall): SpaceRecord {
  const id = call.params.id ?? "";
  if (!/^\d{1,19}$/.test(id)) throw new Refusal(400, `The id of a space is a number, but was '${id}'.`);
  const space = call.state.spaces.get(id);
  if (space === undefined) throw new Refusal(404, `No space with id ${id} is visible to you.`);
  return space;
}

/** What a caller asked to have filled in. */
interface SpaceExtras {
  readonly hasIcon: boolean;
  readonly descriptionFormat: "plain" | "view" | undefined;
}

/** A space as v2 shows it. Ids are strings, whatever the document says. */
function mapSpace(space: SpaceRecord, { hasIcon, descriptionFormat }: SpaceExtras): Record<string, unknown> {
  const icon = `/wiki/aa-avatar/${space.id}`;
  return {
    id: space.id,
    key: space.key,
    name: space.name,
    type: space.type,
    status: space.status,
    authorId: space.authorId,
    spaceOwnerId: space.spaceOwnerId ?? space.authorId,
    // World files have no pages. The home page of a space is created right after it, so its id is a little larger.
    homepageId: String(BigInt(space.id) + 115n),
    createdAt: new Date(space.createdAt).toISOString(),
    icon: hasIcon
      ? { path: icon, ...(space.type === "personal" ? {} : { apiDownloadLink: `${icon}/download` }) }
      : null,
    description:
      descriptionFormat === undefined
        ? null
        : { [descriptionFormat]: { representation: descriptionFormat, value: "" } },
    currentActiveAlias: space.alias ?? space.key,
    _links: { webui: `/spaces/${space.alias ?? space.key}` },
  };
}
