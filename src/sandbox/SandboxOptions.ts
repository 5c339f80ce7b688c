import type { SandboxCredential } from "./cloud/isAuthorized.js";
import type { DataCenterOptions } from "./datacenter/DataCenterOptions.js";
import type { SandboxClock } from "./http/SandboxClock.js";
import type { SandboxCredentials, ScopedCredential } from "./oauth/SandboxCredentials.js";
import type { World } from "./world/World.js";

/** How a sandbox is to behave. */
export interface SandboxOptions {
  /** Parsed by `parseWorld`, or made by `defaultWorld` or `generateWorld`. Never changed. */
  readonly world: World;
  /** Of the Cloud half, and not opened where only the other one is there; 0, the default, takes a free one. */
  readonly port?: number;
  /** Of the Data Center half, where the world has one; 0, the default, takes a free one. */
  readonly dcPort?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** Added to every answer but those of the control routes. */
  readonly latencyMs?: number;
  /** Requests a second to Cloud, one second's worth in a burst; beyond it 429 with `Retry-After`. Without it nothing is refused. */
  readonly ratePerSecond?: number;
  /** E-mail and unscoped API token, short for `credentials.basic`. `defaultCredential` by default. */
  readonly credential?: SandboxCredential;
  /** The only secrets that are accepted. `defaultCredentials` for those left out; the scoped token shares the e-mail. */
  readonly credentials?: Partial<SandboxCredentials>;
  /** What each scoped credential may do. Every scope of every emulated call by default. */
  readonly scopes?: Readonly<Partial<Record<ScopedCredential, readonly string[]>>>;
  /** How long access tokens live; an hour by default. */
  readonly tokenLifetimeSeconds?: number;
  /** Calls for last-active dates that the organization takes in a minute; 200 by default. */
  readonly lastActivePerMinute?: number;
  /**
   * Ids of accounts whose e-mail Confluence answers empty although the world tells it: their organization shows it where
   * they are managed, and SCIM does. An address that the world itself leaves out is known to nobody.
   */
  readonly hiddenEmails?: readonly string[];
  /** Whether the synchronised directory goes on showing whom it deleted, as inactive. By default it forgets them. */
  readonly scimShowsDeleted?: boolean;
  /** The Data Center half's own; without effect where the world has none. */
  readonly dataCenter?: DataCenterOptions;
  readonly clock?: SandboxClock;
}
