import { z } from "zod";

/** Whom a row is about: what counts is which of `userKey` and `name` is there. Null or missing is anonymous. */
export const subjectWire = z
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
export const permissionWire = z.object({
  operation: z.object({ operationKey: z.string().min(1), targetType: z.string().min(1) }),
  subject: subjectWire,
  spaceId: z
    .union([z.string().min(1), z.int()])
    .nullish()
    .catch(null),
});
export type PermissionWire = z.infer<typeof permissionWire>;

/** Both come unpaged, as a bare list. */
export const permissionsWire = z.array(permissionWire);
