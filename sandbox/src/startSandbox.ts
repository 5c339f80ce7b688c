import { createCloudService } from "./cloud/service.js";
import { CloudState } from "./cloud/state/CloudState.js";
import { type Fault, FaultBook } from "./control/faults.js";
import { Journal, type JournalEntry } from "./control/routes.js";
import { type ActingAs, Authenticator } from "./datacenter/authentication.js";
import {
  type DataCenterCredentials,
  type DataCenterOptions,
  defaultDataCenterCredentials,
} from "./datacenter/options.js";
import { createDataCenterService } from "./datacenter/service.js";
import { DataCenterState } from "./datacenter/state/DataCenterState.js";
import { createExchange, type Listening, listen, type SentReply, type SentRequest } from "./http/exchange.js";
import { RateBucket, TokenBuckets } from "./http/rateLimits.js";
import { type SandboxClock, type Side, systemClock } from "./http/service.js";
import { limits } from "./limits.js";
import {
  CredentialBook,
  defaultCredentials,
  type SandboxCredential,
  type SandboxCredentials,
  type ScopedCredential,
} from "./oauth/credentials.js";
import { createTokenService } from "./oauth/tokenService.js";
import { InvitationBook } from "./organization/directory.js";
import { createOrganizationService } from "./organization/service.js";
import { createScimService } from "./scim/service.js";
import type { DataCenterWorld, World } from "./world/World.js";

interface Live {
  readonly cloud: CloudSide;
  /** Null where the world has no Data Center half. */
  readonly dataCenter: DataCenterSide | null;
}

/**
 * Starts a stateful emulator. On one address the Confluence Cloud REST API, its gateway and token endpoint, and the
 * organization's admin API and SCIM directory, over one set of accounts; on a second one, where the world has a Data Center
 * half, the Data Center API below its context path. A world of one half opens one address. The control routes are on each. It
 * binds first and resolves with its addresses. Rejects with Node's own error where it cannot listen.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { world, host = "127.0.0.1", latencyMs = 0, clock = systemClock } = options;
  const credentials = credentialsOf(options);
  const dataCenterCredentials = { ...defaultDataCenterCredentials, ...options.dataCenter?.credentials };
  const { cloudServer, dataCenterServer, url } = await bind(options, host);
  const journal = new Journal();
  const faults = new FaultBook();

  function load(): Live {
    const { dataCenter = {} } = options;
    return {
      cloud: loadCloudSide({ options, credentials, url, clock }),
      dataCenter:
        world.dataCenter === undefined
          ? null
          : loadDataCenterSide({
              world: world.dataCenter,
              options: dataCenter,
              credentials: dataCenterCredentials,
              clock,
            }),
    };
  }

  let live = load();

  function snapshot(): World {
    const now = clock.now();
    const { cloud, dataCenter } = live;
    cloud.state?.pending.settle(now);
    dataCenter?.state.pending.settle(now);
    return {
      ...(cloud.state === null ? {} : { cloud: cloud.state.snapshot() }),
      ...(dataCenter === null ? {} : { dataCenter: dataCenter.state.snapshot() }),
    };
  }

  function reset(): void {
    live = load();
    journal.clear();
    faults.reset();
  }

  const parts = {
    journal,
    faults,
    world: snapshot,
    reset,
    clock,
    latencyMs,
    live: () => live.cloud,
    dataCenter: () => live.dataCenter?.state ?? null,
  };
  const cloudExchange = createExchange({ ...parts, deployment: "cloud", side: () => live.cloud });
  const dataCenterExchange = createExchange({
    ...parts,
    deployment: "datacenter",
    side: () => live.dataCenter ?? live.cloud,
  });
  cloudServer?.serve(cloudExchange.listener);
  dataCenterServer?.serve(dataCenterExchange.listener);
  return {
    url,
    cloudId: world.cloud?.cloudId ?? null,
    credential: credentials.basic,
    credentials,
    dataCenter:
      dataCenterServer === null || live.dataCenter === null
        ? null
        : {
            url: `${dataCenterServer.url}${live.dataCenter.state.contextPath}`,
            credentials: dataCenterCredentials,
            actingAs: live.dataCenter.actingAs,
            version: live.dataCenter.state.version.text,
            ask: dataCenterExchange.ask,
          },
    ask: cloudServer === null ? dataCenterExchange.ask : cloudExchange.ask,
    world: snapshot,
    reset,
    journal: () => journal.entries(),
    unhitFaults: () => faults.neverHit(),
    close: async () => {
      await Promise.all([cloudServer?.close(), dataCenterServer?.close()]);
    },
  };
}

interface Bound {
  readonly cloudServer: Listening | null;
  readonly dataCenterServer: Listening | null;
  /** Of Cloud; where Data Center stands alone, its own. */
  readonly url: string;
}

