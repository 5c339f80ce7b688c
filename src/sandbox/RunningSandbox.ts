import type { SandboxCredential } from "./cloud/isAuthorized.js";
import type { ActingAs } from "./datacenter/Caller.js";
import type { DataCenterCredentials } from "./datacenter/DataCenterCredentials.js";
import type { Fault } from "./faults/Fault.js";
import type { JournalEntry } from "./http/Journal.js";
import type { SandboxCredentials } from "./oauth/SandboxCredentials.js";
import type { World } from "./world/World.js";

/** A sandbox that listens. */
export interface RunningSandbox {
  /** Where it listens, without a trailing slash. Links in answers name this address, whatever the world's `siteUrl` says. */
  readonly url: string;
  /** Null where the world has no Cloud half; `url` is then that of Data Center, without its context path. */
  readonly cloudId: string | null;
  /** Short for `credentials.basic`. */
  readonly credential: SandboxCredential;
  /** What it accepted when it started: `POST /__sandbox/credentials` may have changed that since. */
  readonly credentials: SandboxCredentials;
  /** Null where the world has no Data Center half. */
  readonly dataCenter: RunningDataCenter | null;
  /** What it holds now, both halves, in the format of world files. */
  world(): World;
  /** Back to the world it was started with; journal and faults are cleared. */
  reset(): void;
  journal(): readonly JournalEntry[];
  /** Faults given since it started or was reset that nothing came for, those withdrawn among them. */
  unhitFaults(): readonly Fault[];
  /** Stops listening and cuts what is still connected. */
  close(): Promise<void>;
}

/** The Data Center half of a sandbox that listens. */
export interface RunningDataCenter {
  /** With the context path, without a trailing slash. Links in answers name another address, which nobody can reach. */
  readonly url: string;
  readonly credentials: DataCenterCredentials;
  /** As it started. */
  readonly actingAs: ActingAs;
  /** Such as `9.2.0`. */
  readonly version: string;
}
