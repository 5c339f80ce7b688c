import type { RunningSandbox, SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { compose } from "../../src/compose/compose.js";
import type { ConfigFault } from "../../src/config/Config.js";
import { readConfig } from "../../src/config/readConfig.js";
import { readSitesFile } from "../../src/config/sites/sitesFromFile.js";
import { createLogger } from "../../src/observability/Logger.js";
import { startWatchedSandbox } from "./deadFaults.js";
import { readReadiness } from "./readReadiness.js";
import { ShiftableClock } from "./ShiftableClock.js";
import { sendQuery } from "./sendQuery.js";

export type CloudCredentialKind = "api-token" | "scoped-api-token" | "oauth" | "service-account-token";
export type DataCenterCredentialKind = "personal-access-token" | "password";

interface SiteSpec {
  readonly id: string;
  /** With the half that the credential is for. */
  readonly world: unknown;
  /** Says which deployment the site is of as well. */
  readonly credential: CloudCredentialKind | DataCenterCredentialKind;
  readonly hasOrganization?: boolean;
  /** False: an organization without a synchronised directory. */
  readonly hasScim?: boolean;
  readonly sandbox?: Partial<Omit<SandboxOptions, "world">>;
  /** Beside what the harness writes: `leaveOut`, another `credential`. */
  readonly entry?: Readonly<Record<string, unknown>>;
}

/** One process over several separate sandboxes, as a sites file would configure it. */
export async function startSites(specs: readonly SiteSpec[], env: Readonly<Record<string, string>> = {}) {
  const clock = new ShiftableClock();
  const sandboxes = new Map<string, RunningSandbox>();
  for (const { id, world, sandbox } of specs) {
    sandboxes.set(id, await startWatchedSandbox({ world: parseWorld(world), clock, ...sandbox }));
  }
  const entries = specs.map((spec) => entryOf(spec, sandboxOf(spec.id)));
  const faults: ConfigFault[] = [];
  const config = readConfig({ PORT: "0", ...env });
  const sites = readSitesFile({
    path: "sites.json",
    env: {},
    concurrency: 16,
    isProvisioningOn: false,
    organization: null,
    atlassian: { apiUrl: "https://api.invalid", authUrl: "https://auth.invalid" },
    faults,
    readFile: () => JSON.stringify({ sites: entries }),
  });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const logLines: string[] = [];
  const logger = createLogger({ level: "trace", destination: { write: (line) => logLines.push(line) } });
  const server = await compose({ config, sites, logger, clock });

  function sandboxOf(id: string): RunningSandbox {
    const sandbox = sandboxes.get(id);
    if (sandbox === undefined) throw new Error(`no site ${id}`);
    return sandbox;
  }

  const control = (id: string, route: string, body: unknown) =>
    fetch(`${sandboxOf(id).url}/__sandbox/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  return {
    server,
    sites,
    clock,
    logLines,
    sandboxOf,
    query: (
      document: string,
      variables: Readonly<Record<string, unknown>> = {},
      headers: Readonly<Record<string, string>> = {},
    ) => sendQuery(server.graphqlUrl, document, variables, headers),
    readiness: () => readReadiness(server.url, logLines),
    countCalls: (id: string, method: string, path: RegExp) =>
      sandboxOf(id)
        .journal()
        .filter((entry) => entry.method === method && path.test(entry.path.split("?")[0] ?? "")).length,
    forgetCalls: (id: string) => fetch(`${sandboxOf(id).url}/__sandbox/journal`, { method: "DELETE" }),
    fail: (id: string, ...faultsToSet: readonly Readonly<Record<string, unknown>>[]) =>
      control(id, "faults", faultsToSet),
    /** Nothing fails any more. */
    heal: (id: string) => fetch(`${sandboxOf(id).url}/__sandbox/faults`, { method: "DELETE" }),
    changeCredentials: (id: string, change: Readonly<Record<string, unknown>>) => control(id, "credentials", change),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      for (const sandbox of sandboxes.values()) await sandbox.close();
    },
  };
}

function entryOf({ entry, ...spec }: SiteSpec, sandbox: RunningSandbox) {
  const { credential } = spec;
  const isDataCenter = credential === "personal-access-token" || credential === "password";
  const own = isDataCenter ? dataCenterEntry(credential, sandbox.dataCenter) : cloudEntry(credential, spec, sandbox);
  return { id: spec.id, ...own, ...entry };
}

function cloudEntry(
  kind: CloudCredentialKind,
  { hasOrganization, hasScim }: Pick<SiteSpec, "hasOrganization" | "hasScim">,
  { url, credentials }: RunningSandbox,
) {
  const { basic, scopedToken, serviceAccountToken, oauth, organization, scim } = credentials;
  const byKind = {
    "api-token": { kind, ...basic },
    "scoped-api-token": { kind, ...scopedToken },
    oauth: { kind, ...oauth },
    "service-account-token": { kind, apiToken: serviceAccountToken },
  } as const;
  return {
    url,
    deployment: "cloud",
    credential: byKind[kind],
    atlassian: { apiUrl: url, authUrl: url },
    ...(hasOrganization ? { organization: { ...organization, ...(hasScim === false ? {} : { scim }) } } : {}),
  };
}

function dataCenterEntry(kind: DataCenterCredentialKind, dataCenter: RunningSandbox["dataCenter"]) {
  if (dataCenter === null) throw new Error("the world has no Data Center half");
  const { personalAccessToken, username, password } = dataCenter.credentials;
  const byKind = {
    "personal-access-token": { kind, personalAccessToken },
    password: { kind, username, password },
  } as const;
  return { url: dataCenter.url, deployment: "datacenter", credential: byKind[kind] };
}
