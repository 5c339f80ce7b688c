/** The ways to sign in to a Cloud site. */
export const cloudCredentialKinds = ["api-token", "scoped-api-token", "oauth", "service-account-token"] as const;
export type CloudCredentialKind = (typeof cloudCredentialKinds)[number];

/** The ways to sign in to a Data Center site. */
export const dataCenterCredentialKinds = ["personal-access-token", "password"] as const;
export type DataCenterCredentialKind = (typeof dataCenterCredentialKinds)[number];

/** Every way to sign in. */
export const credentialKinds = [...cloudCredentialKinds, ...dataCenterCredentialKinds] as const;
export type CredentialKind = (typeof credentialKinds)[number];
