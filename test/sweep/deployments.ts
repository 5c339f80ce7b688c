import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import type { ConfigFault } from "../../src/config/Config.js";
import type { SiteConfig } from "../../src/config/sites/SiteConfig.js";
import { readSitesFile } from "../../src/config/sites/sitesFromFile.js";
import { FaultyEdge } from "./FaultyEdge.js";
import { cloudSweepWorld, dataCenterSweepWorld } from "./worlds.js";

/** A kind of site that is swept. */
export interface Deployment {
  readonly name: string;
  readonly world: unknown;
  readonly credential: "api-token" | "oauth" | "personal-access-token";
  readonly organization: "none" | "organization" | "scim";
}

const cloud: readonly Deployment[] = ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"].flatMap((mode) =>
  (["none", "organization", "scim"] as const).map((organization) => ({
    name: `cloud ${mode}${organization === "none" ? "" : ` ${organization}`}`,
    world: cloudSweepWorld(mode),
    credential: "api-token" as const,
    organization,
  })),
);

const dataCenter: readonly Deployment[] = ["8.3.0", "8.6.0", "9.2.0", "10.2.0"].map((version) => ({
  name: `datacenter ${version}`,
  world: dataCenterSweepWorld(version),
  credential: "personal-access-token",
  organization: "none",
}));

export const deployments: readonly Deployment[] = [
  ...cloud,
  {
    name: "cloud oauth",
    world: cloudSweepWorld("ROLES_TRANSITION"),
    credential: "oauth",
    organization: "none",
  },
  ...dataCenter,
];

/** A deployment under way: its sandbox, the edge before it, and the configuration of a product that calls the edge. */
export interface StartedDeployment {
  readonly deployment: Deployment;
  readonly sandbox: RunningSandbox;
  readonly edge: FaultyEdge;
  readonly site: SiteConfig;
  close(): Promise<void>;
}

/** Rows on a page: fewer than nearly every list has. */
const pageSize = 2;

interface StartOptions {
  readonly rows?: number;
  readonly isProvisioningOn?: boolean;
  readonly sandbox?: Partial<Omit<SandboxOptions, "world">>;
}

export async function startDeployment(
  deployment: Deployment,
  { rows = pageSize, isProvisioningOn = false, sandbox: behaviour = {} }: StartOptions = {},
): Promise<StartedDeployment> {
  const sandbox = await startSandbox({ world: parseWorld(deployment.world), ...behaviour });
  const isCloud = deployment.credential !== "personal-access-token";
  const edge = await FaultyEdge.start(isCloud ? sandbox : (sandbox.dataCenter ?? sandbox), rows);
  const faults: ConfigFault[] = [];
  const [site] = readSitesFile({
    path: "sites.json",
    env: {},
    concurrency: 16,
    isProvisioningOn,
    organization: null,
    atlassian: { apiUrl: edge.url, authUrl: edge.url },
    faults,
    readFile: () => JSON.stringify({ sites: [entry()] }),
  });
  if (site === undefined) throw new Error(JSON.stringify(faults));

  function entry(): unknown {
    if (!isCloud) {
      const personalAccessToken = sandbox.dataCenter?.credentials.personalAccessToken;
      const credential = { kind: "personal-access-token", personalAccessToken };
      return { id: "swept", name: "Swept", url: edge.url, deployment: "datacenter", credential };
    }
    const { basic, oauth, organization, scim } = sandbox.credentials;
    const credential =
      deployment.credential === "oauth" ? { kind: "oauth", ...oauth } : { kind: "api-token", ...basic };
    const withScim = deployment.organization === "scim" ? { scim } : {};
    return {
      id: "swept",
      name: "Swept",
      url: edge.url,
      deployment: "cloud",
      credential,
      atlassian: { apiUrl: edge.url, authUrl: edge.url },
      ...(deployment.organization === "none" ? {} : { organization: { ...organization, ...withScim } }),
    };
  }

  return {
    deployment,
    sandbox,
    edge,
    site,
    close: async () => {
      await edge.close();
      await sandbox.close();
    },
  };
}
