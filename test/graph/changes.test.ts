import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute, parse } from "graphql";
import { beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { keptIndexes } from "../../src/compose/composeSite.js";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { ensureBuilt } from "../e2e/ensureBuilt.js";
import { startServerProgram } from "../e2e/startServerProgram.js";
import { idsOf } from "../provisioning/ids.js";
import { contextOver } from "../support/contextOver.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ManualClock } from "../support/ManualClock.js";
import { prepareDirectory } from "../support/prepareDirectory.js";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";
import { serveTestSite } from "../support/serveTestSite.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

const change = `id changeId action state subject { accountId groupId spaceId json account { displayName } group { name } space { key } }
  caller requestedBy reason requestId callerRequestId attemptedAt endedAt before after plan outcome fault upstreamStatus
  site { siteId } attempt { number previousHash hash record } result { number previousHash hash record }`;
const list = `query ($filter: ChangeFilter, $first: Int, $after: String) {
  changes(filter: $filter, first: $first, after: $after) {
    totalCount completeness { isComplete } pageInfo { hasNextPage endCursor } nodes { ${change} }
  }
}`;
const join2 = `mutation ($input: GrantGroupMembershipInput!) {
  grantGroupMembership(input: $input) { changes { outcome } userErrors { code field message } }
}`;

interface Served extends AsyncDisposable {
  readonly siteId: string;
  query(document: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<GraphAnswer>;
}

/** The built server, which keeps its record in a directory. */
async function startBuilt(): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), "changes-"));
  await prepareDirectory(directory);
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  const program = await startServerProgram({
    ...{ CONFLUENCE_URL: sandbox.url, CONFLUENCE_DEPLOYMENT: "cloud", PROVISIONING: "on", STATE_DIR: directory },
    ...{ CONFLUENCE_EMAIL: sandbox.credential.email, CONFLUENCE_API_TOKEN: sandbox.credential.apiToken },
  });
  const query: Served["query"] = (document, variables = {}, headers = {}) =>
    sendQuery(program.graphqlUrl, document, { ...variables }, headers);
  const { data } = await query("{ sites { siteId } }");
  return {
    query,
    siteId: data.sites[0].siteId,
    [Symbol.asyncDispose]: async () => {
      await program.dispose();
      await sandbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Two changes: somebody joins the group, and somebody gets into a space. */
async function change2(stack: Served) {
  const ids = idsOf(stack.siteId);
  const asked = { reason: "ticket 1", requestId: "R-1" };
  await stack.query(
    join2,
    { input: { group: ids.group("g-team"), accounts: [ids.account(2)], ...asked } },
    { "x-requested-by": "gateway" },
  );
  await stack.query(`mutation ($input: GrantSpaceAccessInput!) { grantSpaceAccess(input: $input) { outcome } }`, {
    input: {
      space: ids.space(1),
      principal: ids.account(3),
      permissions: [{ operation: "create", target: "page" }],
      requestId: "R-2",
    },
  });
  return ids;
}

beforeAll(() => ensureBuilt(), 300_000);

describe.each([
  ["in memory", () => startProvisioning(world)],
  ["in a directory", startBuilt],
] as [string, () => Promise<Served>][])("the record in the graph, kept %s", (name, start) => {
  it("lists what was changed, the newest first, with before, after, plan, outcome, who and why", async () => {
    await using stack = await start();
    const ids = await change2(stack);
    const { data, errors } = await stack.query(list);
    expect(errors).toBeUndefined();
    expect(data.changes).toMatchObject({
      totalCount: null,
      completeness: { isComplete: true },
      pageInfo: { hasNextPage: false },
    });
    const [granted, joined, ...others] = data.changes.nodes;
    expect(others).toEqual([]);
    expect(joined).toMatchObject({
      action: "grantMembership",
      state: "ENDED",
      subject: {
        accountId: human(2).accountId,
        groupId: "g-team",
        spaceId: null,
        account: { displayName: "Human 2" },
        group: { name: "team" },
        space: null,
      },
      caller: "anyone",
      requestedBy: "gateway",
      reason: "ticket 1",
      callerRequestId: "R-1",
      before: [],
      after: ["member"],
      plan: ["add the member"],
      outcome: "CREATED",
      fault: null,
      upstreamStatus: null,
      site: { siteId: stack.siteId },
      attempt: { number: 1, previousHash: "genesis" },
      result: { number: 2, previousHash: joined.attempt.hash },
    });
    expect(granted).toMatchObject({
      action: "grantPermissions",
      subject: { accountId: human(3).accountId, spaceId: "1001", space: { key: "S1" } },
      requestedBy: null,
      callerRequestId: "R-2",
      after: expect.arrayContaining(["create/page", "read/space"]),
      attempt: { number: 3 },
    });
    expect(JSON.parse(joined.result.record)).toMatchObject({ phase: "result", outcome: "CREATED", reason: "ticket 1" });

    const firstPage = await stack.query(list, { first: 1 });
    expect(firstPage.data.changes.nodes.map((node: { id: string }) => node.id)).toEqual([granted.id]);
    const { endCursor, hasNextPage } = firstPage.data.changes.pageInfo;
    expect(hasNextPage).toBe(true);
    const second = await stack.query(list, { first: 1, after: endCursor });
    expect(second.data.changes.nodes.map((node: { id: string }) => node.id)).toEqual([joined.id]);
    expect(second.data.changes.pageInfo.hasNextPage).toBe(false);
    const elsewhere = await stack.query(list, { after: endCursor, filter: { actions: ["grantMembership"] } });
    expect(elsewhere.errors?.[0]?.extensions).toMatchObject({
      code: "BAD_USER_INPUT",
      reason: "CURSOR_OF_ANOTHER_LIST",
    });

    const found = async (filter: object) => {
      const { data: some, errors: none } = await stack.query(list, { filter });
      expect(none).toBeUndefined();
      return some.changes.nodes.map((node: { id: string }) => node.id);
    };
    expect(await found({ actions: ["grantMembership", "deleteGroup"] })).toEqual([joined.id]);
    expect(await found({ callerRequestId: "R-2" })).toEqual([granted.id]);
    expect(await found({ subject: ids.group("g-team") })).toEqual([joined.id]);
    expect(await found({ subject: ids.account(3) })).toEqual([granted.id]);
    expect(await found({ subject: ids.space(1) })).toEqual([granted.id]);
    expect(await found({ subject: ids.space(2) })).toEqual([]);
    expect(await found({ since: granted.attemptedAt })).toEqual([granted.id]);
    expect(await found({ until: granted.attemptedAt })).toEqual([joined.id]);
    expect(await found({ sites: [stack.siteId] })).toHaveLength(2);
    const typo = await stack.query(list, { filter: { sites: ["nobody's"] } });
    expect(typo.errors?.[0]?.extensions).toMatchObject({ reason: "UNKNOWN_SITE" });

    const lost = await stack.query(
      `query ($id: ID!) { byId: change(id: $id) { id } byRequest: change(requestId: "R-1") { id outcome }
         request: changeRequest(requestId: "R-2") { state changes { id } } nobodys: changeRequest(requestId: "R-3") { state }
         none: change(requestId: "R-3") { id }
         site { record { keptIn isDurable head { number hash } checkpoint { number } } } }`,
      { id: granted.id },
    );
    expect(lost.errors).toBeUndefined();
    expect(lost.data).toMatchObject({
      byId: { id: granted.id },
      byRequest: { id: joined.id, outcome: "CREATED" },
      request: { state: "ENDED", changes: [{ id: granted.id }] },
      nobodys: null,
      none: null,
      site: {
        record: {
          keptIn: name === "in memory" ? "MEMORY" : "DIRECTORY",
          isDurable: name !== "in memory",
          head: { number: 4, hash: granted.result.hash },
          checkpoint: null,
        },
      },
    });
  }, 120_000);
});

describe("a record that cannot be read", () => {
  it("is an error with a code, never an empty list", async () => {
    const clock = new ManualClock();
    const served = serveTestSite({
      url: "http://127.0.0.1:9",
      email: "a@example.com",
      apiToken: "unused-token",
      clock,
    });
    const record = new MemoryRecord(clock);
    const fail = () => Promise.reject(new Error("the disk is gone"));
    Object.assign(record, {
      changes: fail,
      changesOf: fail,
      requestOf: fail,
      chain: fail,
      checkpointOf: fail,
      headOf: fail,
    });
    const contextValue = contextOver(served.store, {
      ...{ clock, record, recordKept: "directory", indexes: keptIndexes([served]) },
      provisioners: new Map([[served.store.site.siteId, served.provisioner]]),
    });
    const { schema } = buildGraphSchema();
    for (const document of [
      "{ changes { nodes { id } } }",
      `{ change(requestId: "R-1") { id } }`,
      `{ changeRequest(requestId: "R-1") { state } }`,
      "{ recordEntries { entries { number } } }",
      "{ site { record { isDurable } } }",
    ]) {
      const { errors = [] } = await execute({ schema, document: parse(document), contextValue });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(["RECORD_UNAVAILABLE"]);
      expect(errors[0]?.message).not.toContain("the disk is gone");
    }
    await served.store.site.close();
  });
});
