import { onTestFinished } from "vitest";
import type { DataCenterOptions } from "../../../../sandbox/src/datacenter/options.js";
import type { SandboxOptions } from "../../../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../../../sandbox/src/world/loadWorld.js";
import { classifyDataCenterError } from "../../../../src/confluence/datacenter/errors.js";
import { createDataCenterSite } from "../../../../src/confluence/datacenter/site.js";
import type { SiteId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { httpLimits } from "../../../../src/http/limits.js";
import { smallDataCenterWorld } from "../../../support/dataCenterWorlds.js";
import { startWatchedSandbox } from "../../../support/deadFaults.js";
import type { ManualClock } from "../../../support/ManualClock.js";
import { openTransport } from "../../http/openTransport.js";
import { type Received, startUpstream } from "../../http/startUpstream.js";

/** The clock stands still, so that a pause before a repetition would never end. */
const noRetries = { ...httpLimits, maxRetries: 0 };

export interface SiteOptions {
  readonly version?: string;
  /** A world as a file would hold it; the small one unless told otherwise. */
  readonly world?: unknown;
  readonly behaviour?: DataCenterOptions;
  /** Which of the sandbox's tokens signs in, or a token of one's own. */
  readonly token?: "administrator" | "reader" | { readonly text: string };
  /** A password instead of a token. */
  readonly basic?: string;
}

type Site = ReturnType<typeof createDataCenterSite>;

/** The adapter over an address, under a clock that stands still. */
export function siteAt(url: string, authorization: string): { site: Site; clock: ManualClock } {
  const { transport, clock } = openTransport(url, {
    authorization: { header: () => authorization },
    defaultHeaders: { "X-Atlassian-Token": "no-check" },
    classifyError: classifyDataCenterError,
    limits: noRetries,
  });
  const siteId = "dc" as SiteId;
  const superGroup = "confluence-administrators";
  return {
    site: createDataCenterSite({ siteId, name: "DC", url, transport, clock, concurrency: 4, superGroup }),
    clock,
  };
}

/** A sandbox with a Data Center half, and the adapter over it. Both are closed when the test ends. */
export async function openSite(options: SiteOptions = {}) {
  const {
    version = "10.2.0",
    world = smallDataCenterWorld(version),
    behaviour = {},
    token = "administrator",
  } = options;
  const sandboxOptions: SandboxOptions = { world: parseWorld(world), dataCenter: behaviour };
  const sandbox = await startWatchedSandbox(sandboxOptions);
  onTestFinished(() => sandbox.close());
  const { dataCenter } = sandbox;
  if (dataCenter === null) throw new Error("the world has no Data Center half");
  const { personalAccessToken, readerToken } = dataCenter.credentials;
  const text = token === "administrator" ? personalAccessToken : token === "reader" ? readerToken : token.text;
  const { site, clock } = siteAt(
    dataCenter.url,
    options.basic === undefined ? `Bearer ${text}` : `Basic ${Buffer.from(options.basic).toString("base64")}`,
  );
  const control = `${new URL(dataCenter.url).origin}/__sandbox`;
  return {
    site,
    clock,
    sandbox,
    url: dataCenter.url,
    /** Upstream calls since the last `forgetCalls`, without the context path. */
    calls: () =>
      sandbox.journal().map(({ method, path }) => `${method} ${decodeURIComponent(path).replace(/^\/confluence/, "")}`),
    forgetCalls: () => fetch(`${control}/journal`, { method: "DELETE" }),
    /** Other user names, by user key, all at once. */
    renameUsers: async (names: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${control}/usernames`, { method: "POST", body: JSON.stringify(names) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    fail: (...faults: readonly Readonly<Record<string, unknown>>[]) =>
      fetch(`${control}/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(faults),
      }),
  };
}

/** The error that a promise ends with; fails the test when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<SiteError> {
  const outcome = await promise.then(
    () => new Error("it was answered"),
    (error: unknown) => error,
  );
  if (outcome instanceof SiteError) return outcome;
  throw outcome;
}

/** What was read under a key; fails the test where it was an error or nothing. */
export function known<K, V>(found: ReadonlyMap<K, V | SiteError>, key: K): V {
  const value = found.get(key);
  if (value === undefined) throw new Error(`nothing was found under ${String(key)}`);
  if (value instanceof SiteError) throw value;
  return value;
}

/** A site that answers what it is told to; `null` is its way to say that something is missing. */
export async function openAnswering(answer: (url: URL, received: Received) => unknown) {
  const upstream = await startUpstream((request, response) => {
    const body = answer(new URL(request.url, "http://localhost"), request);
    const missing = { statusCode: 404, data: { successful: false }, message: "No such thing" };
    response
      .writeHead(body === null ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(body ?? missing));
  });
  return { ...siteAt(upstream.url, "Bearer x"), upstream, urls: () => upstream.received.map(({ url }) => url) };
}

/** A page of the site's lists. */
export const page = (results: readonly unknown[], next?: string) => ({
  results,
  start: 0,
  limit: 200,
  size: results.length,
  _links: next === undefined ? {} : { next },
});
