import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

type Action = "suspendAccount" | "restoreAccount" | "removeAccount";

const startAt = (version = "9.2.0", sandbox: Record<string, unknown> = {}) =>
  startDataCenterStack({ world: smallDataCenterWorld(version), sandbox: { dataCenter: sandbox } });

async function ask(stack: DataCenterStack, action: Action, userKey: string, isDryRun = false) {
  // Ben alone administers a space.
  const meant = action === "restoreAccount" ? "" : "acknowledgeAdministration: true";
  const { data, errors } = await stack.query(
    `mutation ($id: ID!, $dry: Boolean!) {
      change: ${action}(input: { account: $id, dryRun: $dry, reason: "left" ${meant} }) {
        outcome plan affectedResources userErrors { code field message }
        removal { taskId state percentage message } account { accountId status }
      }
    }`,
    { id: dataCenterIds(stack.siteId).account(userKey), dry: isDryRun },
  );
  expect(errors).toBeUndefined();
  return data.change;
}

/** Lets pauses pass at once, and whoever waits see the time gone by. What can be cut short is a time limit: it stays. */
function passTimeAtOnce({ clock }: DataCenterStack): number[] {
  const pauses: number[] = [];
  const sleep = clock.sleep.bind(clock);
  clock.sleep = async (durationMs, signal) => {
    if (signal !== undefined) return sleep(durationMs, signal);
    pauses.push(durationMs);
    clock.shift(durationMs);
  };
  return pauses;
}

