import { describe, expect, it } from "vitest";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { sendQuery } from "../support/sendQuery.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { permissionsIn } from "./permissionsIn.js";

type Ids = ReturnType<typeof dataCenterIds>;
interface Ending {
  readonly outcome: string;
  readonly userErrors: readonly { readonly code: string }[];
  readonly generatedPassword?: string | null;
}

const one = "outcome userErrors { code }";
const access = (ids: Ids) =>
  `space: "${ids.space("OLD")}", principal: "${ids.account(dcUsers.cara)}", permissions: [{ operation: "read", target: "space" }]`;
const membership = (ids: Ids) => `group: "${ids.group(dcGroups.a)}", accounts: ["${ids.account(dcUsers.dan)}"]`;

/** What comes and goes without the site telling whose doing it was: it answers 204 to everybody. */
const shared = [
  {
    name: "a permission",
    grant: (ids: Ids) => `it: grantSpaceAccess(input: { ${access(ids)} }) { ${one} }`,
    revoke: (ids: Ids) => `it: revokeSpaceAccess(input: { ${access(ids)} }) { ${one} }`,
    isThere: ({ sandbox }: DataCenterStack) =>
      permissionsIn(sandbox.world()).includes(`OLD user ${dcUsers.cara} read/space`),
  },
  {
    name: "a membership",
    grant: (ids: Ids) => `it: grantGroupMembership(input: { ${membership(ids)} }) { changes { ${one} } }`,
    revoke: (ids: Ids) => `it: revokeGroupMembership(input: { ${membership(ids)} }) { changes { ${one} } }`,
    isThere: ({ sandbox }: DataCenterStack) =>
      sandbox.world().dataCenter?.groups.some(({ name, members }) => name === "a" && members.includes("dan")) === true,
  },
] as const;

/** What the site makes once: whoever comes second gets a 409, or over JSON-RPC an error. */
const exclusive = [
  {
    name: "a group",
    create: `it: createGroup(input: { name: "night-shift" }) { ${one} }`,
    count: ({ sandbox }: DataCenterStack) =>
      sandbox.world().dataCenter?.groups.filter(({ name }) => name === "night-shift").length,
  },
  {
    name: "an account",
    create: `it: provisionAccount(input: { email: "g@example.com", displayName: "G", username: "grace", generatePassword: true }) { ${one} generatedPassword }`,
    count: ({ sandbox }: DataCenterStack) =>
      sandbox.world().dataCenter?.users.filter(({ username }) => username === "grace").length,
  },
] as const;

const startAt = (version: string) =>
  startDataCenterStack({
    world: smallDataCenterWorld(version),
    sandbox: { latencyMs: 3, dataCenter: { longTaskMs: 0 } },
  });

/** Another server over the same site, as a second process would be: it shares neither cache nor lock. */
async function startSecond({ dataCenter, auditPath, clock }: DataCenterStack) {
  const config = readConfig({
    CONFLUENCE_URL: dataCenter.url,
    CONFLUENCE_DEPLOYMENT: "datacenter",
    CONFLUENCE_PERSONAL_ACCESS_TOKEN: dataCenter.credentials.personalAccessToken,
    PORT: "0",
    PROVISIONING: "on",
    AUDIT_LOG: auditPath,
  });
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const server = await compose({ config, sites: config.sites, logger, clock });
  return { graphqlUrl: server.graphqlUrl, [Symbol.asyncDispose]: () => server.close() };
}

async function askTenTimes(urls: readonly string[], documentOf: (index: number) => string): Promise<Ending[]> {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      sendQuery(urls[index % urls.length] ?? "", `mutation { ${documentOf(index)} }`),
    ),
  );
  return answers.map(({ data }) => data.it.changes?.[0] ?? data.it);
}

const count = (endings: readonly Ending[], outcome: string) =>
  endings.filter((ending) => ending.outcome === outcome).length;

describe.each(["8.3.0", "10.2.0"])("ten callers at once on Data Center %s", (version) => {
  it.each(shared)("in one process: $name comes and goes in some order that every answer fits", async (thing) => {
    await using stack = await startAt(version);
    const ids = dataCenterIds(stack.siteId);
    const endings = await askTenTimes([stack.server.graphqlUrl], (index) =>
      index % 2 === 0 ? thing.grant(ids) : thing.revoke(ids),
    );
    expect(endings.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(count(endings, "CREATED") - count(endings, "REMOVED")).toBe(thing.isThere(stack) ? 1 : 0);
    expect(count(endings, "CREATED") + count(endings, "ALREADY_EXISTS")).toBe(5);
    expect(count(endings, "REMOVED") + count(endings, "NOT_PRESENT")).toBe(5);
  });

  it.each(shared)("in two processes: $name is there, made by each process once at most", async (thing) => {
    await using stack = await startAt(version);
    await using second = await startSecond(stack);
    const ids = dataCenterIds(stack.siteId);
    const urls = [stack.server.graphqlUrl, second.graphqlUrl];
    const endings = await askTenTimes(urls, () => thing.grant(ids));
    expect(endings.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    // The site says 204 to both, so both found it absent, wrote it, and found it there: each says what it saw.
    expect([1, 2]).toContain(count(endings, "CREATED"));
    expect(count(endings, "CREATED") + count(endings, "ALREADY_EXISTS")).toBe(10);
    expect(thing.isThere(stack)).toBe(true);
    expect(stack.writes()).toHaveLength(count(endings, "CREATED"));

    const mixed = await askTenTimes(urls, (index) => (index % 4 < 2 ? thing.grant(ids) : thing.revoke(ids)));
    for (const { outcome, userErrors } of mixed) {
      expect(["CREATED", "ALREADY_EXISTS", "REMOVED", "NOT_PRESENT", "FAILED"]).toContain(outcome);
      // What the other process undid between a write and its reading back is not claimed.
      expect(userErrors.map(({ code }) => code)).toEqual(outcome === "FAILED" ? ["STATE_UNKNOWN"] : []);
    }
    const [last] = await askTenTimes(urls, () => thing.revoke(ids));
    expect(["REMOVED", "NOT_PRESENT"]).toContain(last?.outcome);
    expect(thing.isThere(stack)).toBe(false);
  });

  it.each(exclusive)("in two processes: $name is made once, by exactly one CREATED", async (thing) => {
    await using stack = await startAt(version);
    await using second = await startSecond(stack);
    const endings = await askTenTimes([stack.server.graphqlUrl, second.graphqlUrl], () => thing.create);
    expect(endings.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect([count(endings, "CREATED"), count(endings, "ALREADY_EXISTS")]).toEqual([1, 9]);
    expect(thing.count(stack)).toBe(1);
    // A password goes to the one whose account it opens, and to nobody else.
    for (const { outcome, generatedPassword } of endings) {
      if (generatedPassword !== undefined) expect(generatedPassword !== null).toBe(outcome === "CREATED");
    }
  });

  it("remove an account once, and one of them says so", async () => {
    await using stack = await startAt(version);
    const id = dataCenterIds(stack.siteId).account(dcUsers.ben);
    const endings = await askTenTimes(
      [stack.server.graphqlUrl],
      () => `it: removeAccount(input: { account: "${id}", acknowledgeAdministration: true }) { ${one} }`,
    );
    expect([count(endings, "REMOVED"), count(endings, "NOT_PRESENT")]).toEqual([1, 9]);
    expect(stack.writes()).toHaveLength(1);
  });
});
