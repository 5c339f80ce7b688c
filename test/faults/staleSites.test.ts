import { describe, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { SiteId } from "../../src/domain/ids.js";
import { createLogger } from "../../src/observability/Logger.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { sendQuery } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const minuteMs = 60_000;
const ada = human(1);
const world = cloudWorld({
  accounts: [ada],
  groups: [{ id: "g-1", name: "Designers", members: [ada.accountId] }],
  spaces: [space(1, { permissions: [permission("user", ada.accountId)] })],
});

/** Two sites that were asked something, the second a minute after the first, and that both fail ten minutes later. */
async function startTwoSites(first: string, second: string) {
  const clock = new ShiftableClock();
  clock.stop();
  const sleep = clock.sleep.bind(clock);
  // Pauses between repetitions take no time; what is longer is a time-out.
  clock.sleep = (durationMs, signal) => sleep(durationMs <= 5_000 ? 0 : durationMs, signal);
  const sandboxes = [
    await startWatchedSandbox({ world: parseWorld(world) }),
    await startWatchedSandbox({ world: parseWorld(world) }),
  ];
  const configs = sandboxes.map((sandbox) =>
    readConfig({
      ...{ CONFLUENCE_URL: sandbox.url, CONFLUENCE_DEPLOYMENT: "cloud", PORT: "0" },
      ...{ CONFLUENCE_EMAIL: sandbox.credential.email, CONFLUENCE_API_TOKEN: sandbox.credential.apiToken },
    }),
  );
  const [config] = configs;
  if (config === undefined) throw new Error("no configuration");
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const ids = ["first", "second"] as SiteId[];
  const named = configs.flatMap(({ sites }, at) => sites.map((site) => ({ ...site, siteId: ids[at] ?? site.siteId })));
  const server = await compose({ config, sites: named, logger, clock });
  const query = (document: string) => sendQuery(server.graphqlUrl, document);
  expect((await query(first)).errors).toBeUndefined();
  clock.shift(minuteMs);
  expect((await query(second)).errors).toBeUndefined();
  clock.shift(10 * minuteMs);
  for (const { url } of sandboxes) {
    await fetch(`${url}/__sandbox/faults`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([{ match: "* /**", times: "always", status: 503 }]),
    });
  }
  const close = async () => {
    await server.close();
    for (const sandbox of sandboxes) await sandbox.close();
  };
  return { query, [Symbol.asyncDispose]: close };
}

const account = `account(siteId: "second", accountId: "${ada.accountId}") { displayName }`;
const stale = (siteId: string) => expect.objectContaining({ code: "STALE", siteId });

describe("of two sites that fail", () => {
  it("what a list says of its own age does not stand for the other", async () => {
    await using sites = await startTwoSites(
      `{ groups(siteId: "first") { totalCount } site(siteId: "first") { spaces { totalCount } } }`,
      `{ ${account} }`,
    );
    for (const list of [
      `groups(siteId: "first") { totalCount completeness { isStale } }`,
      `site(siteId: "first") { spaces { totalCount completeness { isStale } } }`,
    ]) {
      const { data, errors } = await sites.query(`{ ${list} ${account} }`);
      expect(data.account).toEqual({ displayName: "Human 1" });
      expect(errors?.map(({ extensions }) => extensions)).toEqual([stale("second")]);
    }
    const untold = await sites.query(`{ groups(siteId: "first") { totalCount } ${account} }`);
    expect(untold.errors?.map(({ extensions }) => extensions)).toEqual([stale("first"), stale("second")]);
  });

  it("a list that was read before does not stand for an account of the same site that was read after it", async () => {
    const list = "groups { totalCount completeness { isStale } }";
    await using sites = await startTwoSites(`{ ${list} }`, `{ ${account} }`);
    const { errors } = await sites.query(`{ ${list} ${account} }`);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([stale("second")]);
  });

  it("a list of both says it of both", async () => {
    const list = "groups { totalCount completeness { isStale } }";
    await using sites = await startTwoSites(`{ ${list} ${account} }`, "{ __typename }");
    const { data, errors } = await sites.query(`{ ${list} ${account} }`);
    expect(data.groups.completeness).toEqual({ isStale: true });
    expect(errors).toBeUndefined();
  });
});
