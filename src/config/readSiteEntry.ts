import type { SiteId } from "../domain/ids.js";
import type { AtlassianAddresses } from "./AtlassianAddresses.js";
import { nameSite } from "./nameSite.js";
import type { OrganizationConfig } from "./OrganizationConfig.js";
import { readDeployment } from "./readDeployment.js";
import { reportIssues } from "./reportIssues.js";
import { resolveSite } from "./resolveSite.js";
import { Secret } from "./Secret.js";
import type { SiteConfig } from "./SiteConfig.js";
import type { SitePart } from "./SitePart.js";
import { type SiteEntry, siteEntrySchema } from "./sitesFileSchema.js";

/** What sites have that say nothing of their own. */
export interface SiteDefaults {
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  /** Of Cloud sites only. */
  readonly organization: OrganizationConfig | null;
  readonly atlassian: AtlassianAddresses;
}

interface Reading {
  readonly index: number;
  readonly defaults: SiteDefaults;
  readonly report: (path: string, problem: string) => void;
  readonly readFile: (path: string) => string;
}

const ofCloudAlone = {
  organization: "names an Atlassian organization, which holds Cloud sites only: leave it out",
  atlassian: "belongs to Confluence Cloud: leave it out",
} as const;

/** One site of a `SITES_FILE`; `null` after reporting everything that is wrong with it, each with its path. */
export function readSiteEntry(raw: unknown, { index, defaults, report, readFile }: Reading): SiteConfig | null {
  const path = `sites[${index}]`;
  const parts = readParts(raw);
  const tell = (part: SitePart, problem: string) =>
    report(`${path}.${isOfEntry(part) ? part : `credential.${part}`}`, problem);
  const site = resolveSite(parts, { nameOf: (part) => part, tell, refuse: tell }, readFile);
  if (readDeployment(parts, () => undefined) === "datacenter") {
    for (const part of ["organization", "atlassian"] as const) {
      if (parts.isGiven(part)) report(`${path}.${part}`, ofCloudAlone[part]);
    }
  }
  const entry = siteEntrySchema.safeParse(raw);
  if (!entry.success) {
    reportIssues(entry.error.issues, ["sites", index], report);
    return null;
  }
  const { name, concurrency, provisioning, leaveOut, atlassian, organization } = entry.data;
  if (site === null) return null;
  const { host } = new URL(site.url);
  const own = {
    siteId: (entry.data.id ?? nameSite(host)) as SiteId,
    name: name ?? host,
    concurrency: concurrency ?? defaults.concurrency,
    isProvisioningOn: provisioning ?? defaults.isProvisioningOn,
    leftOut: {
      spaceKeys: leaveOut?.spaceKeys ?? [],
      hasPersonalSpaces: leaveOut?.personalSpaces ?? false,
      permissions: leaveOut?.permissions ?? [],
    },
  };
  if (site.deployment === "datacenter") return { ...own, ...site };
  return {
    ...own,
    ...site,
    atlassian: {
      apiUrl: atlassian?.apiUrl ?? defaults.atlassian.apiUrl,
      authUrl: atlassian?.authUrl ?? defaults.atlassian.authUrl,
    },
    organization: organization === undefined ? defaults.organization : organizationOf(organization),
  };
}

/** The parts that have to go together, each by its own schema: a fault elsewhere in the entry hides none of theirs. */
function readParts(raw: unknown) {
  const given: object = typeof raw === "object" && raw !== null ? raw : {};
  const { shape } = siteEntrySchema;
  const partOf = (name: keyof SiteEntry): unknown => Reflect.get(given, name);
  const deployment = shape.deployment.safeParse(partOf("deployment"));
  return {
    url: shape.url.safeParse(partOf("url")).data,
    deployment: deployment.data,
    isDeploymentMalformed: !deployment.success,
    credential: shape.credential.safeParse(partOf("credential")).data,
    caFile: shape.caFile.safeParse(partOf("caFile")).data,
    superGroup: shape.superGroup.safeParse(partOf("superGroup")).data,
    isGiven: (name: keyof SiteEntry) => partOf(name) !== undefined,
  };
}

function isOfEntry(part: SitePart): boolean {
  return Object.hasOwn(siteEntrySchema.shape, part);
}

function organizationOf({ orgId, apiKey, scim }: NonNullable<SiteEntry["organization"]>): OrganizationConfig {
  return {
    orgId,
    apiKey: new Secret(apiKey),
    scim: scim ? { directoryId: scim.directoryId, key: new Secret(scim.key) } : null,
  };
}
