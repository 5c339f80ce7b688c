import { defaultCredential } from "../defaultCredential.js";
import type { SandboxCredentials } from "./SandboxCredentials.js";

/** What a sandbox accepts unless told otherwise. They open nothing but sandboxes, so they may stand in documents. */
export const defaultCredentials: SandboxCredentials = {
  basic: defaultCredential,
  scopedToken: { email: defaultCredential.email, apiToken: "sandbox-scoped-token" },
  serviceAccountToken: "sandbox-service-account-token",
  oauth: { clientId: "sandbox-client", clientSecret: "sandbox-client-secret" },
  organization: { orgId: "sandbox-organization", apiKey: "sandbox-organization-key" },
  scim: { directoryId: "sandbox-directory", key: "sandbox-scim-key" },
};
