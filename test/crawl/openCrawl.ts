import type { SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { cloudAccessRules, dataCenterAccessRules } from "../../src/access/SiteFacts.js";
import { permissionIdOf } from "../../src/confluence/datacenter/grants.js";
import type { ConfluenceSite } from "../../src/confluence/port.js";
import { SiteIndex } from "../../src/crawl/SiteIndex.js";
import type { ChangeEvents } from "../../src/loaders/engine/ChangeEvents.js";
import { createLogger } from "../../src/observability/Logger.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ManualClock } from "../support/ManualClock.js";
import { serveConfiguredSite } from "../support/serveConfiguredSite.js";

interface CrawlOptions {
  readonly world: unknown;
  readonly hasOrganization?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly sandbox?: Partial<Omit<SandboxOptions, "world">>;
  /** Time moves only when a test says so. Default: its own. */
  readonly clock?: ManualClock;
  readonly changes?: ChangeEvents;
}

/** One site over a sandbox, put together as the server does it, with what a test asks of its crawl. */
export async function openCrawl({ world, env, sandbox: behaviour, ...options }: CrawlOptions) {
  const { clock = new ManualClock(), changes, hasOrganization = false } = options;
  const sandbox = await startWatchedSandbox({ world: parseWorld(world), clock, ...behaviour });
  const { credentials, dataCenter, url } = sandbox;
  const ofCloud = {
    CONFLUENCE_URL: url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: credentials.basic.email,
    CONFLUENCE_API_TOKEN: credentials.basic.apiToken,
    ATLASSIAN_API_URL: url,
    ...(hasOrganization
      ? {
          ATLASSIAN_ORG_ID: credentials.organization?.orgId ?? "",
          ATLASSIAN_ORG_API_KEY: credentials.organization?.apiKey ?? "",
        }
      : {}),
  };
  const ofDataCenter = {
    CONFLUENCE_URL: dataCenter?.url ?? "",
    CONFLUENCE_DEPLOYMENT: "datacenter",
    CONFLUENCE_PERSONAL_ACCESS_TOKEN: dataCenter?.credentials.personalAccessToken ?? "",
  };
  const base = sandbox.cloudId === null ? ofDataCenter : ofCloud;
  const variables = { ...base, ...env };
  const served = serveConfiguredSite({ env: variables, clock, changes });
  const { index, store } = served;
  const indexOptions =
    sandbox.cloudId === null
      ? { rules: dataCenterAccessRules(), hasNestedGroups: true, permissionIdOf }
      : { rules: cloudAccessRules, hasNestedGroups: false };
  const indexParts = {
    index: indexOptions,
    config: { isWarm: false, ttlMs: 3_600_000, quotaShare: 0.25 },
    maxOverdueMs: 0,
  };
  const calls = () =>
    sandbox.journal().map(({ method, path }) => `${method} ${decodeURIComponent(path.split("?")[0] ?? "")}`);
  return {
    sandbox,
    env: variables,
    clock,
    store,
    served,
    index,
    /** What every index of the site is made with. */
    indexParts,
    /** Another index of the same site, by itself; `parts` replace what the site is. */
    another: (parts: Partial<ConfluenceSite> = {}) =>
      new SiteIndex({
        ...indexParts,
        store,
        background: { ...store.site, ...parts },
        sharing: null,
        logger: createLogger({ level: "silent", destination: { write: () => undefined } }),
      }),
    /** Lets time pass until the crawl looks for parts that are due, and waits until it has read them. */
    nextPass: async (durationMs: number) => {
      await clock.advance(durationMs);
      await clock.whenSleeping(looksMs);
    },
    /** The index once the crawl is through and our own changes are in it. */
    ready: () => index.whenReady(600_000),
    calls,
    /** How often each call was made, ids left out. */
    counts: () => {
      const counts: Record<string, number> = {};
      for (const call of calls()) {
        const template = templateOf(call);
        counts[template] = (counts[template] ?? 0) + 1;
      }
      return counts;
    },
    fail: (...faults: readonly Readonly<Record<string, unknown>>[]) =>
      fetch(`${new URL(url).origin}/__sandbox/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      }),
    heal: () => fetch(`${new URL(url).origin}/__sandbox/faults`, { method: "DELETE" }),
    [Symbol.asyncDispose]: async () => {
      await index.close();
      await store.site.close();
      await sandbox.close();
    },
  };
}

/** How often it looks for what is due, with an index that lives for an hour. */
export const looksMs = 180_000;

export type OpenedCrawl = Awaited<ReturnType<typeof openCrawl>>;

function templateOf(call: string): string {
  return call
    .replace(/spaces\/\d+/, "spaces/{id}")
    .replace(/space\/[^/]+\/permissions/, "space/{key}/permissions")
    .replace(/group\/.+\/(member\w*|groupmember)$/, "group/{group}/$1")
    .replace(/group\/(?!by-id)[^/{]+$/, "group/{group}")
    .replace(/orgs\/[^/]+\/directories\/[^/]+/, "orgs/{orgId}/directories/{id}");
}
