import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { scopes } from "../../src/domain/Scope.js";
import { writeCallersFile } from "../support/callersFile.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const without = (...left: readonly string[]) => scopes.filter((scope) => !left.includes(scope));

const world = cloudWorld({
  // The first is whose credential this service has; the third is a caller's own.
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2), human(3)],
  groups: [
    { id: "g-team", name: "team", members: [human(3).accountId] },
    { id: "g-others", name: "others", members: [human(2).accountId] },
    { id: "g-keepers", name: "keepers", members: [human(1).accountId] },
    { id: "g-admins", name: "administrators", accessType: "admin", members: [human(1).accountId] },
    // Listed by itself, and by none of the names above: it holds nothing in any space.
    { id: "g-site-admins", name: "site-admins", accessType: "site-admin", members: [human(1).accountId] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("group", "g-keepers"),
        permission("group", "g-keepers", "administer/space"),
        permission("user", human(3).accountId),
        // Comes with the one before wherever that is granted.
        permission("user", human(3).accountId, "export_content/space"),
      ],
    }),
  ],
});

async function start(env: Readonly<Record<string, string>> = {}, of: unknown = world) {
  const callers = writeCallersFile([
    { name: "granter", scopes: without("grant:administration") },
    { name: "administrator", scopes: [...scopes] },
    { name: "third", scopes: [...scopes], accounts: [human(3).accountId] },
    { name: "keeper-of-accounts", scopes: without("grant") },
    { name: "slow", scopes: [...scopes], limits: { writesPerMinute: 2 } },
  ]);
  const stack = await startProvisioning(of, { CALLERS_FILE: callers.path, ...env });
  const ids = idsOf(stack.siteId);
  const send = async (caller: string, mutation: string) => {
    const answer = await stack.query(`mutation { ${mutation} }`, {}, callers.headersOf(caller));
    expect(answer.errors ?? []).toEqual([]);
    return answer.data;
  };
  /** The outcome, or the codes of why not, of one change among many. */
  const apply = async (caller: string, change: string, more = "") => {
    const { applyAccessChanges } = await send(
      caller,
      `applyAccessChanges(input: { changes: [{ ${change} }] ${more} }) { userErrors { code } changes { outcome userErrors { code } } }`,
    );
    const [only] = applyAccessChanges.changes;
    return only.userErrors.length === 0
      ? only.outcome
      : only.userErrors.map(({ code }: { code: string }) => code).join();
  };
  return {
    ...{ stack, ids, send, apply, callers },
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]();
      await callers[Symbol.asyncDispose]();
    },
  };
}

const grantOf = (spaceId: string, who: string, permission: string) => {
  const [operation, target = "space"] = permission.split("/");
  return `grantSpaceAccess: { space: "${spaceId}", ${who}, permissions: [{ operation: "${operation}", target: "${target}" }] }`;
};

