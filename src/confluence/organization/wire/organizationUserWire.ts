import { z } from "zod";

/** A row of `POST /v2/orgs/{orgId}/directories/{dirId}/users/search`. Most of it depends on what was asked to be expanded. */
export const organizationUserWire = z.object({
  accountId: z.string().min(1),
  email: z.string().nullish(),
  status: z.string().nullish(),
  accountStatus: z.string().nullish(),
  membershipStatus: z.string().nullish(),
  claimStatus: z.string().nullish(),
  // A list of names; roles that carry their resource come as objects.
  platformRoles: z.array(z.union([z.string(), z.looseObject({})])).nullish(),
  jobTitle: z.string().nullish(),
  department: z.string().nullish(),
  productAccess: z.array(z.looseObject({ key: z.string().nullish(), id: z.string().nullish() })).nullish(),
});
export type OrganizationUserWire = z.infer<typeof organizationUserWire>;

export const organizationUsersWire = z.object({
  data: z.array(organizationUserWire),
  links: z.object({ next: z.string().nullish() }).nullish(),
});

export const directoriesWire = z.object({ data: z.array(z.looseObject({})) });

export const lastActiveWire = z.object({
  data: z.object({
    product_access: z
      .array(z.object({ id: z.string().nullish(), key: z.string().nullish(), last_active: z.string().nullish() }))
      .nullish(),
  }),
});
