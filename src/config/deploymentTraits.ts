import type { Deployment } from "../domain/Site.js";
import type { CredentialParts } from "./CredentialParts.js";
import { type CredentialKind, cloudCredentialKinds, dataCenterCredentialKinds } from "./credentialKinds.js";

interface DeploymentTraits {
  /** What people call it. */
  readonly name: string;
  readonly credentialKinds: readonly CredentialKind[];
  readonly credentialParts: readonly Exclude<keyof CredentialParts, "kind">[];
  /** What a credential is made of; one of these is enough. */
  readonly ways: readonly (readonly Exclude<keyof CredentialParts, "kind">[])[];
}

/** How signing in differs between Cloud and Data Center. */
export const deploymentTraits: Readonly<Record<Deployment, DeploymentTraits>> = {
  cloud: {
    name: "Confluence Cloud",
    credentialKinds: cloudCredentialKinds,
    credentialParts: ["email", "apiToken", "clientId", "clientSecret", "cloudId"],
    ways: [["email", "apiToken"], ["clientId", "clientSecret"], ["apiToken"]],
  },
  datacenter: {
    name: "Confluence Data Center",
    credentialKinds: dataCenterCredentialKinds,
    credentialParts: ["personalAccessToken", "username", "password"],
    ways: [["personalAccessToken"], ["username", "password"]],
  },
};
