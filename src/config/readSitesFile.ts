import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { z } from "zod";
import type { SiteId } from "../domain/ids.js";
import type { ConfigFault } from "./ConfigError.js";
import { expandVariables } from "./expandVariables.js";
import { nameSite } from "./nameSite.js";
import { readAddress } from "./readAddress.js";
import { resolveCredential } from "./resolveCredential.js";
import { Secret } from "./Secret.js";
import type { AtlassianAddresses, OrganizationConfig, SiteConfig } from "./SiteConfig.js";
import { sitesFileExample } from "./sitesFileExample.js";
import { type SiteEntry, siteEntrySchema, sitesFileSchema } from "./sitesFileSchema.js";

interface SitesFileOptions {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** What sites have that say nothing of their own. */
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  readonly organization: OrganizationConfig | null;
  readonly atlassian: AtlassianAddresses;
  readonly faults: ConfigFault[];
  readonly readFile?: (path: string) => string;
}

/** The sites of a `SITES_FILE`; after adding a fault with its path for everything that is wrong, those that are whole. */
export function readSitesFile(options: SitesFileOptions): SiteConfig[] {
  const report = (path: string, problem: string) => {
    options.faults.push({
      variable: path === "" ? "SITES_FILE" : `SITES_FILE ${path}`,
      problem,
      example: sitesFileExample,
    });
  };
  const document = readDocument(options, report);
  if (document === undefined) return [];
  const expanded = expandVariables(document, options.env, report);
  const file = sitesFileSchema.safeParse(expanded);
  if (!file.success) {
    reportIssues(file.error.issues, [], report);
    return [];
  }
  reportRepeats(file.data.sites, report);
  return file.data.sites.flatMap((raw, index) => {
    const entry = siteEntrySchema.safeParse(raw);
    if (entry.success) return readEntry(entry.data, `sites[${index}]`, options, report) ?? [];
    reportIssues(entry.error.issues, ["sites", index], report);
    return [];
  });
}

function reportIssues(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[], report: Report): void {
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) report(pathOf([...prefix, ...issue.path, key]), "is not a known key");
    } else report(pathOf([...prefix, ...issue.path]), issue.message);
  }
}

type Report = (path: string, problem: string) => void;

function readDocument(options: SitesFileOptions, report: Report): unknown {
  const { path, readFile = (name: string) => readFileSync(name, "utf8") } = options;
  try {
    return parse(readFile(path)) as unknown;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    report("", `names a file that cannot be read as JSON or YAML${code}`);
    return undefined;
  }
}

function readEntry(entry: SiteEntry, path: string, options: SitesFileOptions, report: Report): SiteConfig | null {
  const address = readAddress(
    { url: entry.url, deployment: entry.deployment, isDeploymentMalformed: false },
    (part, problem) => report(`${path}.${part}`, problem),
  );
  // The schema has told every fault of it already.
  const credential = resolveCredential(entry.credential, () => undefined);
  if (address === null || credential === null) return null;
  const { organization } = entry;
  return {
    ...address,
    siteId: (entry.id ?? nameSite(new URL(address.url).host)) as SiteId,
    name: entry.name ?? new URL(address.url).host,
    credential,
    atlassian: {
      apiUrl: entry.atlassian?.apiUrl ?? options.atlassian.apiUrl,
      authUrl: entry.atlassian?.authUrl ?? options.atlassian.authUrl,
    },
    concurrency: entry.concurrency ?? options.concurrency,
    isProvisioningOn: entry.provisioning ?? options.isProvisioningOn,
    leftOut: {
      spaceKeys: entry.leaveOut?.spaceKeys ?? [],
      hasPersonalSpaces: entry.leaveOut?.personalSpaces ?? false,
      permissions: entry.leaveOut?.permissions ?? [],
    },
    organization:
      organization === undefined
        ? options.organization
        : {
            orgId: organization.orgId,
            apiKey: new Secret(organization.apiKey),
            scim: organization.scim
              ? { directoryId: organization.scim.directoryId, key: new Secret(organization.scim.key) }
              : null,
          },
  };
}

function reportRepeats(entries: readonly unknown[], report: Report): void {
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    const id = idOf(entry);
    const first = id === null ? undefined : seen.get(id);
    if (first !== undefined) {
      report(`sites[${index}].id`, `is the same as that of sites[${first}]: each site needs an id of its own`);
    } else if (id !== null) seen.set(id, index);
  });
}

/** The id that an entry gives itself, or has from its address; `null` where neither can be read. */
function idOf(entry: unknown): string | null {
  if (typeof entry !== "object" || entry === null) return null;
  if ("id" in entry) return typeof entry.id === "string" ? entry.id : null;
  const url = "url" in entry && typeof entry.url === "string" && URL.canParse(entry.url) ? new URL(entry.url) : null;
  return url === null ? null : nameSite(url.host);
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}
