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
