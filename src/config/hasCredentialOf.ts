import type { Deployment } from "../domain/Site.js";
import type { CredentialParts } from "./CredentialParts.js";
import { deploymentTraits } from "./deploymentTraits.js";

/** True when something was given of a credential that only this deployment has. */
export function hasCredentialOf(deployment: Deployment, parts: CredentialParts): boolean {
  return deploymentTraits[deployment].credentialParts.some((part) => parts[part] !== undefined);
}
