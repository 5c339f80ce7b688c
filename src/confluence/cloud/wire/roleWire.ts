import { z } from "zod";

export const roleWire = z.object({
  id: z.string().min(1),
  type: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  spacePermissions: z.array(z.string()),
});
export type RoleWire = z.infer<typeof roleWire>;

export const rolesWire = z.object({ results: z.array(roleWire) });

/** A row of `GET /wiki/api/v2/spaces/{id}/role-assignments`. */
export const roleAssignmentWire = z.object({
  principal: z.object({ principalType: z.string().min(1), principalId: z.string().min(1) }),
  roleId: z.string().min(1),
});
export type RoleAssignmentWire = z.infer<typeof roleAssignmentWire>;

export const roleAssignmentsWire = z.object({ results: z.array(roleAssignmentWire) });

export const roleModeWire = z.object({ mode: z.string() });
