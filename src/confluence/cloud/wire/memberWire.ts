import { z } from "zod";

/**
 * A v1 user as member lists and user search have it. Facts come from `users-bulk`, which tells more; where that is refused,
 * what stands here is what there is.
 */
export const memberWire = z.object({
  accountId: z.string().min(1),
  accountType: z.string().nullish(),
  displayName: z.string().nullish(),
  publicName: z.string().nullish(),
  email: z.string().nullish(),
  isExternalCollaborator: z.boolean().nullish(),
  isGuest: z.boolean().nullish(),
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
