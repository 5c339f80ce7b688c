import { z } from "zod";

export const atlassianExtension = "urn:scim:schemas:extension:atlassian-external:1.0";
export const enterpriseExtension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A SCIM user, as far as it is read. */
export const scimUserWire = z.object({
  id: z.string().nullish(),
  active: z.boolean().nullish(),
  externalId: z.string().nullish(),
  name: z.object({ givenName: z.string().nullish(), familyName: z.string().nullish() }).nullish(),
  department: z.string().nullish(),
  emails: z.array(z.object({ value: z.string().nullish(), primary: z.boolean().nullish() })).nullish(),
  [atlassianExtension]: z.object({ atlassianAccountId: z.string().nullish() }).nullish(),
  [enterpriseExtension]: z.object({ department: z.string().nullish() }).nullish(),
});
export type ScimUserWire = z.infer<typeof scimUserWire>;

/** `Resources` may be missing on an empty page (RFC 7644). */
export const scimUsersWire = z.object({
  totalResults: z.number(),
  Resources: z.array(scimUserWire).nullish(),
});
