import { z } from "zod";
import { callerSettings } from "./callerSettings.js";
import { fleetSettings } from "./fleetSettings.js";
import { operationSettings } from "./operationSettings.js";
import { proxySettings } from "./proxySettings.js";
import { hostName, oneOf, type Setting, share, wholeNumber } from "./Setting.js";
import { schemaSettings } from "./schemaSettings.js";
import { siteSettings } from "./siteSettings.js";
import { tracingSettings } from "./tracingSettings.js";

const lifetime = wholeNumber(0, 86_400);

function lifetimeOf(what: string, seconds: number) {
  return {
    section: "Cache",
    schema: lifetime,
    type: "seconds, 0 to 86400",
    default: String(seconds),
    example: String(seconds),
    isSecret: false,
    doc: `How long ${what} are answered from memory; 0 keeps none.`,
  } as const;
}

/**
 * Every environment variable, in the order in which it is documented. `.env.example` and the configuration page are
 * rendered from this table, so a setting that is not here does not exist.
 */
export const settings = {
  ...siteSettings,
  ...proxySettings,
  PROVISIONING: {
    section: "Provisioning",
    schema: oneOf(["off", "on"]).optional(),
    type: "on or off",
    default: null,
    unset: "off; on in the sandbox",
    example: "off",
    isSecret: false,
    doc: "Whether changes may be written to Confluence.",
  },
  AUDIT_LOG: {
    section: "Provisioning",
    schema: z.string(),
    type: "path or stdout",
    default: "stdout",
    example: "/var/log/confluence-access-graph/audit.jsonl",
    isSecret: false,
    doc: "Where each attempted change also stands as a JSON line; where it cannot be written, nothing is changed.",
  },
  STATE_DIR: {
    section: "Provisioning",
    schema: z.string().optional(),
    type: "path",
    default: null,
    unset: "the record of changes is in memory, and gone with the process",
    example: "/var/lib/confluence-access-graph",
    isSecret: false,
    doc: "A directory that keeps the record of changes, in an embedded PostgreSQL; for one process alone.",
  },
  DATABASE_URL: {
    section: "Provisioning",
    schema: z
      .string()
      .refine((text) => /^postgres(ql)?:\/\/./.test(text) && URL.canParse(text), {
        error: "must be the address of a PostgreSQL database, postgres://…",
      })
      .optional(),
    type: "address of a PostgreSQL database",
    default: null,
    unset: "no database is used",
    example: "postgres://graph:secret@db.example.com:5432/graph",
    isSecret: true,
    doc: "A PostgreSQL database that keeps the record of changes, in place of STATE_DIR; several processes may share it.",
  },
  RECORD_RETENTION_DAYS: {
    section: "Provisioning",
    schema: wholeNumber(1, 36_500).optional(),
    type: "whole number, 1 to 36500",
    default: null,
    unset: "entries are kept",
    example: "730",
    isSecret: false,
    doc: "How many days entries of the record are kept; what goes leaves a checkpoint with which the rest still verifies.",
  },
  HOST: {
    section: "Serving",
    schema: hostName,
    type: "host name or IP address",
    default: "127.0.0.1",
    example: "127.0.0.1",
    isSecret: false,
    doc: "The address to listen on. Beyond loopback callers must be told apart: CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER is required.",
  },
  PORT: {
    section: "Serving",
    schema: wholeNumber(0, 65_535),
    type: "whole number, 0 to 65535",
    default: "4000",
    example: "4000",
    isSecret: false,
    doc: "The port to listen on; 0 picks a free one and prints it.",
  },
  GAPS_IN_ERRORS: {
    section: "Serving",
    schema: oneOf(["on", "off"]),
    type: "on or off",
    default: "on",
    example: "on",
    isSecret: false,
    doc: "Whether an incomplete list whose `completeness` the query does not select also stands in `errors`, as INCOMPLETE with its data kept; `off` for clients that read `extensions.completeness`, which gateways drop.",
  },
  REQUEST_TIME_LIMIT_SECONDS: {
    section: "Serving",
    schema: wholeNumber(1, 3600),
    type: "seconds, 1 to 3600",
    default: "300",
    example: "300",
    isSecret: false,
    doc: "How long a request may take; after that it is answered with INTERNAL, while what it had begun goes on.",
  },
  SHUTDOWN_GRACE_SECONDS: {
    section: "Serving",
    schema: wholeNumber(0, 600),
    type: "seconds, 0 to 600",
    default: "10",
    example: "10",
    isSecret: false,
    doc: "How long requests in flight may finish after SIGTERM.",
  },
  ...callerSettings,
  BODY_LIMIT_KB: {
    section: "Limits",
    schema: wholeNumber(1, 8_192),
    type: "kibibytes, 1 to 8192",
    default: "4096",
    example: "4096",
    isSecret: false,
    doc: "The largest request body that is read.",
  },
  BATCH_LIMIT: {
    section: "Limits",
    schema: wholeNumber(1, 1000),
    type: "whole number, 1 to 1000",
    default: "10",
    example: "10",
    isSecret: false,
    doc: "Operations in one HTTP request.",
  },
  MAX_QUERY_DEPTH: {
    section: "Limits",
    schema: wholeNumber(1, 100),
    type: "whole number, 1 to 100",
    default: "15",
    example: "15",
    isSecret: false,
    doc: "Levels of fields in one operation.",
  },
  MAX_QUERY_COST: {
    section: "Limits",
    schema: wholeNumber(1, 100_000_000),
    type: "whole number, 1 to 100000000",
    default: "2000000",
    example: "2000000",
    isSecret: false,
    doc: "What the operations of one request may cost together, estimated before and counted while they run: a field of a list item is 1. See docs/limits.md.",
  },
  MAX_RESPONSE_MB: {
    section: "Limits",
    schema: wholeNumber(1, 256),
    type: "mebibytes, 1 to 256",
    default: "16",
    example: "16",
    isSecret: false,
    doc: "The longest answer that is sent.",
  },
  MAX_REFERENCES: {
    section: "Limits",
    schema: wholeNumber(1, 100_000),
    type: "whole number, 1 to 100000",
    default: "10000",
    example: "10000",
    isSecret: false,
    doc: "References that a gateway may send in one `_entities` field.",
  },
  CACHE_TTL_ACCOUNTS: lifetimeOf("accounts", 300),
  CACHE_TTL_GROUPS: lifetimeOf("groups", 300),
  CACHE_TTL_SPACES: lifetimeOf("spaces", 300),
  CACHE_TTL_MEMBERSHIPS: lifetimeOf("group memberships", 60),
  CACHE_TTL_GRANTS: lifetimeOf("the grants of a space", 60),
  CACHE_TTL_ROLES: lifetimeOf("role definitions", 600),
  CACHE_TTL_MISSES: lifetimeOf('answers of "no such id"', 15),
  STALE_ON_FAILURE_MINUTES: {
    section: "Cache",
    schema: wholeNumber(0, 1_440),
    type: "minutes, 0 to 1440",
    default: "60",
    example: "60",
    isSecret: false,
    doc: "How old what queries are answered with may be while its site fails, marked as stale; 0 answers with nothing whose time is over.",
  },
  CACHE_MAX_MB: {
    section: "Cache",
    schema: wholeNumber(1, 65_536),
    type: "mebibytes, 1 to 65536",
    default: "256",
    example: "256",
    isSecret: false,
    doc: "Memory for what was read of all sites: the cache, the access indexes and the lists of whole sites that are kept. The cache gives way to the other two, down to a quarter of it.",
  },
  ANSWER_CACHE_MB: {
    section: "Cache",
    schema: wholeNumber(0, 65_536),
    type: "mebibytes, 0 to 65536",
    default: "32",
    example: "32",
    isSecret: false,
    doc: "Memory for answers that are given again as the bytes that went out, for as long as all that they were made from is unchanged and fresh; 0 makes each answer anew.",
  },
  ...fleetSettings,
  INDEX_WARM: {
    section: "Access index",
    schema: oneOf(["off", "on"]),
    type: "on or off",
    default: "off",
    example: "on",
    isSecret: false,
    doc: "Whether the access index of each site is crawled at the start; otherwise the first question that needs it starts the crawl.",
  },
  INDEX_TTL: {
    section: "Access index",
    schema: wholeNumber(1, 100_000),
    type: "minutes, 1 to 100000",
    default: "60",
    example: "60",
    isSecret: false,
    doc: "How old a part of the access index should become before it is read again; on a site that allows fewer calls it takes longer, as `Site.index` tells.",
  },
  INDEX_QUOTA_SHARE: {
    section: "Access index",
    schema: share(),
    type: "number above 0, up to 1",
    default: "0.25",
    example: "0.25",
    isSecret: false,
    doc: "The share of what a site's rate headers say remains that the crawl takes at most; and of its concurrency, at least one call.",
  },
  ...schemaSettings,
  ...operationSettings,
  ...tracingSettings,
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/**
 * The text of `.env.example`: every setting with its line of documentation, all commented out, so that a copy changes
 * nothing until a line is uncommented.
 */
export function renderEnvExample(settings: Readonly<Record<string, Setting>>): string {
  const lines = [
    "# Every setting, rendered from src/config/settings/settings.ts. A line takes effect when its leading # is removed.",
    "# With nothing set, the embedded sandbox is served on http://127.0.0.1:4000.",
  ];
  let section: string | null = null;
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.section !== section) {
      section = setting.section;
      lines.push("", `# ---- ${section} ----`);
    }
    const absent = setting.default === null ? `Unset: ${setting.unset ?? "nothing"}` : `Default: ${setting.default}`;
    lines.push("", `# ${setting.doc}`, `# ${absent}. (${setting.type})`, `#${name}=${setting.example}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The settings as Markdown: a heading and a table for each section. */
export function renderSettingsTable(settings: Readonly<Record<string, Setting>>): string {
  const lines: string[] = [];
  let section: string | null = null;
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.section !== section) {
      section = setting.section;
      if (lines.length > 0) lines.push("");
      lines.push(`## ${section}`, "", "| variable | type | default | meaning |", "|---|---|---|---|");
    }
    const absent = setting.default === null ? `unset: ${setting.unset ?? "nothing"}` : `\`${setting.default}\``;
    const cells = [`\`${name}\``, setting.type, absent, setting.doc].map((cell) => cell.replaceAll("|", "\\|"));
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return `${lines.join("\n")}\n`;
}
