import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Space, SpaceKind, SpaceStatus } from "../../domain/Space.js";
import type { SpaceWire } from "./wire/spaceWire.js";

const kinds: ReadonlyMap<string, SpaceKind> = new Map([
  ["global", "GLOBAL"],
  ["personal", "PERSONAL"],
  ["collaboration", "COLLABORATION"],
  ["knowledge_base", "KNOWLEDGE_BASE"],
  ["system", "SYSTEM"],
  ["onboarding", "ONBOARDING"],
  ["xflow_sample_space", "SAMPLE"],
]);

const statuses: ReadonlyMap<string, SpaceStatus> = new Map([
  ["current", "CURRENT"],
  ["archived", "ARCHIVED"],
  ["trashed", "TRASHED"],
]);

/** A v2 space as a space of the site at `siteUrl`. */
export function mapSpace(space: SpaceWire, siteUrl: string): Space {
  const alias = space.currentActiveAlias ?? null;
  const path = space._links?.webui ?? null;
  const createdAt = space.createdAt === null || space.createdAt === undefined ? null : new Date(space.createdAt);
  return {
    spaceId: String(space.id) as SpaceId,
    key: space.key as SpaceKey,
    alias: alias === space.key ? null : alias,
    name: space.name ?? null,
    kind: kinds.get(space.type) ?? "UNKNOWN",
    reportedKind: space.type,
    status: statuses.get(space.status.toLowerCase()) ?? "UNKNOWN",
    reportedStatus: space.status,
    createdAt: createdAt === null || Number.isNaN(createdAt.getTime()) ? null : createdAt,
    authorId: (space.authorId ?? null) as AccountId | null,
    ownerId: (space.spaceOwnerId ?? null) as AccountId | null,
    homepageUrl: path === null ? null : `${siteUrl}/wiki${path}`,
  };
}
