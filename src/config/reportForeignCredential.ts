import type { Deployment } from "../domain/Site.js";
import type { CredentialParts } from "./CredentialParts.js";
import { deploymentTraits } from "./deploymentTraits.js";
import type { SiteReport } from "./SiteReport.js";

/** Tells of everything that belongs to a credential of the other deployment, and what this one takes; true if there was any. */
export function reportForeignCredential(
  deployment: Deployment,
  parts: CredentialParts,
  { nameOf, refuse }: SiteReport,
): boolean {
  const own = deploymentTraits[deployment];
  const other = deploymentTraits[deployment === "cloud" ? "datacenter" : "cloud"];
  const foreign = other.credentialParts.filter((part) => parts[part] !== undefined);
  const ways = own.ways.map((way) => way.map(nameOf).join(" with ")).join(", or ");
  for (const part of foreign) refuse(part, `belongs to ${other.name}: on ${own.name} set ${ways}`);
  const isKindForeign = parts.kind !== undefined && !own.credentialKinds.includes(parts.kind);
  if (isKindForeign) {
    const kinds = own.credentialKinds.join(", ");
    refuse("kind", `names a credential of ${other.name}: on ${own.name} leave it out, or set one of ${kinds}`);
  }
  return foreign.length > 0 || isKindForeign;
}
