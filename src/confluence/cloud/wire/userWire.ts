import { z } from "zod";

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
});
export type UserWire = z.infer<typeof userWire>;

export const usersWire = z.object({ results: z.array(userWire) });
