import type { SpaceRecord } from "../state/SpaceBook.js";

/** What a caller asked to have filled in. */
export interface SpaceExtras {
  readonly hasIcon: boolean;
  readonly descriptionFormat: "plain" | "view" | undefined;
}

/** A space as v2 shows it. Ids are strings, whatever the document says. */
export function mapSpace(space: SpaceRecord, { hasIcon, descriptionFormat }: SpaceExtras): Record<string, unknown> {
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
