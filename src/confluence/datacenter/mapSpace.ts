import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Space, SpaceKind, SpaceStatus } from "../../domain/Space.js";
import type { SpaceWire } from "./wire/spaceWire.js";

const kinds: ReadonlyMap<string, SpaceKind> = new Map([
  ["global", "GLOBAL"],
  ["personal", "PERSONAL"],
]);

const statuses: ReadonlyMap<string, SpaceStatus> = new Map([
  ["current", "CURRENT"],
  ["archived", "ARCHIVED"],
]);

/**
 * A space of the site at `siteUrl`. The status is kept as it was given, whatever its casing; a list that was asked for
 * one status and does not repeat it means that one (`askedStatus`).
 */
export function mapSpace(space: SpaceWire, siteUrl: string, askedStatus: string): Space {
  const reportedKind = space.type ?? "";
  const reportedStatus = space.status ?? askedStatus;
  const path = space._links?.webui ?? null;
  const createdAt = space.creationDate ? new Date(space.creationDate) : null;
  return {
    spaceId: String(space.id) as SpaceId,
    key: space.key as SpaceKey,
    alias: null,
    name: space.name ?? null,
    kind: kinds.get(reportedKind.toLowerCase()) ?? "UNKNOWN",
    reportedKind,
    status: statuses.get(reportedStatus.toLowerCase()) ?? "UNKNOWN",
    reportedStatus,
    createdAt: createdAt === null || Number.isNaN(createdAt.getTime()) ? null : createdAt,
    authorId: (space.creator?.userKey ?? null) as AccountId | null,
    ownerId: null,
    homepageUrl: path === null ? null : `${siteUrl}${path}`,
  };
}
