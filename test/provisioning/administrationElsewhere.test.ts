import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { sendQuery } from "../support/sendQuery.js";
import { postgresPrograms, startPostgres, type TestPostgres } from "../support/startPostgres.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const one = human(1).accountId;
const two = human(2).accountId;

/** Somebody administers space 1; somebody else, alone in a group, may soon. */
const world = cloudWorld({
  mode: "PRE_ROLES",
  accounts: [1, 2, 3].map(human),
  groups: [{ id: "g-2", name: "g2", members: [two] }],
  spaces: [
    space(1, { permissions: [permission("user", one), permission("user", one, "administer/space")] }),
    space(2, { permissions: [permission("user", one), permission("user", one, "administer/space")] }),
  ],
});

describe.skipIf(postgresPrograms === null)("what administers a space since another process changed it", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  /** Two processes that share the record and its locks, and nothing of what they remember. */
  async function startTwo() {
    const env = { PROVISIONING: "on", DATABASE_URL: await postgres.createDatabase() };
    const stack = await startStack({ world, env });
    const { sandbox } = stack;
    const config = readConfig({
      ...env,
      ...{ CONFLUENCE_URL: sandbox.url, CONFLUENCE_DEPLOYMENT: "cloud", PORT: "0" },
      ...{ CONFLUENCE_EMAIL: sandbox.credential.email, CONFLUENCE_API_TOKEN: sandbox.credential.apiToken },
    });
    const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
    const other = await compose({ config, sites: config.sites, logger });
    const ids = idsOf(stack.siteId);
    const ask = async (url: string, query: string) => {
      const { data } = await sendQuery(url, query);
      const { outcome, userErrors } = data.it?.changes?.[0] ?? data.it ?? { outcome: "READ", userErrors: [] };
      return userErrors[0]?.code ?? outcome;
    };
    return {
      ids,
      stack,
      here: (query: string) => ask(stack.server.graphqlUrl, query),
      there: (query: string) => ask(other.graphqlUrl, query),
      [Symbol.asyncDispose]: async () => {
        await other.close();
        await stack[Symbol.asyncDispose]();
      },
    };
  }

  type Ids = ReturnType<typeof idsOf>;
  const readAll = "{ grants(first: 50) { nodes { id } } }";
  const handOver = (ids: Ids) => {
    const grant = `grant: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.group("g-2")}", permissions: [{ operation: "administer", target: "space" }] }) { outcome }`;
    const revoke = `it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(1)}", permissions: [{ operation: "administer", target: "space" }] }) { outcome userErrors { code } }`;
    return `mutation { ${grant} ${revoke} }`;
  };
  const leave = (ids: Ids) =>
    `mutation { it: revokeGroupMembership(input: { group: "${ids.group("g-2")}", accounts: ["${ids.account(2)}"] }) { changes { outcome userErrors { code } } } }`;
  const dissolve = (ids: Ids) =>
    `mutation { it: deleteGroup(input: { group: "${ids.group("g-2")}" }) { outcome userErrors { code } } }`;

  it.each([
    ["the last person of the group leaves", leave],
    ["the group is deleted", dissolve],
  ])("is not what a process remembers of it when %s", async (_title, take) => {
    await using two = await startTwo();
    const { here, there, ids } = two;
    await there(readAll);
    expect(await here(handOver(ids))).toBe("REMOVED");
    expect(await there(take(ids))).toBe("LAST_ADMINISTRATOR");
    // And once more, by what was found then.
    expect(await there(take(ids))).toBe("LAST_ADMINISTRATOR");
    expect(await here(take(ids))).toBe("LAST_ADMINISTRATOR");
  });

  it("is not known while the record cannot be read, which a dry run says too", async () => {
    await using two = await startTwo();
    const { there, ids } = two;
    await there(readAll);
    const rehearsed = leave(ids).replace("input: {", "input: { dryRun: true,");
    expect(await there(rehearsed)).toBe("PLANNED");
    await postgres.kill();
    try {
      expect(await there(rehearsed)).toBe("STATE_UNKNOWN");
    } finally {
      await postgres.restart();
    }
  });

  it("takes no more readings than where nobody else changed it: the one that the question is answered by", async () => {
    await using two = await startTwo();
    const { here, there, ids, stack } = two;
    for (const ask of [here, there]) await ask(readAll);
    expect(await here(handOver(ids))).toBe("REMOVED");
    for (const ask of [here, there, there]) {
      await stack.forgetCalls();
      expect(await ask(leave(ids))).toBe("LAST_ADMINISTRATOR");
      expect(stack.calls().filter((call) => /^GET .*\/spaces\/\d+\/permissions/.test(call))).toHaveLength(1);
    }
  });
});
