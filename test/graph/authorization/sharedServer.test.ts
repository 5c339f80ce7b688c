import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "../../../src/domain/Scope.js";
import { idsOf } from "../../provisioning/ids.js";
import { writeCallersFile } from "../../support/callersFile.js";
import { startProvisioning } from "../../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const callers = writeCallersFile([
  { name: "whole", scopes: [...scopes] },
  { name: "whole-too", scopes: scopes.filter((scope) => scope !== "audit") },
  { name: "plain", scopes: ["read"] },
  // One scope more than the one before, each.
  { name: "personal", scopes: ["read", "read:personal"] },
  { name: "recorder", scopes: ["read", "audit"] },
  { name: "nothing", scopes: ["grant"] },
  { name: "costly", scopes: [...scopes], limits: { costPerMinute: 5 } },
  { name: "wordy", scopes: [...scopes], limits: { costPerMinute: 3_000 } },
  { name: "busy", scopes: [...scopes], limits: { operationsAtOnce: 1 } },
  { name: "writer", scopes: [...scopes], limits: { writesPerMinute: 2 } },
]);

const world = cloudWorld({
  accounts: [1, 2, 3].map(human),
  groups: [{ id: "g-1", name: "readers", members: [human(1).accountId] }],
  spaces: [space(1, { permissions: [permission("user", human(1).accountId)] })],
});

let stack: Awaited<ReturnType<typeof startProvisioning>>;

beforeAll(async () => {
  stack = await startProvisioning(world, { CALLERS_FILE: callers.path });
  // No budget fills while a slow machine works.
  stack.clock.stop();
});

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await callers[Symbol.asyncDispose]();
});

async function send(name: string, body: unknown) {
  const response = await fetch(stack.server.graphqlUrl, {
    method: "POST",
    headers: { "content-type": "application/json", ...callers.headersOf(name) },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("answers that are remembered", () => {
  it.each([
    "{ accounts { nodes { displayName email } } }",
    '{ accounts(filter: { text: "human-2@" }) { nodes { displayName } } }',
    "{ accounts { totalCount } changes { totalCount } }",
    '{ identity(email: "human-1@example.com") { accounts { nodes { displayName } } } }',
  ])("are of those who may see the same alone: %s", async (query) => {
    const asked = ["whole", "plain", "whole-too", "nothing", "personal", "recorder"];
    const first = new Map<string, string>();
    // Each asks often enough for an answer to be remembered, and all by turns, so that any could get another's.
    for (let round = 0; round < 5; round += 1) {
      for (const name of round % 2 === 0 ? asked : [...asked].reverse()) {
        const { text } = await send(name, { query });
        const known = first.get(name) ?? text;
        first.set(name, known);
        expect([name, round, text]).toEqual([name, round, known]);
      }
    }
    const [whole, plain, , nothing] = asked.map((name) => first.get(name));
    expect(nothing).toContain("FORBIDDEN");
    expect(whole).not.toContain("FORBIDDEN");
    expect(plain).not.toBe(whole);
    expect(plain).not.toContain('human-2@example.com",');
  });
});

describe("a caller over its budget", () => {
  const query = "{ accounts { nodes { displayName } } }";

  it("is told how long to wait, and the others are answered meanwhile", async () => {
    const answers = [await send("costly", { query }), await send("costly", { query })];
    const [first, second] = answers;
    expect(first?.status).toBe(200);
    expect(second?.status).toBe(429);
    const [error] = JSON.parse(second?.text ?? "").errors;
    expect(error.extensions).toMatchObject({ code: "CALLER_OVER_BUDGET", budget: "cost", limit: 5 });
    expect(Number(second?.headers.get("retry-after"))).toBe(Math.ceil(error.extensions.retryAfterMs / 1000));
    expect((await send("plain", { query })).status).toBe(200);
    stack.clock.shift(error.extensions.retryAfterMs);
    expect((await send("costly", { query })).status).toBe(200);
  });

  it("pays for documents that are looked through and refused, by their length", async () => {
    const refused = (name: string) => ({ query: `{ ${`${name} `.repeat(800)} }` });
    const answers = [];
    for (const name of ["nothingA", "nothingB"]) answers.push(await send("wordy", refused(name)));
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    expect(answers[0]?.text).toContain("errors");
  });

  it("runs no more operations at a time than it may, a batch counting as what it holds", async () => {
    const batch = await send("busy", [{ query }, { query }]);
    expect([batch.status, JSON.parse(batch.text).errors[0].extensions.budget]).toEqual([429, "operations"]);
    for (let round = 0; round < 3; round += 1) expect((await send("busy", { query })).status).toBe(200);
  });

  it("makes no more changes than it may, and plans as many, counted by themselves", async () => {
    const ids = idsOf(stack.siteId);
    const join = (number: number, dryRun: boolean) => {
      const input = `{ group: "${ids.group("g-1")}", accounts: ["${ids.account(number)}"], dryRun: ${dryRun} }`;
      return send("writer", { query: `mutation { grantGroupMembership(input: ${input}) { changes { outcome } } }` });
    };
    for (let round = 0; round < 2; round += 1) expect((await join(2, true)).text).toContain("PLANNED");
    const overPlanned = JSON.parse((await join(2, true)).text);
    expect(overPlanned.errors[0].extensions).toMatchObject({ code: "CALLER_OVER_BUDGET", budget: "dryRuns", limit: 2 });
    const change = `{ grantGroupMembership: { group: "${ids.group("g-1")}", account: "${ids.account(2)}" } }`;
    const preview = await send("writer", { query: `{ previewChanges(changes: [${change}]) { changes { outcome } } }` });
    expect(JSON.parse(preview.text)).toMatchObject({
      data: { previewChanges: null },
      errors: [{ extensions: { code: "CALLER_OVER_BUDGET", budget: "dryRuns", limit: 2 } }],
    });
    expect((await join(2, false)).text).toContain("CREATED");
    expect((await join(2, false)).text).toContain("ALREADY_EXISTS");
    const over = JSON.parse((await join(3, false)).text);
    expect(over.data).toEqual({ grantGroupMembership: null });
    expect(over.errors[0].extensions).toMatchObject({ code: "CALLER_OVER_BUDGET", budget: "writes", limit: 2 });
  });
});