describe("a caller without grant:administration", () => {
  it("changes what is no administration, and nothing that gives or takes it; dry runs say the same", async () => {
    await using set = await start();
    const { ids, apply, stack } = set;
    const [place, second] = [ids.space(1), `principal: "${ids.account(2)}"`];
    const anyone = 'accessClassId: "anonymous-users"';
    const cases: readonly (readonly [string, string])[] = [
      ["administers a space", grantOf(place, second, "administer")],
      [
        "administered a space",
        grantOf(place, `principal: "${ids.group("g-keepers")}"`, "read").replace("grantS", "revokeS"),
      ],
      [
        "an administrators' group",
        `grantGroupMembership: { group: "${ids.group("g-admins")}", account: "${ids.account(2)}" }`,
      ],
      [
        "the group of those who administer the site itself",
        `grantGroupMembership: { group: "${ids.group("g-site-admins")}", account: "${ids.account(2)}" }`,
      ],
      [
        "a group that administers a space",
        `grantGroupMembership: { group: "${ids.group("g-keepers")}", account: "${ids.account(2)}" }`,
      ],
    ];
    await stack.forgetCalls();
    for (const [why, change] of cases) {
      for (const more of ["", "dryRun: true"])
        expect([why, await apply("granter", change, more)]).toEqual([why, "FORBIDDEN"]);
    }
    expect(await apply("granter", grantOf(place, anyone, "read"))).toMatch(/FORBIDDEN|PRINCIPAL_NOT_SUPPORTED/);
    expect(stack.writes()).toEqual([]);
    expect(await apply("granter", grantOf(place, second, "read"))).toBe("CREATED");
    expect(
      await apply("granter", `grantGroupMembership: { group: "${ids.group("g-team")}", account: "${ids.account(2)}" }`),
    ).toBe("CREATED");
    expect(await apply("administrator", grantOf(place, second, "administer"))).toBe("CREATED");
  });

  it("takes nothing of it back by undo either, and deletes no group of administrators", async () => {
    await using set = await start();
    const { ids, apply, send, stack, callers } = set;
    await apply("administrator", grantOf(ids.space(1), `principal: "${ids.account(2)}"`, "read"));
    await apply("administrator", grantOf(ids.space(1), `principal: "${ids.account(2)}"`, "administer"));
    const { data } = await stack.query(
      "{ changes(first: 1) { nodes { id caller } } }",
      {},
      callers.headersOf("administrator"),
    );
    const [change] = data.changes.nodes;
    expect(change.caller).toBe("administrator");
    const undo = `undo(input: { change: "${change.id}" }) { outcome userErrors { code } }`;
    expect(await send("granter", undo)).toMatchObject({
      undo: { outcome: "FAILED", userErrors: [{ code: "FORBIDDEN" }] },
    });
    expect(await send("keeper-of-accounts", undo)).toMatchObject({ undo: { userErrors: [{ code: "FORBIDDEN" }] } });
    const remove = `deleteGroup(input: { group: "${ids.group("g-admins")}" }) { outcome userErrors { code } }`;
    expect(await send("granter", remove)).toMatchObject({ deleteGroup: { userErrors: [{ code: "FORBIDDEN" }] } });
    expect(await send("administrator", undo)).toMatchObject({ undo: { outcome: "REMOVED" } });
  });
});

describe("a caller's own account", () => {
  it("is given nothing that it does not hold: directly, by a group it is in, by joining one; what takes from it is let through", async () => {
    await using set = await start();
    const { ids, apply, stack } = set;
    const place = ids.space(1);
    await stack.forgetCalls();
    const [own, team, others] = [ids.account(3), ids.group("g-team"), ids.group("g-others")];
    for (const more of ["", "dryRun: true"]) {
      expect(await apply("third", grantOf(place, `principal: "${own}"`, "create/page"), more)).toBe("OWN_ACCESS");
      expect(await apply("third", grantOf(place, `principal: "${team}"`, "create/page"), more)).toBe("OWN_ACCESS");
      expect(await apply("third", `grantGroupMembership: { group: "${others}", account: "${own}" }`, more)).toBe(
        "OWN_ACCESS",
      );
    }
    expect(stack.writes()).toEqual([]);
    // It holds that already, if by another way.
    expect(await apply("third", grantOf(place, `principal: "${team}"`, "read"))).toBe("CREATED");
    expect(await apply("third", grantOf(place, `principal: "${others}"`, "read"))).toBe("CREATED");
    expect(await apply("third", `revokeGroupMembership: { group: "${team}", account: "${own}" }`)).toBe("REMOVED");
    expect(await apply("administrator", grantOf(place, `principal: "${own}"`, "create/page"))).toBe("CREATED");
  });

  it("gets back by undo nothing that was taken from it", async () => {
    await using set = await start();
    const { ids, apply, send, stack, callers } = set;
    await apply(
      "administrator",
      `revokeGroupMembership: { group: "${ids.group("g-team")}", account: "${ids.account(3)}" }`,
    );
    const { data } = await stack.query("{ changes(first: 1) { nodes { id } } }", {}, callers.headersOf("third"));
    const undo = `undo(input: { change: "${data.changes.nodes[0].id}" }) { outcome userErrors { code } }`;
    expect(await send("third", undo)).toMatchObject({
      undo: { outcome: "FAILED", userErrors: [{ code: "OWN_ACCESS" }] },
    });
    expect(await send("granter", undo)).toMatchObject({ undo: { outcome: "CREATED" } });
  });
});

describe("an invitation", () => {
  const [first, second, third] = [human(1), human(2), human(3)];
  const outside = cloudWorld({
    accounts: [{ ...first, email: defaultCredential.email }, second, { ...third, productRoles: [] }],
    groups: [],
    // What is left of the third is told by a grant: search names nobody who has no access.
    spaces: [space(1, { permissions: [permission("user", first.accountId), permission("user", third.accountId)] })],
  });

  it("gives no caller's own account the product, without an organization either", async () => {
    await using set = await start({}, outside);
    const { send, stack } = set;
    const invite = (more: string) =>
      `provisionAccount(input: { siteId: "${stack.siteId}", email: "${third.email}" ${more} }) { outcome userErrors { code } }`;
    await stack.forgetCalls();
    for (const more of ["", "dryRun: true"]) {
      expect(await send("third", invite(more))).toMatchObject({
        provisionAccount: { outcome: "FAILED", userErrors: [{ code: "OWN_ACCESS" }] },
      });
    }
    expect(stack.calls().filter((call) => call.includes("invite"))).toEqual([]);
    expect(await send("administrator", invite(""))).toMatchObject({ provisionAccount: { outcome: "CREATED" } });
  });
});

