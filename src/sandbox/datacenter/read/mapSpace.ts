import type { DataCenterCall } from "../DataCenterCall.js";
import { features } from "../features.js";
import type { HeldSpace } from "../state/DataCenterSpaceBook.js";
import { mapLostUser, mapUser } from "./subjects.js";

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
export function mapSpace(
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
