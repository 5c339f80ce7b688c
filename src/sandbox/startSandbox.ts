import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createCloudService } from "./cloud/createCloudService.js";
import type { SandboxCredential } from "./cloud/isAuthorized.js";
import { CloudState } from "./cloud/state/CloudState.js";
import { FaultBook } from "./faults/FaultBook.js";
import { createExchange } from "./http/createExchange.js";
import { Journal, type JournalEntry } from "./http/Journal.js";
import { RateBucket } from "./http/RateBucket.js";
import type { SandboxClock } from "./http/SandboxClock.js";
import type { Service } from "./http/Service.js";
import { systemClock } from "./http/systemClock.js";
import { limits } from "./limits.js";
import { CredentialBook } from "./oauth/CredentialBook.js";
import { createTokenService } from "./oauth/createTokenService.js";
import { defaultCredentials } from "./oauth/defaultCredentials.js";
import type { SandboxCredentials, ScopedCredential } from "./oauth/SandboxCredentials.js";
import { createOrganizationService } from "./organization/createOrganizationService.js";
import { InvitationBook } from "./organization/InvitationBook.js";
import { createScimService } from "./scim/createScimService.js";
import type { World } from "./world/World.js";

export interface SandboxOptions {
  /** Parsed by `parseWorld`, or made by `defaultWorld` or `generateWorld`. Never changed. */
  readonly world: World;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** Added to every answer but those of the control routes. */
  readonly latencyMs?: number;
  /** Requests a second, one second's worth in a burst; beyond it 429 with `Retry-After`. Without it nothing is refused. */
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
  readonly clock?: SandboxClock;
}

/** A sandbox that listens. */
export interface RunningSandbox {
  /** Where it listens, without a trailing slash. Links in answers name this address, whatever the world's `siteUrl` says. */
  readonly url: string;
  /** Null where the world has no Cloud half; every Cloud call then answers 501. */
  readonly cloudId: string | null;
  /** Short for `credentials.basic`. */
  readonly credential: SandboxCredential;
  /** What it accepted when it started: `POST /__sandbox/credentials` may have changed that since. */
  readonly credentials: SandboxCredentials;
  /** What it holds now, in the format of world files. */
  world(): World;
  /** Back to the world it was started with; journal and faults are cleared. */
  reset(): void;
  journal(): readonly JournalEntry[];
  /** Stops listening and cuts what is still connected. */
  close(): Promise<void>;
}

interface Live {
  readonly cloud: CloudState | null;
  readonly credentials: CredentialBook;
  readonly invitations: InvitationBook | null;
  readonly services: readonly Service[];
  readonly rate: RateBucket;
}

/**
 * Starts a stateful emulator of the Confluence Cloud REST API, of its gateway and token endpoint, and of the organization's
 * admin API and SCIM directory, all on one address and over one set of accounts. It binds first and resolves with its address. Rejects with
 * Node's own error where it cannot listen.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { world, host = "127.0.0.1", latencyMs = 0, ratePerSecond, clock = systemClock } = options;
  const credentials = credentialsOf(options);
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? limits.tokenLifetimeSeconds;
  const lastActivePerMinute = options.lastActivePerMinute ?? limits.lastActivePerMinute;
  // Clients keep connections for reuse; closing idle ones after Node's five seconds would race with their next request.
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const url = urlOf(server, host);
  const journal = new Journal();
  const faults = new FaultBook();

  function load(): Live {
    const book = new CredentialBook({ credentials, scopes: options.scopes ?? {}, tokenLifetimeSeconds });
    const rate = new RateBucket(ratePerSecond, clock.now());
    if (world.cloud === undefined) return { cloud: null, credentials: book, invitations: null, services: [], rate };
    const state = new CloudState(world.cloud, options.hiddenEmails);
    const invitations = new InvitationBook(state);
    return {
      cloud: state,
      credentials: book,
      invitations,
      services: [
        createCloudService({ state, siteUrl: url, credentials: book, clock }),
        createTokenService({ credentials: book, clock }),
        createOrganizationService({ state, credentials: book, invitations, lastActivePerMinute, clock }),
        createScimService({ state, credentials: book, origin: url, clock }),
      ],
      rate,
    };
  }

  let live = load();

  function snapshot(): World {
    live.cloud?.pending.settle(clock.now());
    return { ...world, ...(live.cloud === null ? {} : { cloud: live.cloud.snapshot() }) };
  }

  function reset(): void {
    live = load();
    journal.clear();
    faults.clear();
  }

  server.on("request", createExchange({ journal, faults, world: snapshot, reset, clock, latencyMs, live: () => live }));
  return {
    url,
    cloudId: world.cloud?.cloudId ?? null,
    credential: credentials.basic,
    credentials,
    world: snapshot,
    reset,
    journal: () => journal.entries(),
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function credentialsOf({ credential, credentials = {} }: SandboxOptions): SandboxCredentials {
  const basic = credentials.basic ?? credential ?? defaultCredentials.basic;
  const scopedToken = { ...defaultCredentials.scopedToken, email: basic.email };
  return { ...defaultCredentials, scopedToken, ...credentials, basic };
}

/** An address that a client on this machine can use: the wildcard addresses are none. */
function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
