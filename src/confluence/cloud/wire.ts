import { z } from "zod";

/** The picture of somebody, or of nobody for privacy; what is of another shape costs no account. */
const pictureWire = z.object({ path: z.string() }).nullish().catch(null);

/** A row of `POST /wiki/api/v2/users-bulk`. Everything but the id may be missing or empty for privacy. */
export const userWire = z.object({
  accountId: z.string().min(1),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
  email: z.string().nullish(),
  accountType: z.string().nullish(),
  accountStatus: z.string().nullish(),
  isExternalCollaborator: z.boolean().nullish(),
  personalSpaceId: z.union([z.string(), z.int()]).nullish(),
  profilePicture: pictureWire,
});
export type UserWire = z.infer<typeof userWire>;

export const usersWire = z.object({ results: z.array(userWire) });

/**
 * A v1 user as member lists and user search have it. Facts come from `users-bulk`, which tells more; where that is refused,
 * what stands here is what there is.
 */
const memberWire = z.object({
  accountId: z.string().min(1),
  accountType: z.string().nullish(),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
  email: z.string().nullish(),
  isExternalCollaborator: z.boolean().nullish(),
  isGuest: z.boolean().nullish(),
  profilePicture: pictureWire,
});
export type MemberWire = z.infer<typeof memberWire>;

export const membersWire = z.object({ results: z.array(memberWire) });

/** `GET /wiki/rest/api/search/user`: rows may hold entities other than users; those carry no `user`. */
export const userSearchWire = z.object({ results: z.array(z.object({ user: memberWire.nullish() })) });

/** `GET /wiki/rest/api/user/current`. Anonymous has no account id. */
export const currentUserWire = z.object({
  type: z.string().nullish(),
  accountId: z.string().nullish(),
  displayName: z.string().nullish(),
});

/** `POST /wiki/api/v2/user/access/check-access-by-email`. */
export const emailAccessWire = z.object({
  emailsWithoutAccess: z.array(z.string()).nullish(),
  invalidEmails: z.array(z.string()).nullish(),
});

export const groupWire = z.object({
  id: z.string().min(1),
  name: z.string(),
  usageType: z.string().nullish(),
  managedBy: z.string().nullish(),
});
export type GroupWire = z.infer<typeof groupWire>;

export const groupsWire = z.object({ results: z.array(groupWire) });

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

/** A row of `GET /wiki/api/v2/spaces/{id}/permissions`. Types, keys and targets are open sets. */
const spacePermissionWire = z.object({
  id: z.union([z.string().min(1), z.int()]),
  principal: z.object({ type: z.string().min(1), id: z.string().min(1) }),
  operation: z.object({ key: z.string().min(1), targetType: z.string().min(1) }),
});
export type SpacePermissionWire = z.infer<typeof spacePermissionWire>;

export const spacePermissionsWire = z.object({ results: z.array(spacePermissionWire) });

const roleWire = z.object({
  id: z.string().min(1),
  type: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  spacePermissions: z.array(z.string()),
});
export type RoleWire = z.infer<typeof roleWire>;

export const rolesWire = z.object({ results: z.array(roleWire) });

/** A row of `GET /wiki/api/v2/spaces/{id}/role-assignments`. */
const roleAssignmentWire = z.object({
  principal: z.object({ principalType: z.string().min(1), principalId: z.string().min(1) }),
  roleId: z.string().min(1),
});
export type RoleAssignmentWire = z.infer<typeof roleAssignmentWire>;

export const roleAssignmentsWire = z.object({ results: z.array(roleAssignmentWire) });

export const roleModeWire = z.object({ mode: z.string() });