describe("suspending and restoring an account of a site that keeps its own", () => {
  it.each(["8.3.0", "9.2.0", "10.2.0"])("on %s needs no acknowledgement, and does each once", async (version) => {
    await using stack = await startAt(version);
    expect(await ask(stack, "suspendAccount", dcUsers.ben, true)).toMatchObject({ outcome: "PLANNED", userErrors: [] });
    expect(stack.writes()).toEqual([]);
    expect(await ask(stack, "suspendAccount", dcUsers.ben)).toMatchObject({
      outcome: "REPLACED",
      plan: [`disable account ${dcUsers.ben}`],
      affectedResources: [],
      userErrors: [],
      removal: null,
      account: { status: "DEACTIVATED" },
    });
    expect(await ask(stack, "suspendAccount", dcUsers.ben)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(await ask(stack, "restoreAccount", dcUsers.ben)).toMatchObject({
      outcome: "REPLACED",
      account: { status: "ACTIVE" },
    });
    expect(await ask(stack, "restoreAccount", dcUsers.ben)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(stack.writes()).toEqual([
      "PUT /confluence/rest/api/admin/user/ben/disable",
      "PUT /confluence/rest/api/admin/user/ben/enable",
    ]);
    const audit = await stack.audit();
    expect(audit[1]).toMatchObject({
      action: "suspendAccount",
      subject: { accountId: dcUsers.ben },
      before: ["status current"],
      after: ["status deactivated"],
      outcome: "REPLACED",
      reason: "left",
    });
  });

  it.each([
    ["suspendAccount", "our own account", dcUsers.admin, "OWN_ACCOUNT"],
    ["removeAccount", "our own account", dcUsers.admin, "OWN_ACCOUNT"],
    ["suspendAccount", "a name that no path takes", dcUsers.jo, "UNSUPPORTED"],
    ["removeAccount", "a name that no path takes", dcUsers.jo, "UNSUPPORTED"],
    ["restoreAccount", "who is gone from the directory", dcUsers.hal, "UNSUPPORTED"],
    ["suspendAccount", "nobody", dcUsers.gone, "ACCOUNT_NOT_FOUND"],
    ["restoreAccount", "nobody", dcUsers.gone, "ACCOUNT_NOT_FOUND"],
  ] as const)("%s refuses %s in a dry run too, and writes nothing", async (action, _whom, userKey, code) => {
    await using stack = await startAt();
    for (const isDryRun of [true, false]) {
      const { outcome, userErrors } = await ask(stack, action, userKey, isDryRun);
      expect([outcome, userErrors[0].code, userErrors[0].field]).toEqual(["FAILED", code, ["account"]]);
    }
    expect(stack.writes()).toEqual([]);
  });

  it("says that a read-only directory is why", async () => {
    await using stack = await startAt("9.2.0", { readOnlyDirectory: true });
    for (const action of ["suspendAccount", "removeAccount"] as const) {
      expect((await ask(stack, action, dcUsers.ben)).userErrors).toMatchObject([{ code: "DIRECTORY_READ_ONLY" }]);
    }
  });

  it("settles a lost answer by reading, and never sends again", async () => {
    await using stack = await startAt();
    const disable = "PUT /rest/api/admin/user/*/disable";
    await stack.fail({ match: disable, times: 1, reset: true, after: true });
    expect(await ask(stack, "suspendAccount", dcUsers.ben)).toMatchObject({ outcome: "REPLACED", userErrors: [] });
    await stack.fail({ match: disable, times: 1, reset: true });
    expect((await ask(stack, "suspendAccount", dcUsers.cara)).userErrors).toMatchObject([{ code: "ANSWER_LOST" }]);
    expect(stack.writes()).toHaveLength(2);
  });
});

describe("removing an account of a site that keeps its own", () => {
  it("waits until the site is done, takes the account out of lists, and writes nothing when asked again", async () => {
    await using stack = await startAt("10.2.0", { longTaskMs: 1_200 });
    const pauses = passTimeAtOnce(stack);
    const lists = `{ accounts(filter: { text: "Ben" }) { totalCount } group(name: "${dcGroups.a}") { members { totalCount } } }`;
    expect((await stack.query(lists)).data).toEqual({
      accounts: { totalCount: 1 },
      group: { members: { totalCount: 1 } },
    });
    expect(await ask(stack, "removeAccount", dcUsers.ben, true)).toMatchObject({ outcome: "PLANNED" });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({
      outcome: "REMOVED",
      plan: [`remove account ${dcUsers.ben}`],
      userErrors: [],
      removal: { state: "SUCCEEDED", percentage: 100 },
    });
    expect(pauses).toEqual([500, 1_000]);
    expect((await stack.query(lists)).data).toEqual({
      accounts: { totalCount: 0 },
      group: { members: { totalCount: 0 } },
    });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "NOT_PRESENT", removal: null });
    expect(stack.writes()).toEqual(["DELETE /confluence/rest/api/admin/user/ben"]);
  });

  it("says STARTED after 20 seconds; repeated, it looks after what was started and sends nothing twice", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 60_000 });
    const pauses = passTimeAtOnce(stack);
    const started = await ask(stack, "removeAccount", dcUsers.ben);
    expect(started).toMatchObject({ outcome: "STARTED", userErrors: [], removal: { state: "RUNNING" } });
    expect(pauses.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(20_000);
    expect(Math.max(...pauses)).toBe(4_000);
    pauses.length = 0;
    expect(await ask(stack, "removeAccount", dcUsers.ben, true)).toMatchObject({ outcome: "STARTED" });
    expect(pauses).toEqual([]);
    expect((await ask(stack, "removeAccount", dcUsers.ben)).removal.taskId).toBe(started.removal.taskId);
    stack.clock.shift(60_000);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({
      outcome: "REMOVED",
      removal: { state: "SUCCEEDED" },
    });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(1);
    expect((await stack.audit()).map(({ phase, outcome }) => [phase, outcome])).toEqual([
      ["attempt", null],
      ["result", "STARTED"],
      ["result", "STARTED"],
      ["result", "REMOVED"],
      ["result", "NOT_PRESENT"],
    ]);
  });

  it("tells why a removal failed, and tries anew only when asked again", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 600_000 });
    const body = {
      id: "1",
      percentageComplete: 100,
      successful: false,
      messages: [{ translation: "Ben owns a blueprint" }],
    };
    await stack.fail({ match: "GET /rest/api/longtask/*", times: 1, status: 200, body });
    const failed = await ask(stack, "removeAccount", dcUsers.ben);
    expect(failed).toMatchObject({ outcome: "FAILED", removal: { state: "FAILED", message: "Ben owns a blueprint" } });
    expect(failed.userErrors).toMatchObject([{ code: "UPSTREAM_REFUSED" }]);
    expect(failed.userErrors[0].message).toContain("blueprint");
    expect(stack.writes()).toHaveLength(1);
    passTimeAtOnce(stack);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "STARTED" });
    expect(stack.writes()).toHaveLength(2);
  });

  it("goes on looking where the site does not know the task (any more), and sends nothing twice for ten minutes", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 3_600_000 });
    const body = { statusCode: 404, data: {}, message: "No long task found" };
    await stack.fail({ match: "GET /rest/api/longtask/*", times: -1, status: 404, body });
    const started = { outcome: "STARTED", userErrors: [], removal: { state: "UNKNOWN", percentage: null } };
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject(started);
    stack.clock.shift(590_000);
    expect(await ask(stack, "removeAccount", dcUsers.ben, true)).toMatchObject(started);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject(started);
    expect(stack.writes()).toHaveLength(1);
    stack.clock.shift(10_000);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject(started);
    expect(stack.writes()).toHaveLength(2);
  });

  it("is REMOVED once the account is gone, whoever knows the task", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 60_000 });
    const body = { statusCode: 404, data: {}, message: "No long task found" };
    await stack.fail({ match: "GET /rest/api/longtask/*", times: -1, status: 404, body });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "STARTED" });
    stack.clock.shift(60_000);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(1);
  });

  it("claims nothing when the answer to the removal is lost, and finds out when asked again", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 600_000 });
    passTimeAtOnce(stack);
    await stack.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, reset: true, after: true });
    const lost = await ask(stack, "removeAccount", dcUsers.ben);
    expect(lost.userErrors).toMatchObject([{ code: "STATE_UNKNOWN" }]);
    stack.clock.shift(600_000);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED" });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toHaveLength(1);
  });

  it.each(["8.3.0", "10.2.0"].flatMap((version) => [500, 502, 503].map((status) => [version, status] as const)))(
    "on %s never takes an answer of %i for a refusal, and lists lose the account when the site is done",
    async (version, status) => {
      await using stack = await startAt(version, { longTaskMs: 60_000 });
      passTimeAtOnce(stack);
      const lists = `{ everybody: group(name: "${dcGroups.users}") { members { totalCount } } group(name: "${dcGroups.a}") { members { totalCount } } }`;
      const members = async () => {
        const { data } = await stack.query(lists);
        return [data.everybody.members.totalCount, data.group.members.totalCount];
      };
      expect(await members()).toEqual([9, 1]);
      await stack.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, status, after: true });
      expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({
        ...{ outcome: "FAILED", removal: { taskId: null, state: "UNKNOWN" }, account: { status: "ACTIVE" } },
        userErrors: [{ code: "STATE_UNKNOWN" }],
      });
      expect(await members()).toEqual([9, 1]);
      stack.clock.shift(60_000);
      expect(await members()).toEqual([8, 0]);
      expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
      expect(stack.writes()).toHaveLength(1);
    },
  );

  it("waits for what may be under way although its answer was a failure", async () => {
    await using stack = await startAt("10.2.0", { longTaskMs: 3_000 });
    passTimeAtOnce(stack);
    await stack.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, status: 503, after: true });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
  });

  it("sends it once more, asked again, where the failure was one: it looks first", async () => {
    await using stack = await startAt("10.2.0", { longTaskMs: 0 });
    const pauses = passTimeAtOnce(stack);
    await stack.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, status: 500 });
    expect((await ask(stack, "removeAccount", dcUsers.ben)).userErrors).toMatchObject([{ code: "STATE_UNKNOWN" }]);
    expect(await ask(stack, "removeAccount", dcUsers.ben, true)).toMatchObject({ outcome: "PLANNED" });
    pauses.length = 0;
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    expect(pauses.length).toBeGreaterThan(0);
    expect(stack.writes()).toHaveLength(2);
  });

  it("lets go of a removed account in lists although nobody asks again how its removal ended", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 60_000 });
    passTimeAtOnce(stack);
    const lists = `{ accounts(filter: { text: "Ben" }) { totalCount } }`;
    expect((await stack.query(lists)).data.accounts.totalCount).toBe(1);
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "STARTED" });
    expect((await stack.query(lists)).data.accounts.totalCount).toBe(1);
    stack.clock.shift(60_000);
    expect((await stack.query(lists)).data.accounts.totalCount).toBe(0);
  });

  it("takes a refusal for one: nothing is looked after", async () => {
    await using stack = await startAt("9.2.0");
    const body = { statusCode: 400, data: {}, message: "Not this one" };
    await stack.fail({ match: "DELETE /rest/api/admin/user/*", times: 1, status: 400, body });
    expect((await ask(stack, "removeAccount", dcUsers.ben)).userErrors).toMatchObject([{ code: "UPSTREAM_REFUSED" }]);
  });

  it("claims nothing while nobody tells how far it is, and goes on looking", async () => {
    await using stack = await startAt("9.2.0", { longTaskMs: 1_000 });
    passTimeAtOnce(stack);
    await stack.fail({
      match: "GET /rest/api/longtask/*",
      times: -1,
      status: 403,
      body: { statusCode: 403, data: {} },
    });
    expect((await ask(stack, "removeAccount", dcUsers.ben)).userErrors).toMatchObject([{ code: "STATE_UNKNOWN" }]);
    await fetch(`${new URL(stack.dataCenter.url).origin}/__sandbox/faults`, { method: "DELETE" });
    expect(await ask(stack, "removeAccount", dcUsers.ben)).toMatchObject({ outcome: "REMOVED" });
    expect(stack.writes()).toHaveLength(1);
  });
});
