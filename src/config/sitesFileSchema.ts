import { z } from "zod";
import { atlassianId } from "./atlassianId.js";
import { credential } from "./credential.js";
import { credentialKinds } from "./credentialKinds.js";
import { groupName } from "./groupName.js";
import { password } from "./password.js";
import { siteUrl } from "./siteUrl.js";
import { username } from "./username.js";

const siteId = z.string().refine((text) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text), {
  error: "must be a short name of lower-case letters, digits and dashes",
});

/** What an entry says of its credential; whether it goes together depends on the deployment. */
const credentialEntry = z.strictObject({
  kind: z.enum(credentialKinds).optional(),
  email: z.string().optional(),
  apiToken: credential(1).optional(),
  clientId: credential(1).optional(),
  clientSecret: credential(1).optional(),
  cloudId: atlassianId.optional(),
  personalAccessToken: credential(1).optional(),
  username: username.optional(),
  password: password.optional(),
});

const deployment = z.enum(["cloud", "datacenter"]);

/** One site of the file. Unknown keys are faults: a misspelt one would otherwise be lost without a word. */
export const siteEntrySchema = z.strictObject({
  id: siteId.optional(),
  name: z.string().min(1).max(200).optional(),
  deployment: deployment.optional(),
  url: siteUrl,
  credential: credentialEntry,
  caFile: z.string().min(1).optional(),
  superGroup: groupName.optional(),
  atlassian: z.strictObject({ apiUrl: siteUrl.optional(), authUrl: siteUrl.optional() }).optional(),
  concurrency: z.number().int().min(1).max(256).optional(),
  provisioning: z.boolean().optional(),
  leaveOut: z
    .strictObject({
      spaceKeys: z.array(z.string().min(1)).optional(),
      personalSpaces: z.boolean().optional(),
      permissions: z
        .array(z.string().refine((text) => /^[^/\s]+\/[^/\s]+$/.test(text), { error: "must be operation/target" }))
        .optional(),
    })
    .optional(),
  organization: z
    .strictObject({
      orgId: atlassianId,
      apiKey: credential(1),
      scim: z.strictObject({ directoryId: atlassianId, key: credential(1) }).optional(),
    })
    .optional(),
});
export type SiteEntry = z.output<typeof siteEntrySchema>;

/** A `SITES_FILE`: its sites are checked one by one, so that a fault in one hides none of another. */
export const sitesFileSchema = z.strictObject({
  sites: z.array(z.unknown()).min(1, { error: "must list at least one site" }),
});
