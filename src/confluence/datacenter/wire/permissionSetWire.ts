import { z } from "zod";

/** A set of `getSpacePermissionSets`. Both names null is anonymous; the type of the row repeats that of its set. */
export const permissionSetWire = z.object({
  type: z.string().min(1),
  spacePermissions: z
    .array(
      z.object({
        type: z.string().nullish(),
        userName: z.string().nullish(),
        groupName: z.string().nullish(),
      }),
    )
    .nullish(),
});

export const permissionSetsWire = z.array(permissionSetWire);
export type PermissionSetsWire = z.infer<typeof permissionSetsWire>;
