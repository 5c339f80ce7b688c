import { isIPv4 } from "node:net";
import type { CallersConfig, ChangeDuties, PolicyConfig } from "./callers/CallersConfig.js";
import type { FleetConfig } from "./fleet/FleetConfig.js";
import type { OperationsFile } from "./operations/operationsFromText.js";
import type { Secret } from "./Secret.js";
import type { SiteConfig } from "./sites/SiteConfig.js";
import type { TracingConfig } from "./TracingConfig.js";

/** Everything that the environment decides, checked and in the units the code uses. */
export interface Config {
  /** No site is configured: the embedded sandbox is served, and `sites` is empty. */
  readonly isSandboxed: boolean;
  readonly sites: readonly SiteConfig[];
  /** Whether the embedded sandbox may be written to; each configured site says so for itself. */
  readonly isProvisioningOn: boolean;
  /** Where changes also stand as lines: a path, or `stdout`. */
  readonly auditLog: string;
  readonly record: RecordConfig;
  readonly cache: CacheConfig;
  /** What is shared with other processes, and where; `null`: nothing. */
  readonly fleet: FleetConfig | null;
  readonly index: IndexConfig;
  readonly upstream: {
    /** Calls in flight to one site at a time. */
    readonly concurrency: number;
  };
  /** What calls to Atlassian over TLS go through; `null`: nothing. */
  readonly proxy: ProxyConfig | null;
  readonly server: ServerConfig;
  readonly schema: SchemaConfig;
  readonly callers: CallersConfig;
  /** Where spans are sent; `null`: nowhere. */
  readonly tracing: TracingConfig | null;
  readonly duties: ChangeDuties;
  readonly policy: PolicyConfig | null;
  readonly limits: {
    /** How many levels of fields an operation may have. */
    readonly maxQueryDepth: number;
    /** Units that the operations of one request may cost together. */
    readonly maxCost: number;
    /** References that one `_entities` field may hold. */
    readonly maxReferences: number;
  };
  /** Whether an incomplete list that was not asked how complete it is also stands in `errors`. */
  readonly areGapsInErrors: boolean;
  /** Whether this server is ready when any of its sites is, or when all are. */
  readonly readyWhen: "any" | "all";
  readonly logLevel: LogLevel;
  /** Things that are probably mistakes and stop nothing: misspelt variables. Safe to log. */
  readonly warnings: readonly string[];
}

/** How the schema is named, and what it offers, beside other subgraphs. */
export interface SchemaConfig {
  /** Empty: none. */
  readonly prefix: string;
  readonly sharesIdentity: boolean;
  readonly hasNodeFields: boolean;
}

/** Where the record of changes is kept, and for how long. */
export interface RecordConfig {
  readonly place: RecordPlace;
  /** `null`: for good. */
  readonly retentionMs: number | null;
}

export type RecordPlace =
  | { readonly kind: "memory" }
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "database"; readonly url: Secret };

/** Lifetimes of what is kept in memory; 0 keeps nothing of that kind. */
export interface CacheConfig {
  readonly maxBytes: number;
  /** For whole answers as bytes, beside the above; 0: none is remembered. */
  readonly maxAnswerBytes: number;
  /** How old what queries are answered with may be where a site fails; 0: nothing whose time is over. */
  readonly maxOverdueMs: number;
  readonly ttlMs: {
    readonly accounts: number;
    readonly groups: number;
    readonly spaces: number;
    readonly memberships: number;
    readonly grants: number;
    readonly roles: number;
    /** "No such id". Short, so that what was just created is soon found. */
    readonly misses: number;
  };
}

/** How the access index of each site is kept. */
export interface IndexConfig {
  /** Crawled at the start, and not at the first question that needs it. */
  readonly isWarm: boolean;
  /** How old a part of it should become at most. A site that allows less makes it longer. */
  readonly ttlMs: number;
  /** The share of what a site allows that the crawl takes at most, of 1. */
  readonly quotaShare: number;
}

/** The proxy on the way to Atlassian, and to the keys of an identity provider. */
export interface ProxyConfig {
  /** May hold a name and a password for it. */
  readonly url: Secret;
  /** Hosts that are reached without it. */
  readonly exceptions: readonly string[];
  /** PEM of an authority that vouches for a proxy with a certificate of its own; `null`: the well-known ones. */
  readonly ca: string | null;
}

/** How the HTTP side listens and what it accepts. */
export interface ServerConfig {
  readonly host: string;
  /** 0 lets the operating system pick a free one. */
  readonly port: number;
  /** What a caller who may do everything presents as `Authorization: Bearer …`; `null` where there is no such token. */
  readonly callerToken: Secret | null;
  readonly bodyLimitBytes: number;
  /** Bytes of one answer. */
  readonly maxResponseBytes: number;
  /** Operations in one HTTP request. */
  readonly batchLimit: number;
  /** How long a request may take until it is given up. */
  readonly requestTimeLimitMs: number;
  /** How long requests in flight may go on after a stop was asked for. */
  readonly shutdownGraceMs: number;
  readonly metrics: MetricsConfig;
  readonly isGraphiqlServed: boolean;
  readonly isIntrospectionOn: boolean;
  /** Whether a hash may stand for a query that was let through before. */
  readonly arePersistedQueriesTaken: boolean;
  /** The operations that clients may ask for by id, and some callers alone; `null` where there is no list. */
  readonly operations: OperationsFile | null;
  /** Whether the trace that a request is a part of is told to sites as well. */
  readonly isTraceToldToSites: boolean;
  /** Whether answers are sent compressed to who likes them so. */
  readonly isCompressionOn: boolean;
  /** Whether clients are told for how long they may keep an answer. */
  readonly areCacheHintsTold: boolean;
  /** Whose web pages may ask. */
  readonly corsOrigins: readonly string[];
}

/** Who may see /metrics. */
export interface MetricsConfig {
  /** What a scraper presents; `null`: callers who may do everything see them. */
  readonly token: Secret | null;
  /** A port of their own; `null`: they are on the port of all else. */
  readonly ownPort: { readonly host: string; readonly port: number } | null;
}

/** The severities of the log, the least severe first; `silent` writes nothing. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** One thing that is wrong with the environment. */
export interface ConfigFault {
  readonly variable: string;
  /** What is wrong and what to do. Never quotes the value: people paste credentials into the wrong variable. */
  readonly problem: string;
  /** A line that would be right: `PORT=4000`. */
  readonly example: string;
}

/** The environment cannot be used. Holds every fault, so that one start shows them all. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
    const lines = faults.map(
      ({ variable, problem, example }) => `  ${variable}: ${problem}\n    for example: ${example}`,
    );
    super(`The configuration has ${count}:\n${lines.join("\n")}`);
  }
}

/** What a problem says of why a file cannot be read: ` (ENOENT)`. Messages of the system would quote the path. */
export function codeOfSystem(error: unknown): string {
  return error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
}

/**
 * True for the names and addresses that only this machine can reach: `localhost`, names under `.localhost`, 127.0.0.0/8
 * and ::1, with or without brackets. Any other name is not trusted, whatever it resolves to.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "::1" || name === "localhost" || name.endsWith(".localhost")) return true;
  const mapped = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
  return isIPv4(mapped) && mapped.startsWith("127.");
}
