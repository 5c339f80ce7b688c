import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { type DataCenterMutation, dataCenterMutations, givenPassword, type Way } from "./dataCenterMutations.js";
import { recordCalls } from "./recordCalls.js";

interface Ending {
  readonly outcome: string;
  readonly plan: readonly string[];
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

const versions: readonly (readonly [version: string, way: Way])[] = [
  ["8.3.0", "rpc"],
  ["10.2.0", "rest"],
];

function startAt(version: string, env: Readonly<Record<string, string>> = {}) {
  return startDataCenterStack({
    world: smallDataCenterWorld(version),
    sandbox: { dataCenter: { longTaskMs: 0 } },
    env,
  });
}

async function ask(
  stack: DataCenterStack,
  { name, type, selection, input }: DataCenterMutation,
  parts: Readonly<Record<string, unknown>> = {},
): Promise<readonly Ending[]> {
  const { data, errors } = await stack.query(
    `mutation ($input: ${type}!) { it: ${name}(input: $input) { ${selection} } }`,
    { input: { ...input(dataCenterIds(stack.siteId), stack.siteId), ...parts } },
    { "x-requested-by": "the-gateway" },
  );
  expect(errors).toBeUndefined();
  return data.it.changes ?? [data.it];
}

const outcomes = (endings: readonly Ending[]) => endings.map(({ outcome }) => outcome);
const codes = (endings: readonly Ending[]) => endings.flatMap(({ userErrors }) => userErrors.map(({ code }) => code));
/** `PUT /rest/api/…` of `PUT /confluence/rest/api/… body`: as a fault matches it. */
const matchOf = (write: string) =>
  decodeURIComponent(write.split(" ").slice(0, 2).join(" ").replace("/confluence", ""));

/** The call that tells where things stand before a change. */
function stateOf(mutation: string, way: (typeof versions)[number][1]): string {
  if (mutation.endsWith("SpaceAccess")) {
    return way === "rpc"
      ? "POST /rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets"
      : "GET /rest/api/space/*/permissions";
  }
  if (mutation.endsWith("Account")) return "GET /rest/api/user";
  return mutation === "createGroup" ? "GET /rest/api/group" : "GET /rest/api/group/**";
}

describe.each(versions)("every change on Data Center %s", (version, way) => {
  const able = dataCenterMutations
    .filter(({ writes }) => writes[way] !== null)
    .map((mutation) => [mutation.name, mutation] as const);
  /** Those that send one call, or one after the other. */
  const single = able.filter(([name]) => !["revokeGrants", "applyAccessChanges"].includes(name));
  let stack: DataCenterStack;
  let sent: ReturnType<typeof recordCalls>;

  beforeAll(async () => {
    stack = await startAt(version);
    sent = recordCalls(stack.dataCenter.url);
    // The version is a hint: creating by REST is tried once before JSON-RPC is.
    for (const [name, mutation] of able) if (name === "provisionAccount") await ask(stack, mutation);
  });
  beforeEach(() => {
    stack.sandbox.reset();
    sent.forget();
  });
  afterAll(async () => {
    sent[Symbol.dispose]();
    await stack[Symbol.asyncDispose]();
  });

  it.each(able)("%s: plans in a dry run what the real run sends, and sends nothing twice", async (_name, mutation) => {
    const { done, again, writes } = mutation;
    const before = stack.sandbox.world();
    const lines = (await stack.audit()).length;
    const dry = await ask(stack, mutation, { dryRun: true });
    expect(outcomes(dry)).toEqual(done.map((each) => (/ALREADY_EXISTS|NOT_PRESENT/.test(each) ? each : "PLANNED")));
    expect(sent.writes()).toEqual([]);
    expect(stack.sandbox.world()).toEqual(before);
    expect(await stack.audit()).toHaveLength(lines);

    const real = await ask(stack, mutation);
    expect(outcomes(real)).toEqual(done);
    expect(codes(real)).toEqual([]);
    expect(real.map(({ plan }) => plan)).toEqual(dry.map(({ plan }) => plan));
    expect(sent.writes().sort()).toEqual([...(writes[way] ?? [])].sort());

    sent.forget();
    expect(outcomes(await ask(stack, mutation))).toEqual(again);
    expect(outcomes(await ask(stack, mutation, { dryRun: true }))).toEqual(again);
    expect(sent.writes()).toEqual([]);
  });

  it.each(able)("%s: leaves in the audit who asked, why, what was there and what is", async (name, mutation) => {
    const { done } = mutation;
    const earlier = (await stack.audit()).length;
    await ask(stack, mutation, { reason: "Request 4812", requestId: `R-4812 ${name}` });
    const lines = (await stack.audit()).slice(earlier);
    const results = lines.filter(({ phase }) => phase === "result");
    const changed = done.filter((outcome) => /CREATED|REPLACED|REMOVED/.test(outcome));
    expect(lines.filter(({ phase }) => phase === "attempt")).toHaveLength(changed.length);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([...done].sort());
    for (const line of lines) {
      expect(line).toMatchObject({
        ...{
          siteId: stack.siteId,
          callerRequestId: `R-4812 ${name}`,
          reason: "Request 4812",
          requestedBy: "the-gateway",
        },
        ...{ upstreamStatus: null, fault: null },
      });
    }
    for (const { outcome, before, after } of results) {
      if (changed.includes(String(outcome))) expect(after).not.toEqual(before);
      else expect(after).toEqual(before);
    }
  });

  it.each(single)("%s: a lost answer is settled by reading, and its call not sent again", async (_name, mutation) => {
    const [first = "", ...rest] = mutation.writes[way] ?? [];
    await stack.fail({ match: matchOf(first), reset: true, after: true });
    const endings = await ask(stack, mutation);
    expect([outcomes(endings), codes(endings)]).toEqual([mutation.done, []]);
    expect(sent.writes()).toEqual([first, ...rest]);
  });

  it.each(single)("%s: a lost call is told, not sent again, and safe to repeat", async (name, mutation) => {
    const [first = ""] = mutation.writes[way] ?? [];
    const before = stack.sandbox.world();
    await stack.fail({ match: matchOf(first), reset: true });
    const endings = await stack.clock.hurry(() => ask(stack, mutation));
    expect(endings[0]?.outcome).toBe("FAILED");
    // A removal that may be under way cannot be told from one that is not.
    expect(codes(endings)).toEqual([name === "removeAccount" ? "STATE_UNKNOWN" : "ANSWER_LOST"]);
    expect(sent.writes()).toEqual([first]);
    expect(stack.sandbox.world()).toEqual(before);
    expect(outcomes(await stack.clock.hurry(() => ask(stack, mutation)))).toEqual(mutation.done);
  });

  it.each(single)("%s: claims nothing when the site says yes and does not do it", async (name, mutation) => {
    const [first = "", ...rest] = mutation.writes[way] ?? [];
    const before = stack.sandbox.world();
    // Every write of the change, so that what follows the first is not done either.
    await stack.fail({ match: matchOf(first), times: 1 + rest.length, ...mutation.yes[way] });
    const endings = await ask(stack, mutation);
    // A removal takes its time, and its task may be another node's: for ten minutes it is taken for under way.
    const isRemoval = name === "removeAccount";
    expect(endings[0]?.outcome).toBe(isRemoval ? "STARTED" : "FAILED");
    expect(codes(endings)).toEqual(isRemoval ? [] : ["STATE_UNKNOWN"]);
    expect(sent.writes()).toEqual([first, ...rest]);
    expect(stack.sandbox.world()).toEqual(before);
    if (!isRemoval) return;
    const ended = { id: "gone", percentageComplete: 100, successful: false, messages: [] };
    await stack.fail({ match: "GET /rest/api/longtask/*", times: 1, status: 200, body: ended });
    expect(codes(await ask(stack, mutation))).toEqual(["UPSTREAM_REFUSED"]);
    expect(sent.writes()).toEqual([first, ...rest]);
  });

  it.each(single)("%s: a refusal is told in the site's words, and nothing else is sent", async (_name, mutation) => {
    const [first = ""] = mutation.writes[way] ?? [];
    const before = stack.sandbox.world();
    const said = "Dr. Strangelove forbids it";
    const refusal = first.includes("/rpc/")
      ? { status: 200, body: { error: { code: 500, message: `java.lang.RemoteException: ${said}` } } }
      : { status: 403, body: { statusCode: 403, data: {}, message: said, reason: "Forbidden" } };
    await stack.fail({ match: matchOf(first), ...refusal });
    const endings = await ask(stack, mutation);
    expect(codes(endings)).toEqual(["UPSTREAM_REFUSED"]);
    expect(endings[0]?.userErrors[0]?.message).toContain(said);
    expect(sent.writes()).toEqual([first]);
    expect(stack.sandbox.world()).toEqual(before);
  });

  it.each(single)("%s: cannot be planned on what cannot be read", async (name, mutation) => {
    const body = { statusCode: 403, data: {}, message: "No." };
    await stack.fail({ match: stateOf(name, way), times: -1, status: 403, body });
    const endings = await ask(stack, mutation);
    expect([name, new Set(outcomes(endings)), new Set(codes(endings))]).toEqual([
      ...[name, new Set(["FAILED"]), new Set(["STATE_UNKNOWN"])],
    ]);
    expect(sent.writes()).toEqual([]);
  });

  it("never shows a password that was given, in the log or in the audit", async () => {
    const provision = able.find(([name]) => name === "provisionAccount")?.[1];
    if (provision === undefined) throw new Error("Every version creates accounts.");
    const [first = ""] = provision.writes[way] ?? [];
    const said = `The password ${givenPassword} is weak`;
    const refusal =
      way === "rpc"
        ? { status: 200, body: { error: { code: 500, message: said } } }
        : { status: 400, body: { statusCode: 400, data: {}, message: said } };
    await stack.fail({ match: matchOf(first), ...refusal }, { match: matchOf(first), reset: true });
    const answers = [await ask(stack, provision), await ask(stack, provision), await ask(stack, provision)];
    expect(answers.map(outcomes)).toEqual([["FAILED"], ["FAILED"], ["CREATED"]]);
    const shown = JSON.stringify([answers, stack.logLines, await stack.audit()]);
    expect(["Canary", "Quux", "pässword"].filter((part) => shown.includes(part))).toEqual([]);
  });
});

describe("changes of a Data Center site that are switched off", () => {
  let stack: DataCenterStack;
  beforeAll(async () => {
    stack = await startAt("10.2.0", { PROVISIONING: "off" });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(dataCenterMutations.map((mutation) => [mutation.name, mutation] as const))(
    "%s reads and writes nothing",
    async (_name, mutation) => {
      await stack.forgetCalls();
      const endings = await ask(stack, mutation);
      expect(new Set(codes(endings))).toEqual(new Set(["PROVISIONING_DISABLED"]));
      expect(stack.calls()).toEqual([]);
      expect(await stack.audit()).toEqual([]);
    },
  );
});

describe("where the audit cannot be written, a Data Center site", () => {
  let stack: DataCenterStack;
  beforeAll(async () => {
    stack = await startAt("10.2.0", { AUDIT_LOG: "/no/such/folder/audit.jsonl" });
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  it.each(dataCenterMutations.map((mutation) => [mutation.name, mutation] as const))(
    "is not changed by %s",
    async (_name, mutation) => {
      const before = stack.sandbox.world();
      const endings = await ask(stack, mutation);
      expect(new Set(codes(endings))).toEqual(new Set(["AUDIT_UNAVAILABLE"]));
      expect(stack.writes()).toEqual([]);
      expect(stack.sandbox.world()).toEqual(before);
    },
  );
});
