import type { IncomingMessage, ServerResponse } from "node:http";
import type { SubgraphSettings } from "./SubgraphSettings.js";

// What a program that embeds the subgraph writes against. Its declarations are published, so it imports nothing but Node.

/** How a subgraph is to be. */
export interface SubgraphOptions {
  /**
   * What the server's environment variables say, by the same names and checked as these are: docs/configuration.md. The environment of
   * the process is not read. Without a site the sandbox is served, where its package is installed.
   */
  readonly settings?: SubgraphSettings;
  /** What the file of `SITES_FILE` may name as `${NAME}`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where the log goes; nowhere where it is left out. `LOG_LEVEL` says from which level on. */
  readonly logger?: SubgraphLogger;
}

/** A log, as pino and its like are. What it is given is plain data, without credentials. */
export interface SubgraphLogger {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** A subgraph inside of somebody else's server. It listens nowhere, and neither hears signals nor ends the process. */
export interface Subgraph {
  /**
   * Answers a request: GraphQL at /graphql, its explorer at /graphiql, health below /health, numbers at /metrics, and 404 elsewhere. A
   * listener of Node's own server; in a framework it stands before whatever reads bodies. It may be taken off the object.
   */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** The schema, as a composition takes it. */
  readonly sdl: string;
  /** Whether each site accepts its credential; what /health/ready tells. */
  readiness(): SubgraphReadiness;
  /** Reads the callers' file again. */
  reload(): Promise<void>;
  /**
   * Not ready from this moment; resolves once the requests in flight are answered, or refused after `SHUTDOWN_GRACE_SECONDS`, and all
   * connections to sites and databases are closed. What is handed over from then on is answered 503. The server around it is closed by
   * whoever opened it.
   */
  close(): Promise<void>;
}

export interface SubgraphReadiness {
  readonly isReady: boolean;
  readonly sites: readonly {
    readonly siteId: string;
    readonly isReady: boolean;
    /** A code for why not, which tells nothing of what the site said; the log has that. */
    readonly reason: string | null;
  }[];
}

/**
 * Makes a subgraph, and waits at most two seconds for its sites. Rejects where the settings are at fault, with an error whose `name` is
 * `ConfigError` and whose message names every fault; no value is quoted. Several can live in one process.
 */
export type CreateSubgraph = (options?: SubgraphOptions) => Promise<Subgraph>;
