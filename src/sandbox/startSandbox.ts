import { defaultDataCenterCredentials } from "./datacenter/DataCenterCredentials.js";
import { type DataCenterSide, loadDataCenterSide } from "./datacenter/loadDataCenterSide.js";
import { FaultBook } from "./faults/FaultBook.js";
import { createExchange } from "./http/createExchange.js";
import { Journal } from "./http/Journal.js";
import { type Listening, listen } from "./http/listen.js";
import { systemClock } from "./http/systemClock.js";
import { type CloudSide, loadCloudSide } from "./loadCloudSide.js";
import { defaultCredentials } from "./oauth/defaultCredentials.js";
import type { SandboxCredentials } from "./oauth/SandboxCredentials.js";
import type { RunningSandbox } from "./RunningSandbox.js";
import type { SandboxOptions } from "./SandboxOptions.js";
import type { World } from "./world/World.js";

export type { RunningSandbox, SandboxOptions };

interface Live {
  readonly cloud: CloudSide;
  /** Null where the world has no Data Center half. */
  readonly dataCenter: DataCenterSide | null;
}

/**
 * Starts a stateful emulator. On one address the Confluence Cloud REST API, its gateway and token endpoint, and the
 * organization's admin API and SCIM directory, over one set of accounts; on a second one, where the world has a Data Center
 * half, the Data Center API below its context path. A world of one half opens one address. The control routes are on each. It binds first and resolves with its
 * addresses. Rejects with Node's own error where it cannot listen.
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
    dataCenter?.state.tasks.settle(now);
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
  cloudServer?.serve(createExchange({ ...parts, deployment: "cloud", side: () => live.cloud }));
  dataCenterServer?.serve(
    createExchange({ ...parts, deployment: "datacenter", side: () => live.dataCenter ?? live.cloud }),
  );
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
          },
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