describe("changes a minute", () => {
  it("are counted of what an undo is made of, too", async () => {
    await using set = await start();
    const { ids, send, stack, callers } = set;
    await send("administrator", `deleteGroup(input: { group: "${ids.group("g-team")}" }) { outcome }`);
    const { data } = await stack.query("{ changes(first: 1) { nodes { id } } }", {}, callers.headersOf("slow"));
    const undo = (more: string) =>
      `undo(input: { change: "${data.changes.nodes[0].id}" ${more} }) { outcome changes { outcome } }`;
    const refusalOf = async (more: string) => {
      const over = await stack.query(`mutation { ${undo(more)} }`, {}, callers.headersOf("slow"));
      return over.errors?.[0]?.extensions;
    };
    // What is only planned takes nothing from what may be written, and is bounded by itself.
    expect(await send("slow", undo("dryRun: true"))).toMatchObject({ undo: { outcome: "PLANNED" } });
    expect(await refusalOf("dryRun: true")).toMatchObject({ code: "CALLER_OVER_BUDGET", budget: "dryRuns", limit: 2 });
    expect(await send("slow", undo(""))).toEqual({ undo: { outcome: "CREATED", changes: [{ outcome: "CREATED" }] } });
    expect(await refusalOf("")).toMatchObject({ code: "CALLER_OVER_BUDGET", budget: "writes", limit: 2 });
  });
});

describe("the record", () => {
  it("names the caller whose token it was beside who is said to have asked, and holds no token", async () => {
    await using set = await start();
    const { ids, stack, callers } = set;
    const change = grantOf(ids.space(1), `principal: "${ids.account(2)}"`, "read");
    await stack.query(
      `mutation { applyAccessChanges(input: { reason: "shift", changes: [{ ${change} }] }) { changes { outcome } } }`,
      {},
      { ...callers.headersOf("granter"), "x-requested-by": "alice@example.com" },
    );
    const lines = await stack.audit();
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatchObject({ caller: "granter", requestedBy: "alice@example.com", reason: "shift" });
      expect(line).not.toHaveProperty("mandate");
    }
    expect(JSON.stringify([lines, stack.logLines])).not.toContain("token-of-");
  });
});

describe("what a change must come with", () => {
  it("is a reason, and who is said to have asked, where that is required; without it nothing is read or written", async () => {
    await using set = await start({ REQUIRE_REASON: "on", REQUIRE_REQUESTED_BY: "on" });
    const { ids, stack, callers } = set;
    const ask = async (reason: string, headers: Readonly<Record<string, string>>) => {
      const change = grantOf(ids.space(1), `principal: "${ids.account(2)}"`, "read");
      const { data } = await stack.query(
        `mutation { applyAccessChanges(input: { reason: "${reason}", changes: [{ ${change} }] }) { userErrors { code field } changes { outcome } } }`,
        {},
        { ...callers.headersOf("administrator"), ...headers },
      );
      return data.applyAccessChanges;
    };
    await stack.forgetCalls();
    const by = { "x-requested-by": "alice@example.com" };
    const nothingToSee = [
      "",
      " ",
      "\u200b\u200d\ufeff",
      "\u00ad\u2060",
      "\u3164 \u{e0041}\ufe0f",
      "\u2800\u2028\u0085",
    ];
    for (const reason of nothingToSee) {
      expect(await ask(reason, by)).toEqual({
        changes: [],
        userErrors: [{ code: "INVALID_INPUT", field: ["reason"] }],
      });
    }
    for (const headers of [{}, { "x-requested-by": "\u00ad\u00a0\u00ad" }]) {
      expect(await ask("shift", headers)).toEqual({ changes: [], userErrors: [{ code: "INVALID_INPUT", field: [] }] });
    }
    expect(stack.calls()).toEqual([]);
    expect(await ask("shift", by)).toEqual({ changes: [{ outcome: "CREATED" }], userErrors: [] });
  });
});
