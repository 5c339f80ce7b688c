import { Refusal } from "../../http/Refusal.js";
import type { CloudCall } from "../CloudCall.js";
import type { SpaceRecord } from "../state/SpaceBook.js";

/** The space of a v2 path, whatever its status. */
export function findSpace(call: CloudCall): SpaceRecord {
  const id = call.params.id ?? "";
  if (!/^\d{1,19}$/.test(id)) throw new Refusal(400, `The id of a space is a number, but was '${id}'.`);
  const space = call.state.spaces.get(id);
  if (space === undefined) throw new Refusal(404, `No space with id ${id} is visible to you.`);
  return space;
}

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
