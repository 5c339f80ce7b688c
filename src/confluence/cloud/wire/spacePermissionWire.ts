import { z } from "zod";

/** A row of `GET /wiki/api/v2/spaces/{id}/permissions`. Types, keys and targets are open sets. */
export const spacePermissionWire = z.object({
  id: z.union([z.string().min(1), z.int()]),
  principal: z.object({ type: z.string().min(1), id: z.string().min(1) }),
  operation: z.object({ key: z.string().min(1), targetType: z.string().min(1) }),
});
export type SpacePermissionWire = z.infer<typeof spacePermissionWire>;

export const spacePermissionsWire = z.object({ results: z.array(spacePermissionWire) });
