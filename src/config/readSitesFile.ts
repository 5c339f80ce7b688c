import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ConfigFault } from "./ConfigError.js";
import { expandVariables } from "./expandVariables.js";
import { nameSite } from "./nameSite.js";
import { readSiteEntry, type SiteDefaults } from "./readSiteEntry.js";
import { reportIssues } from "./reportIssues.js";
import type { SiteConfig } from "./SiteConfig.js";
import { sitesFileExample } from "./sitesFileExample.js";
import { sitesFileSchema } from "./sitesFileSchema.js";

interface SitesFileOptions extends SiteDefaults {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly faults: ConfigFault[];
  /** Reads the file itself, and those that it names. */
  readonly readFile?: (path: string) => string;
}

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
    return parse(readFile(path)) as unknown;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    report("", `names a file that cannot be read as JSON or YAML${code}`);
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
