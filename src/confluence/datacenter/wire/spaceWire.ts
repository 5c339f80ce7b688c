import { z } from "zod";

/** A space of `GET /rest/api/space`. `creator` comes when asked for, from versions that know it; the casing of `status` varies. */
export const spaceWire = z.object({
  id: z.union([z.string().min(1), z.int()]),
  key: z.string().min(1),
  name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string().nullish(),
  creator: z
    .object({ userKey: z.string().min(1) })
    .nullish()
    .catch(null),
  creationDate: z.string().nullish().catch(null),
  _links: z.object({ webui: z.string().nullish() }).nullish(),
});
export type SpaceWire = z.infer<typeof spaceWire>;
