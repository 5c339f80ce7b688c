import { readFileSync } from "node:fs";
import { z } from "zod";
import type { SiteId } from "../../domain/ids.js";
import { type ConfigFault, codeOfSystem } from "../Config.js";
import { parseYaml } from "../parseYaml.js";
import { Secret } from "../Secret.js";
import { atlassianId, credential, groupName, password, settingText, siteUrl, username } from "../settings/Setting.js";
import { credentialKinds, type SitePart } from "./credentials.js";
import { nameSite, readDeployment, resolveSite } from "./resolveSite.js";
import type { AtlassianAddresses, OrganizationConfig, SiteConfig } from "./SiteConfig.js";

interface SitesFileOptions extends SiteDefaults {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: ConfigFault[];
  /** Reads the file itself, and those that it names. */
  readonly readFile?: (path: string) => string;
}

/** Hears what is wrong at a path of the file, such as `sites[0].url`; an empty one is the file itself. */
type Report = (path: string, problem: string) => void;

/** The sites of a `SITES_FILE`; after adding a fault with its path for everything that is wrong, those that are whole. */
export function readSitesFile(options: SitesFileOptions): SiteConfig[] {
  const { path, readFile = (name: string) => readFileSync(name, "utf8") } = options;
  const report: Report = (where, problem) => {
    options.faults.push({
      variable: where === "" ? "SITES_FILE" : `SITES_FILE ${where}`,
      problem,
      example: sitesFileExample,
    });
  };
  const document = readDocument(path, readFile, report);
  if (document === undefined) return [];
  const expanded = expandVariables(document, options.env, report);
  const file = sitesFileSchema.safeParse(expanded);
  if (!file.success) {
    reportIssues(file.error.issues, [], report);
    return [];
  }
  reportRepeats(file.data.sites, report);
  return file.data.sites.flatMap(
    (raw, index) => readSiteEntry(raw, { index, defaults: options, report, readFile }) ?? [],
  );
}

function readDocument(path: string, readFile: (path: string) => string, report: Report): unknown {
  try {
    return parseYaml(readFile(path));
  } catch (error) {
    report("", `names a file that cannot be read as JSON or YAML${codeOfSystem(error)}`);
    return undefined;
  }
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

/** What sites have that say nothing of their own. */
interface SiteDefaults {
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  /** Of Cloud sites only. */
  readonly organization: OrganizationConfig | null;
  readonly atlassian: AtlassianAddresses;
}

interface Reading {
  readonly index: number;
  readonly defaults: SiteDefaults;
  readonly report: Report;
  readonly readFile: (path: string) => string;
}

const ofCloudAlone = {
  organization: "names an Atlassian organization, which holds Cloud sites only: leave it out",
  atlassian: "belongs to Confluence Cloud: leave it out",
} as const;

/** One site of a `SITES_FILE`; `null` after reporting everything that is wrong with it, each with its path. */
function readSiteEntry(raw: unknown, { index, defaults, report, readFile }: Reading): SiteConfig | null {
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

/**
 * A document with every `${NAME}` in its texts replaced by the environment variable of that name. A variable that is
 * missing or empty is told to `report` with the path where it stands; the value itself never is. Blanks around a value are
 * dropped, except in a `password`.
 */
function expandVariables(document: unknown, env: NodeJS.ProcessEnv, report: Report, path = ""): unknown {
  if (typeof document === "string") {
    return document.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_text, name: string) => {
      const value = settingText(env[name] ?? "", { isVerbatim: path.endsWith(".password") });
      if (value === "") report(path, `names the environment variable ${name}, which is not set`);
      return value === "" ? `unset-${name}` : value;
    });
  }
  if (Array.isArray(document)) {
    return document.map((item, index) => expandVariables(item, env, report, `${path}[${index}]`));
  }
  if (typeof document === "object" && document !== null) {
    return Object.fromEntries(
      Object.entries(document).map(([key, value]) => [
        key,
        expandVariables(value, env, report, path === "" ? key : `${path}.${key}`),
      ]),
    );
  }
  return document;
}

/** Tells each issue of a schema with its path (`sites[0].credential.email`); keys that are not known each by their own. */
function reportIssues(issues: readonly z.core.$ZodIssue[], prefix: readonly PropertyKey[], report: Report): void {
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) report(pathOf([...prefix, ...issue.path, key]), "is not a known key");
    } else report(pathOf([...prefix, ...issue.path]), issue.message);
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );
}

const siteId = z.string().refine((text) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text), {
  error: "must be a short name of lower-case letters, digits and dashes",
});

/** What an entry says of its credential; whether it goes together depends on the deployment. */
const credentialEntry = z.strictObject({
  kind: z.enum(credentialKinds).optional(),
  email: z.string().optional(),
  apiToken: credential(1).optional(),
  clientId: credential(1).optional(),
  clientSecret: credential(1).optional(),
  cloudId: atlassianId.optional(),
  personalAccessToken: credential(1).optional(),
  username: username.optional(),
  password: password.optional(),
});

const deployment = z.enum(["cloud", "datacenter"]);

/** One site of the file. Unknown keys are faults: a misspelt one would otherwise be lost without a word. */
const siteEntrySchema = z.strictObject({
  id: siteId.optional(),
  name: z.string().min(1).max(200).optional(),
  deployment: deployment.optional(),
  url: siteUrl,
  credential: credentialEntry,
  caFile: z.string().min(1).optional(),
  superGroup: groupName.optional(),
  atlassian: z.strictObject({ apiUrl: siteUrl.optional(), authUrl: siteUrl.optional() }).optional(),
  concurrency: z.number().int().min(1).max(256).optional(),
  provisioning: z.boolean().optional(),
  leaveOut: z
    .strictObject({
      spaceKeys: z.array(z.string().min(1)).optional(),
      personalSpaces: z.boolean().optional(),
      permissions: z
        .array(z.string().refine((text) => /^[^/\s]+\/[^/\s]+$/.test(text), { error: "must be operation/target" }))
        .optional(),
    })
    .optional(),
  organization: z
    .strictObject({
      orgId: atlassianId,
      apiKey: credential(1),
      scim: z.strictObject({ directoryId: atlassianId, key: credential(1) }).optional(),
    })
    .optional(),
});
type SiteEntry = z.output<typeof siteEntrySchema>;

/** A `SITES_FILE`: its sites are checked one by one, so that a fault in one hides none of another. */
const sitesFileSchema = z.strictObject({
  sites: z.array(z.unknown()).min(1, { error: "must list at least one site" }),
});

/** What a fault of the sites file shows as right. The braces are meant as they stand: the file names variables so. */
export const sitesFileExample = [
  'sites: [{ id: acme, url: "https://acme.atlassian.net",',
  "credential: { email: review@acme.example, apiToken: $" + "{ACME_TOKEN} } },",
  '{ id: wiki, deployment: datacenter, url: "https://wiki.example.com/confluence",',
  "credential: { personalAccessToken: $" + "{WIKI_TOKEN} }, caFile: /etc/ssl/certs/company-ca.pem }]",
].join(" ");
