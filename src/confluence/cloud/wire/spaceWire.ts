import { z } from "zod";

/**
 * A space. Ids are strings in answers whatever the document says; a number is read as the same id, and one so large that
 * parsing would make another id of it comes as text
 * (2026-11-20, test "that come as numbers beyond 2^53 are those ids, and not the ones that parsing makes of them").
 */
export const spaceWire = z.object({
  id: z.union([z.string().min(1), z.int()]),
  key: z.string().min(1),
  name: z.string().nullish(),
  type: z.string(),
  status: z.string(),
  authorId: z.string().nullish(),
  spaceOwnerId: z.string().nullish(),
  createdAt: z.string().nullish(),
  currentActiveAlias: z.string().nullish(),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
});
export type SpaceWire = z.infer<typeof spaceWire>;

export const spacesWire = z.object({ results: z.array(spaceWire) });