/** A port a half, all or none. A world without any half has an address for its control routes. */
async function bind({ world, port = 0, dcPort = 0 }: SandboxOptions, host: string): Promise<Bound> {
  if (world.dataCenter === undefined) {
    const cloudServer = await listen(port, host);
    return { cloudServer, dataCenterServer: null, url: cloudServer.url };
  }
  if (world.cloud === undefined) {
    const dataCenterServer = await listen(dcPort, host);
    return { cloudServer: null, dataCenterServer, url: dataCenterServer.url };
  }
  const cloudServer = await listen(port, host);
  try {
    return { cloudServer, dataCenterServer: await listen(dcPort, host), url: cloudServer.url };
  } catch (error) {
    await cloudServer.close();
    throw error;
  }
}

function credentialsOf({ credential, credentials = {} }: SandboxOptions): SandboxCredentials {
  const basic = credentials.basic ?? credential ?? defaultCredentials.basic;
  const scopedToken = { ...defaultCredentials.scopedToken, email: basic.email };
  return { ...defaultCredentials, scopedToken, ...credentials, basic };
}

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
  /** What `url` answers to a request, without a connection; null where one would be cut. */
  ask(request: SentRequest): Promise<SentReply | null>;
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
  /** What `url` answers to a request below it, whose path is whole, without a connection; null where one would be cut. */
  ask(request: SentRequest): Promise<SentReply | null>;
}

/** Cloud and what belongs to it. */
interface CloudSide extends Side {
  /** Null where the world has no Cloud half. */
  readonly state: CloudState | null;
  readonly credentials: CredentialBook;
  readonly invitations: InvitationBook | null;
}

/** What the Cloud side needs beside the options: `url` is where it listens. */
interface CloudSideParts {
  readonly options: SandboxOptions;
  readonly credentials: SandboxCredentials;
  readonly url: string;
  readonly clock: SandboxClock;
}

/** Loads the Cloud half of the world afresh. */
function loadCloudSide({ options, credentials, url, clock }: CloudSideParts): CloudSide {
  const tokenLifetimeSeconds = options.tokenLifetimeSeconds ?? limits.tokenLifetimeSeconds;
  const lastActivePerMinute = options.lastActivePerMinute ?? limits.lastActivePerMinute;
  const { cloud } = options.world;
  const book = new CredentialBook({ credentials, scopes: options.scopes ?? {}, tokenLifetimeSeconds });
  const rate = new RateBucket(options.ratePerSecond, clock.now());
  if (cloud === undefined) return { state: null, credentials: book, invitations: null, services: [], rate };
  const state = new CloudState(cloud, options.hiddenEmails);
  const invitations = new InvitationBook(state);
  return {
    state,
    credentials: book,
    invitations,
    services: [
      createCloudService({ state, siteUrl: url, credentials: book, clock }),
      createTokenService({ credentials: book, clock }),
      createOrganizationService({ state, credentials: book, invitations, lastActivePerMinute, clock }),
      createScimService({
        state,
        credentials: book,
        origin: url,
        clock,
        showsDeleted: options.scimShowsDeleted === true,
      }),
    ],
    rate,
  };
}

/** Data Center and its state. */
interface DataCenterSide extends Side {
  readonly state: DataCenterState;
  readonly actingAs: ActingAs;
}

/** What the Data Center side is made of. */
interface DataCenterSideParts {
  readonly world: DataCenterWorld;
  readonly options: DataCenterOptions;
  readonly credentials: DataCenterCredentials;
  readonly clock: SandboxClock;
}

/** Loads the Data Center half of a world afresh. */
function loadDataCenterSide({ world, options, credentials, clock }: DataCenterSideParts): DataCenterSide {
  const state = new DataCenterState(world, options.version);
  const isBasicDisabled = options.basicDisabled === true;
  const isUsernameGiven = options.credentials?.username !== undefined;
  const authenticator = new Authenticator({ state, credentials, isUsernameGiven, isBasicDisabled });
  return {
    state,
    actingAs: authenticator.actingAs(),
    services: [createDataCenterService({ state, authenticator, options, clock })],
    rate: new TokenBuckets(options.rate, (request) => {
      // The answer goes by the same identification, so whoever is to be gone by now must be.
      state.pending.settle(clock.now());
      const identified = authenticator.identify(request);
      return "caller" in identified ? (identified.caller.user?.userKey ?? "anonymous") : "anonymous";
    }),
  };
}
