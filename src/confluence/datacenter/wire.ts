import { z } from "zod";

/**
 * A user as lists and lookups word it. `status` comes with `expand=status` only, and `email` nowhere that is documented
 * but on the list of licensed users.
 */
export const userWire = z.object({
  type: z.string().nullish(),
  userKey: z.string().min(1),
  username: z.string().nullish(),
  displayName: z.string().nullish(),
  email: z.string().nullish(),
  status: z.string().nullish().catch(null),
  profilePicture: z.object({ path: z.string() }).nullish().catch(null),
});
export type UserWire = z.infer<typeof userWire>;

/** All that a row must hold to be somebody. */
export const userKeyWire = z.object({ userKey: z.string().min(1) });

/** `GET /rest/api/user/current`: anonymous has no key. */
export const currentUserWire = z.object({
  type: z.string().nullish(),
  userKey: z.string().nullish(),
  username: z.string().nullish(),
  displayName: z.string().nullish(),
});

/** A row of `GET /rest/api/admin/users/list/active`; e-mail and last login since 10.2, the login as a text or a number. */
export const activeUserWire = z.object({
  userKey: z.string().min(1),
  email: z.string().nullish(),
  lastLogin: z.union([z.string(), z.number()]).nullish().catch(null),
});

/**
 * `GET /rest/mobile/1.0/profile/{username}`, which is documented nowhere. What names nobody is no profile, and says nothing of an
 * address.
 */
export const profileWire = z.object({ userName: z.string(), email: z.string().nullish() });

/** A group: its name is all there is, and is its id. */
export const groupWire = z.object({ name: z.string().min(1) });
export type GroupWire = z.infer<typeof groupWire>;

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

/** Whom a row is about: what counts is which of `userKey` and `name` is there. Null or missing is anonymous. */
const subjectWire = z
  .object({
    type: z.string().nullish(),
    userKey: z.string().nullish(),
    username: z.string().nullish(),
    name: z.string().nullish(),
  })
  .nullish();
export type SubjectWire = z.infer<typeof subjectWire>;

/**
 * A row of `GET /rest/api/space/{key}/permissions` and of `GET /rest/api/permissions`; that of a space names its id. Keys and
 * targets are open sets.
 */
const permissionWire = z.object({
  operation: z.object({ operationKey: z.string().min(1), targetType: z.string().min(1) }),
  subject: subjectWire,
  spaceId: z
    .union([z.string().min(1), z.int()])
    .nullish()
    .catch(null),
});

/** Both come unpaged, as a bare list. */
export const permissionsWire = z.array(permissionWire);

/** A set of `getSpacePermissionSets`. Both names null is anonymous; the type of the row repeats that of its set. */
const permissionSetWire = z.object({
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

/** What accepts a long task (202). */
export const longTaskSubmissionWire = z.object({ id: z.union([z.string().min(1), z.int()]) });

/** `GET /rest/api/longtask/{id}`. */
export const longTaskWire = z.object({
  percentageComplete: z.number(),
  successful: z.boolean().nullish(),
  messages: z
    .array(z.object({ translation: z.string().nullish(), key: z.string().nullish() }))
    .nullish()
    .catch(null),
});
export type LongTaskWire = z.infer<typeof longTaskWire>;

/** `GET /rest/api/server-information`. */
export const serverInformationWire = z.object({ version: z.string().min(1) });
