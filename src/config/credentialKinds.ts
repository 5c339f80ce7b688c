/** The ways to sign in to a Cloud site. */
export const credentialKinds = ["api-token", "scoped-api-token", "oauth", "service-account-token"] as const;
export type CredentialKind = (typeof credentialKinds)[number];
