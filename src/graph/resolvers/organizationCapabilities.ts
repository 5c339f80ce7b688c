import type { ConfluenceSite } from "../../confluence/port.js";
import type { SiteCapability } from "../../domain/Site.js";

/** What the organization adds to a site, or why it does not. On Data Center the deployment itself tells last activity. */
export function organizationCapabilities({ organization, deployment }: ConfluenceSite): SiteCapability[] {
  if (deployment === "datacenter") {
    const reason = "An Atlassian organization holds Cloud sites only.";
    const names = "Data Center keeps one full name, and synchronised directories do not reach it through its API.";
    return [
      { name: "ORGANIZATION_FACTS", reason },
      { name: "PERSON_NAMES", reason: names },
    ];
  }
  const reason =
    organization === null
      ? "No organization is configured for this site: set ATLASSIAN_ORG_ID and ATLASSIAN_ORG_API_KEY."
      : null;
  return [
    { name: "LAST_ACTIVITY", reason },
    { name: "ORGANIZATION_FACTS", reason },
    {
      name: "PERSON_NAMES",
      reason: organization?.directoryPeople
        ? null
        : "No synchronised directory is configured: set ATLASSIAN_SCIM_DIRECTORY_ID and ATLASSIAN_SCIM_KEY.",
    },
  ];
}
