import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { PolicyHook } from "../../src/provisioning/policy/PolicyHook.js";
import { dcGroups, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { ManualClock } from "../support/ManualClock.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("user", human(2).accountId),
      ],
    }),
  ],
});

interface Question {
  readonly mutation: string;
  readonly isDryRun: boolean;
  readonly caller: { readonly name: string; readonly requestedBy: string | null };
  readonly changes: readonly {
    readonly action: string;
    readonly plan: readonly string[];
    readonly before: readonly string[];
    readonly after: readonly string[] | null;
  }[];
}

type Answer = (response: ServerResponse, question: Question) => void | Promise<void>;

const saying =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };

const timeLimitMs = 5_000;

/** A service that is asked, and what a server has to be told of it. */
async function startPolicy(first: Answer) {
  const state = { answer: first, questions: [] as Question[], authorization: "", isTimeUp: false };
  const server = createServer((request, response) => {
    state.authorization = request.headers.authorization ?? "";
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const question = JSON.parse(Buffer.concat(chunks).toString()) as Question;
      state.questions.push(question);
      void state.answer(response, question);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const env = {
    POLICY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/decide?tenant=a`,
    POLICY_TOKEN: "the-token-of-the-policy",
    POLICY_TIME_LIMIT_SECONDS: String(timeLimitMs / 1_000),
  };
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { state, env, stop };
}

async function start(first: Answer) {
  const { state, env, stop } = await startPolicy(first);
  const stack = await startProvisioning(world, env);
  // The time of the policy is up when a test says so, and not when the machine is slow.
  const sleep = stack.clock.sleep.bind(stack.clock);
  stack.clock.sleep = (ms, signal) => sleep(ms !== timeLimitMs ? ms : state.isTimeUp ? 0 : 600_000, signal);
  const ids = idsOf(stack.siteId);
  const place = ids.space(1);
  const give = (who: number) =>
    `{ grantSpaceAccess: { space: "${place}", principal: "${ids.account(who)}", permissions: [{ operation: "create", target: "page" }] } }`;
  const join = (who: number) =>
    `{ grantGroupMembership: { group: "${ids.group("g-team")}", account: "${ids.account(who)}" } }`;
  const apply = async (changes: readonly string[], more = "") => {
    const { data, errors } = await stack.query(
      `mutation { applyAccessChanges(input: { changes: [${changes.join(", ")}] ${more} }) {
        policy { decision reason } userErrors { code message } changes { outcome plan userErrors { code } } } }`,
      {},
      { "x-requested-by": "alice@example.com" },
    );
    expect(errors).toBeUndefined();
    return data.applyAccessChanges;
  };
  await stack.forgetCalls();
  return {
    ...{ stack, ids, state, give, join, apply },
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      stop();
    },
  };
}

const silence: Answer = () => undefined;

describe("a policy", () => {
  it("is asked once for a mutation, with its caller and all of its plans, and its reason stands in the record", async () => {
    await using set = await start(saying({ allow: true, reason: "ticket 7", rule: { allow: false, reason: "" } }));
    const { stack, state, give, join, apply } = set;
    const answered = await apply([give(2), join(3)]);
    expect(answered.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["CREATED", "CREATED"]);
    expect(answered.policy).toEqual({ decision: "ALLOWED", reason: "ticket 7" });
    expect(state.authorization).toBe("Bearer the-token-of-the-policy");
    expect(state.questions).toHaveLength(1);
    expect(state.questions[0]).toMatchObject({
      ...{ mutation: "applyAccessChanges", isDryRun: false },
      caller: { name: "anyone", requestedBy: "alice@example.com" },
      changes: expect.arrayContaining([
        expect.objectContaining({
          ...{ action: "grantPermissions", plan: ["grant create/page"], before: ["read/space"] },
          after: expect.arrayContaining(["create/page"]),
        }),
        expect.objectContaining({ action: "grantMembership", plan: ["add the member"], before: [], after: ["member"] }),
      ]),
    });
    const lines = await stack.audit();
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line).toMatchObject({ policy: { decision: "ALLOWED", reason: "ticket 7" } });
    const { data } = await stack.query("{ changes(first: 1) { nodes { policy { decision reason } } } }");
    expect(data.changes.nodes).toEqual([{ policy: { decision: "ALLOWED", reason: "ticket 7" } }]);
  });

  it("that denies lets nothing be written: the reason is answered and on record, and the same request may be asked again", async () => {
    await using set = await start(saying({ allow: false, reason: "not on Fridays" }));
    const { stack, state, give, join, apply } = set;
    const once = 'requestId: "once"';
    const denied = await apply([give(2), join(3)], once);
    expect(denied).toMatchObject({
      changes: [],
      policy: { decision: "DENIED", reason: "not on Fridays" },
      userErrors: [{ code: "POLICY_DENIED", message: expect.stringContaining("not on Fridays") }],
    });
    expect(stack.writes()).toEqual([]);
    const lines = await stack.audit();
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({ outcome: "FAILED", policy: { decision: "DENIED", reason: "not on Fridays" } });
    }
    state.answer = saying({ allow: true });
    expect(await apply([give(2), join(3)], once)).toMatchObject({
      changes: [{ outcome: "CREATED" }, { outcome: "CREATED" }],
      policy: { decision: "ALLOWED", reason: null },
    });
  });

  it.each<readonly [string, Answer]>([
    ["says yes in another word", saying({ allow: "true" })],
    ["says yes where nobody looks", saying({ allowed: true })],
    ["says something else", saying("yes")],
    ["gives a reason that is no text", saying({ allow: true, reason: { deep: true } })],
    ["says yes with another status", saying({ allow: true }, 202)],
    ["leads elsewhere", (response) => void response.writeHead(307, { location: "http://127.0.0.1:1/" }).end()],
    ["fails", saying({ allow: true }, 500)],
    ["cuts the connection", (response) => void response.destroy()],
    ["says very much", saying({ allow: true, reason: "x".repeat(70_000) })],
    ["never answers", silence],
    ["says yes with more behind it", saying('{"allow":true}{"allow":true}')],
    ["says yes among others", saying([{ allow: true }])],
    ["says no and yes", saying('{"allow":false,"allow":true}')],
    ["says yes and no, spelled otherwise", saying('{"allow":false,"reason":"{","\\u0061llow" : true}')],
  ])("that %s allows nothing", async (_case, answer) => {
    await using set = await start(answer);
    const { stack, state, give, apply } = set;
    state.isTimeUp = answer === silence;
    expect(await apply([give(2)])).toMatchObject({
      changes: [],
      policy: { decision: "UNAVAILABLE" },
      userErrors: [{ code: "POLICY_UNAVAILABLE" }],
    });
    expect(stack.writes()).toEqual([]);
    expect(await stack.audit()).toMatchObject([{ policy: { decision: "UNAVAILABLE" } }]);
  });

  it("that begins to answer and never gets to the end has no more time than others, and is hung up on", async () => {
    const clock = new ManualClock();
    const server = createServer();
    const answering = new Promise<ServerResponse>((resolve) => {
      server.once("request", (_request, response: ServerResponse) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"allow":true', () => resolve(response));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/decide`;
    const hook = new PolicyHook({ url, token: null, timeLimitMs }, { clock, logger: { warn: () => undefined } });
    const caller = { name: "one", requestedBy: null, reason: null, requestId: "1" };
    const asked = hook.ask({ mutation: "undo", isDryRun: false, caller, changes: [] });
    const response = await answering;
    const closed = new Promise((resolve) => response.once("close", resolve));
    await clock.advance(timeLimitMs);
    expect(await asked).toMatchObject({ decision: "UNAVAILABLE" });
    await closed;
    server.close();
  });

  it("is asked in a dry run too, which shows its answer and writes nothing, and is not asked where there is nothing to do", async () => {
    await using set = await start(saying({ allow: false, reason: "no" }));
    const { stack, state, give, join, apply } = set;
    expect(await apply([give(2)], "dryRun: true")).toMatchObject({
      changes: [{ outcome: "PLANNED", plan: ["grant create/page"] }],
      policy: { decision: "DENIED", reason: "no" },
    });
    expect(state.questions).toMatchObject([{ isDryRun: true }]);
    expect(await apply([join(1)])).toMatchObject({ changes: [{ outcome: "ALREADY_EXISTS" }], policy: null });
    expect(state.questions).toHaveLength(1);
    expect(stack.writes()).toEqual([]);
  });

  it("holds no lock meanwhile, and what it did not see is not sent: what changed while it was asked is refused", async () => {
    await using set = await start(saying({ allow: true }));
    const { stack, ids, state, apply } = set;
    const change = (kind: "grant" | "revoke") =>
      `{ ${kind}SpaceAccess: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] } }`;
    let isFirst = true;
    state.answer = async (response, question) => {
      if (isFirst) {
        isFirst = false;
        // Another caller changes the same space in the meantime, and is not kept waiting. The row has another id then.
        expect(await apply([change("revoke")])).toMatchObject({ changes: [{ outcome: "REMOVED" }] });
        expect(await apply([change("grant")])).toMatchObject({ changes: [{ outcome: "CREATED" }] });
        await stack.forgetCalls();
      }
      saying({ allow: true })(response, question);
    };
    expect(await apply([change("revoke")])).toMatchObject({
      changes: [{ outcome: "FAILED", userErrors: [{ code: "POLICY_OUTDATED" }] }],
      policy: { decision: "ALLOWED" },
    });
    expect(stack.writes()).toEqual([]);
    expect(await apply([change("revoke")])).toMatchObject({ changes: [{ outcome: "REMOVED" }] });
    expect(stack.logLines.join("")).not.toContain("the-token-of-the-policy");
  });

  it("is asked about a group and what comes back with it, once for an undo", async () => {
    await using set = await start(saying({ allow: true }));
    const { stack, ids, state } = set;
    const send = async (text: string) => (await stack.query(`mutation { ${text} }`)).data;
    await send(
      `grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.group("g-team")}", permissions: [{ operation: "create", target: "page" }] }) { outcome }`,
    );
    const deleted = await send(
      `deleteGroup(input: { group: "${ids.group("g-team")}", acknowledgeAdministration: true, acknowledgeOrganizationWide: true }) { outcome policy { decision } userErrors { message } }`,
    );
    expect(deleted.deleteGroup).toMatchObject({ outcome: "REMOVED", policy: { decision: "ALLOWED" } });
    const { data } = await stack.query("{ changes(first: 1) { nodes { id } } }");
    state.questions.length = 0;
    const undone = await send(
      `undo(input: { change: "${data.changes.nodes[0].id}" }) { outcome userErrors { code message } changes { outcome userErrors { code message } } policy { decision } }`,
    );
    expect(undone.undo).toMatchObject({ outcome: "CREATED", userErrors: [], policy: { decision: "ALLOWED" } });
    expect(undone.undo.changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["CREATED", "CREATED"]);
    expect(state.questions).toHaveLength(1);
    expect(state.questions[0]?.changes.map(({ action }) => action).sort()).toEqual([
      "createGroup",
      "grantMembership",
      "grantPermissions",
    ]);
  });

  it("is asked once about an account and all that it is to be given, before there is one, and what it allows is done", async () => {
    const { state, env, stop } = await startPolicy(saying({ allow: false, reason: "no ticket" }));
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0"), env });
    const ids = dataCenterIds(stack.siteId);
    const permissions = [{ operation: "create", target: "page" }];
    const input = {
      ...{ email: "nell@example.com", displayName: "Nell", generatePassword: true, requestId: "nell" },
      ...{ groups: [ids.group(dcGroups.c)], access: [{ space: ids.space("ENG"), permissions }] },
    };
    const provision = async () => {
      const { data, errors } = await stack.query(
        `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
          outcome userErrors { code } policy { decision } generatedPassword changes { outcome userErrors { code } } } }`,
        { input },
      );
      expect(errors).toBeUndefined();
      return data.provisionAccount;
    };
    await stack.forgetCalls();
    expect(await provision()).toMatchObject({
      ...{ outcome: "FAILED", userErrors: [{ code: "POLICY_DENIED" }], policy: { decision: "DENIED" } },
      ...{ generatedPassword: null, changes: [] },
    });
    expect(stack.writes()).toEqual([]);
    state.answer = saying({ allow: true });
    expect(await provision()).toEqual({
      ...{ outcome: "CREATED", userErrors: [], policy: { decision: "ALLOWED" } },
      generatedPassword: expect.stringMatching(/^[\w-]{32}$/),
      changes: [
        { outcome: "CREATED", userErrors: [] },
        { outcome: "CREATED", userErrors: [] },
      ],
    });
    expect(state.questions.map(({ mutation }) => mutation)).toEqual(["provisionAccount", "provisionAccount"]);
    for (const { changes } of state.questions) {
      expect(changes.map(({ action }) => action).sort()).toEqual([
        "grantMembership",
        "grantPermissions",
        "provisionAccount",
      ]);
    }
    stop();
  });
});
