import type { LogLevel } from "./LogLevel.js";
import type { Secret } from "./Secret.js";
import type { SiteConfig } from "./SiteConfig.js";

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
  readonly upstream: {
    /** Calls in flight to one site at a time. */
    readonly concurrency: number;
  };
  readonly server: ServerConfig;
  readonly limits: {
    /** How many levels of fields an operation may have. */
    readonly maxQueryDepth: number;
    /** How many list items one operation may ask for in total. */
    readonly maxResultNodes: number;
  };
  /** Whether an incomplete list that was not asked how complete it is also stands in `errors`. */
  readonly areGapsInErrors: boolean;
  readonly logLevel: LogLevel;
  /** Things that are probably mistakes and stop nothing: misspelt variables. Safe to log. */
  readonly warnings: readonly string[];
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
  readonly ttlMs: {
    readonly accounts: number;
    readonly groups: number;
    readonly spaces: number;
    readonly memberships: number;
    readonly grants: number;
    readonly roles: number;
    readonly misses: number;
  };
}

/** How the HTTP side listens and what it accepts. */
export interface ServerConfig {
  readonly host: string;
  /** 0 lets the operating system pick a free one. */
  readonly port: number;
  /** What callers present as `Authorization: Bearer …`; `null` asks for nothing, and then only loopback is served. */
  readonly callerToken: Secret | null;
  readonly bodyLimitBytes: number;
  /** Operations in one HTTP request. */
  readonly batchLimit: number;
  /** How long a request may take until it is given up. */
  readonly requestTimeLimitMs: number;
  /** How long requests in flight may go on after a stop was asked for. */
  readonly shutdownGraceMs: number;
}
