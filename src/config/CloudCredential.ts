import type { Secret } from "./Secret.js";

/** How we sign in to a Cloud site. All but the first go through Atlassian's API gateway, which names sites by cloud id. */
export type CloudCredential =
  | { readonly kind: "api-token"; readonly email: string; readonly apiToken: Secret }
  | { readonly kind: "scoped-api-token"; readonly email: string; readonly apiToken: Secret; readonly cloudId: CloudId }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: Secret; readonly cloudId: CloudId }
  | { readonly kind: "service-account-token"; readonly apiToken: Secret; readonly cloudId: CloudId };

/** `null`: looked up at the site's own address. */
export type CloudId = string | null;
