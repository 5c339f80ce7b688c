import type { Secret } from "../Secret.js";

/** Where Valkey or Redis is. */
export interface EngineAddress {
  readonly host: string;
  readonly port: number;
  /** A socket on this machine, in the place of host and port. */
  readonly path: string | null;
  readonly isCluster: boolean;
  /** Over TLS. */
  readonly isSafe: boolean;
  /** PEM of an authority of one's own that vouches for it; `null`: the well-known ones. */
  readonly ca: string | null;
  readonly username: string | null;
  readonly password: Secret | null;
  readonly database: number;
}

/** What the processes of a deployment share. */
export interface FleetConfig {
  readonly address: EngineAddress;
  /** What is stored is sealed with the first and opened with any; empty: with what the other secrets make up. */
  readonly keys: readonly Secret[];
  /** What the names of keys there are made with; `null`: with the last of those. */
  readonly nameKey: Secret | null;
  /** How many processes there are, for one that has heard of none yet. */
  readonly expectedProcesses: number;
}
