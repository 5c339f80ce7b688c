import { z } from "zod";

/** A row of `GET /rest/api/admin/users/list/active`; e-mail and last login since 10.2, the login as a text or a number. */
export const activeUserWire = z.object({
  userKey: z.string().min(1),
  email: z.string().nullish(),
  lastLogin: z.union([z.string(), z.number()]).nullish().catch(null),
});
