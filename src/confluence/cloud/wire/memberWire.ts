import { z } from "zod";

/** A v1 user as member lists, user search and `user/current` have it: only who it is; facts come from `users-bulk`. */
export const memberWire = z.object({ accountId: z.string().min(1), displayName: z.string().nullish() });

export const membersWire = z.object({ results: z.array(memberWire) });

/** `GET /wiki/rest/api/search/user`: rows may hold entities other than users; those carry no `user`. */
export const userSearchWire = z.object({ results: z.array(z.object({ user: memberWire.nullish() })) });

/** `GET /wiki/rest/api/user/current`. Anonymous has no account id. */
export const currentUserWire = z.object({
  type: z.string().nullish(),
  accountId: z.string().nullish(),
  displayName: z.string().nullish(),
});
