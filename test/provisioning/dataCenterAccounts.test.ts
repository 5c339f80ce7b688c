import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

const provision = `mutation ($input: ProvisionAccountInput!) {
  provisionAccount(input: $input) {
    outcome plan generatedPassword invitation { email }
    userErrors { code field message }
    account { accountId username displayName email status groups { nodes { name } } }
    changes { outcome plan userErrors { code field } }
  }
}`;
const briefly = `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) { outcome userErrors { code field } } }`;
const grace = { email: "Grace@Example.com", displayName: "Grace Hopper" };

const startAt = (version: string, sandbox: Record<string, unknown> = {}) =>
  startDataCenterStack({ world: smallDataCenterWorld(version), sandbox: { dataCenter: sandbox } });

async function ask(stack: DataCenterStack, input: Readonly<Record<string, unknown>>) {
  const { data, errors } = await stack.query(provision, { input });
  expect(errors).toBeUndefined();
  return data.provisionAccount;
}

describe("provisioning an account of a site that keeps its own", () => {
  it.each(["8.3.0", "8.6.0", "9.2.0", "10.2.0"])(
    "creates it on %s with a password that is given, and once",
    async (version) => {
      await using stack = await startAt(version);
      const input = { ...grace, username: "Grace", password: "correct horse" };
      const planned = await ask(stack, { ...input, dryRun: true });
      expect(planned).toMatchObject({ outcome: "PLANNED", userErrors: [], account: null });
      expect(stack.writes()).toEqual([]);
      const made = await ask(stack, input);
      expect(made).toMatchObject({
        outcome: "CREATED",
        userErrors: [],
        plan: planned.plan,
        generatedPassword: null,
        account: { username: "grace", displayName: "Grace Hopper", email: grace.email, status: "ACTIVE" },
      });
      // Nobody asked for the group: new people land there.
      expect(made.account.groups.nodes).toEqual([{ name: dcGroups.users }]);
      // Before 8.4 the way to do it by REST is tried once: the version is a hint.
      const sent = stack.writes();
      expect(sent).toHaveLength(version === "8.3.0" ? 2 : 1);
      expect(await ask(stack, input)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
      expect(stack.writes()).toEqual(sent);
      expect((await stack.audit()).map(({ phase, outcome }) => [phase, outcome])).toEqual([
        ["attempt", null],
        ["result", "CREATED"],
        ["result", "ALREADY_EXISTS"],
      ]);
    },
  );

  it("shows the newcomer at once where lists were read before", async () => {
    await using stack = await startAt("10.2.0");
    const lists = `{ accounts(filter: { text: "grace" }) { totalCount } group(name: "${dcGroups.users}") { members { totalCount } } }`;
    expect((await stack.query(lists)).data).toMatchObject({ accounts: { totalCount: 0 } });
    const before = (await stack.query(lists)).data.group.members.totalCount;
    await ask(stack, { ...grace, username: "grace", generatePassword: true });
    expect((await stack.query(lists)).data).toEqual({
      accounts: { totalCount: 1 },
      group: { members: { totalCount: before + 1 } },
    });
  });

  it("takes the address in lower case for the name where none is given, and lets the person set a password by e-mail", async () => {
    await using stack = await startAt("9.2.0");
    const made = await ask(stack, grace);
    expect(made).toMatchObject({
      outcome: "CREATED",
      account: { username: "grace@example.com" },
      generatedPassword: null,
    });
    expect(made.plan[0]).toContain("whose password the person sets");
  });

  it("tells a generated password once, and never writes it down", async () => {
    await using stack = await startAt("9.2.0");
    const input = { ...grace, username: "grace", generatePassword: true, sendNotification: false };
    expect((await ask(stack, { ...input, dryRun: true })).generatedPassword).toBeNull();
    const { generatedPassword, outcome } = await ask(stack, input);
    expect(outcome).toBe("CREATED");
    expect(generatedPassword).toMatch(/^[A-Za-z0-9_-]{24,}$/);
    expect((await ask(stack, input)).generatedPassword).toBeNull();
    const written = JSON.stringify([await stack.audit(), stack.logLines]);
    expect(written).not.toContain(generatedPassword);
  });

  it("grants groups and access in the same call, each with its own outcome, and plans them before", async () => {
    await using stack = await startAt("10.2.0");
    const ids = dataCenterIds(stack.siteId);
    const input = {
      ...grace,
      username: "grace",
      password: "correct horse",
      groups: [ids.group(dcGroups.a), ids.group(dcGroups.slash)],
      access: [{ space: ids.space("ENG"), permissions: [{ operation: "create", target: "page" }] }],
    };
    const planned = await ask(stack, { ...input, dryRun: true });
    const made = await ask(stack, input);
    expect(made.changes).toMatchObject([
      { outcome: "CREATED", plan: ["add the member"] },
      { outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED", field: ["groups", "1"] }] },
      { outcome: "CREATED", plan: ["grant read/space", "grant create/page"] },
    ]);
    expect(planned.changes.map((change: { plan: unknown }) => change.plan)).toEqual(
      made.changes.map((change: { plan: unknown }) => change.plan),
    );
    const again = await ask(stack, input);
    expect(again.outcome).toBe("ALREADY_EXISTS");
    expect(again.changes[0].outcome).toBe("ALREADY_EXISTS");
    expect(again.changes[2].outcome).toBe("ALREADY_EXISTS");
  });

  it("finds who has the address under another name where the version tells addresses, and asks which of several is meant", async () => {
    await using stack = await startAt("10.2.0");
    const found = await ask(stack, { email: "IDA@example.com" });
    expect(found).toMatchObject({ outcome: "ALREADY_EXISTS", account: { accountId: dcUsers.ida } });
    const [first, second] = ["one", "two"].map((username) => ({ ...grace, username, password: "correct horse" }));
    await ask(stack, first ?? {});
    await ask(stack, second ?? {});
    const sent = stack.writes().length;
    expect(await ask(stack, grace)).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }],
    });
    expect(await ask(stack, { ...grace, username: "TWO" })).toMatchObject({
      outcome: "ALREADY_EXISTS",
      account: { username: "two" },
    });
    expect(stack.writes()).toHaveLength(sent);
  });

  it.each(["8.3.0", "8.6.0", "9.2.0", "10.2.0"])(
    "on %s gives nothing to who has the name but another address",
    async (version) => {
      await using stack = await startAt(version);
      const groupIds = [dataCenterIds(stack.siteId).group(dcGroups.c)];
      const input = { ...{ email: "other@example.com", displayName: "Ben", generatePassword: true }, groups: groupIds };
      for (const dryRun of [true, false]) {
        const refused = await ask(stack, { ...input, username: "ben", dryRun });
        expect(refused).toMatchObject({ outcome: "FAILED", account: null, changes: [] });
        expect(refused.userErrors).toMatchObject([{ code: "INVALID_INPUT", field: ["username"] }]);
        expect(refused.userErrors[0].message).toContain("taken by an account with another e-mail address");
        expect(JSON.stringify(refused)).not.toContain("ben@example.com");
      }
      expect(stack.writes()).toEqual([]);
      expect(await ask(stack, { ...input, email: "BEN@example.com", username: "Ben" })).toMatchObject({
        outcome: "ALREADY_EXISTS",
        changes: [{ outcome: "CREATED" }],
      });
    },
  );

  it("goes by the name where the site tells no address, and by nothing while it cannot be asked", async () => {
    await using stack = await startAt("9.2.0");
    const profile = "GET /rest/mobile/1.0/profile/*";
    const input = { email: "other@example.com", username: "ben", displayName: "Ben", generatePassword: true };
    await stack.fail({ match: profile, times: 10, status: 500 });
    const outcomeOf = async () => (await stack.query(briefly, { input })).data.provisionAccount;
    expect(await outcomeOf()).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    await fetch(`${new URL(stack.dataCenter.url).origin}/__sandbox/faults`, { method: "DELETE" });
    await stack.fail({ match: profile, times: 10, status: 403, body: { statusCode: 403, data: {} } });
    expect(await outcomeOf()).toMatchObject({ outcome: "ALREADY_EXISTS", userErrors: [] });
    expect(stack.writes()).toEqual([]);
  });

  it("asks for no address of an account that the site said it made, and refuses who came before with another", async () => {
    await using stack = await startAt("9.2.0");
    const input = { ...grace, username: "grace", password: "correct horse" };
    expect((await stack.query(briefly, { input })).data.provisionAccount.outcome).toBe("CREATED");
    expect(stack.countCalls("GET", /profile/)).toBe(0);
    // Nobody was found by the name, and then the site refuses it.
    const body = { statusCode: 404, data: {}, message: "No user" };
    await stack.fail({ match: "GET /rest/api/user", times: 1, status: 404, body });
    const raced = await ask(stack, { ...input, email: "other@example.com", groups: [] });
    expect(raced).toMatchObject({ outcome: "FAILED", account: null });
    expect(raced.userErrors).toMatchObject([{ code: "INVALID_INPUT", field: ["username"] }]);
  });

  it("gives nothing to who is deactivated, and says how to get there", async () => {
    await using stack = await startAt("9.2.0");
    const { outcome, userErrors } = await ask(stack, { email: "fay@example.com", username: "fay" });
    expect(outcome).toBe("FAILED");
    expect(userErrors).toMatchObject([{ code: "ACKNOWLEDGEMENT_REQUIRED" }]);
    expect(userErrors[0].message).toContain("restoreAccount");
    const closed = await ask(stack, { email: "hal@example.com", username: "hal" });
    expect(closed.userErrors).toMatchObject([{ code: "UNSUPPORTED" }]);
    expect(stack.writes()).toEqual([]);
  });

  it.each([
    ["both passwords", { password: "secret-canary", generatePassword: true }, "INVALID_INPUT", "generatePassword"],
    ["a password of blanks", { password: "   " }, "INVALID_INPUT", "password"],
    ["no way to a password", { sendNotification: false }, "INVALID_INPUT", "sendNotification"],
    ["a product role", { productRole: "atlassian/guest" }, "UNSUPPORTED", "productRole"],
    ["a text for the e-mail", { notificationText: "Welcome" }, "UNSUPPORTED", "notificationText"],
    ["a name that Confluence refuses", { username: "grace+hopper" }, "INVALID_INPUT", "username"],
    ["no name to show", { displayName: null }, "INVALID_INPUT", "displayName"],
    ["a name to show with signs that are refused", { displayName: "<Grace>" }, "INVALID_INPUT", "displayName"],
  ])("refuses %s before anything is sent", async (_what, more, code, field) => {
    await using stack = await startAt("9.2.0");
    const { outcome, userErrors } = await ask(stack, { ...grace, username: "grace", ...more });
    expect(outcome).toBe("FAILED");
    expect(userErrors).toMatchObject([{ code, field: [field] }]);
    expect(stack.writes()).toEqual([]);
  });

  it("creates a name that holds a slash, which no path has to take", async () => {
    await using stack = await startAt("10.2.0");
    const input = { ...grace, username: "grace/ops", generatePassword: true };
    expect(await ask(stack, input)).toMatchObject({ outcome: "CREATED", account: { username: "grace/ops" } });
    expect(await ask(stack, input)).toMatchObject({ outcome: "ALREADY_EXISTS", generatedPassword: null });
  });

  it("asks for a password where the version sends no e-mail, and makes the name to show of its parts", async () => {
    await using stack = await startAt("8.3.0");
    const input = { email: grace.email, username: "grace", givenName: "Grace", familyName: "Hopper" };
    expect((await ask(stack, input)).userErrors).toMatchObject([{ code: "UNSUPPORTED", field: ["password"] }]);
    expect(stack.writes()).toEqual([]);
    expect(await ask(stack, { ...input, generatePassword: true })).toMatchObject({
      outcome: "CREATED",
      account: { displayName: "Grace Hopper" },
    });
  });

  it("keeps to Cloud what is Cloud's, and to itself what is not", async () => {
    await using full = await startAt("9.2.0", { licenceSeats: 1 });
    const refused = await ask(full, grace);
    expect(refused.userErrors).toMatchObject([{ code: "UPSTREAM_REFUSED" }]);
    expect(refused.userErrors[0].message).toContain("licence");
    await using outside = await startAt("9.2.0", { readOnlyDirectory: true });
    expect((await ask(outside, grace)).userErrors).toMatchObject([{ code: "DIRECTORY_READ_ONLY" }]);
  });
});

describe("a creation that does not simply succeed", () => {
  const create = "POST /rest/api/admin/user";
  const input = { ...grace, username: "grace", password: "correct horse" };

  it("is settled by reading when its answer is lost, and never sent again", async () => {
    await using stack = await startAt("9.2.0");
    await stack.fail({ match: create, times: 1, reset: true, after: true });
    expect(await ask(stack, input)).toMatchObject({ outcome: "CREATED", userErrors: [] });
    expect(stack.writes()).toHaveLength(1);
    await stack.fail({ match: create, times: 1, reset: true });
    const lost = await ask(stack, { ...input, username: "hopper" });
    expect(lost).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "ANSWER_LOST" }], generatedPassword: null });
    expect(stack.writes()).toHaveLength(2);
  });

  it("is ALREADY_EXISTS when somebody else was faster, and refused when nobody was", async () => {
    await using stack = await startAt("9.2.0");
    await stack.fail({
      match: "GET /rest/api/user",
      times: 1,
      status: 404,
      body: { statusCode: 404, data: {}, message: "No user" },
    });
    const raced = await ask(stack, {
      email: "ben@example.com",
      username: "ben",
      displayName: "Ben",
      generatePassword: true,
    });
    expect(raced).toMatchObject({ outcome: "ALREADY_EXISTS", userErrors: [], generatedPassword: null });
    await stack.fail({ match: create, times: 1, status: 409, body: { statusCode: 409, data: {}, message: "exists" } });
    expect(await ask(stack, input)).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }] });
  });

  it("shows the password nowhere, whatever the site and the caller do with it", async () => {
    await using stack = await startAt("9.2.0");
    const password = "Canary-pässword/Quux";
    const echo = { statusCode: 400, data: {}, message: `The password ${password} is too short`, reason: password };
    await stack.fail({ match: create, times: 1, status: 400, body: echo });
    const refused = await stack.query(provision, { input: { ...input, password } });
    const made = await stack.query(provision, { input: { ...input, password } });
    expect(refused.data.provisionAccount.outcome).toBe("FAILED");
    expect(made.data.provisionAccount.outcome).toBe("CREATED");
    // A request that does not fit the schema is printed in its error by the library.
    const misspelt = await stack.query(provision, { input: { ...input, password, usrname: "x" } });
    const inDocument = await stack.query(
      `mutation { provisionAccount(input: { email: "x@y", password: "${password}", usrname: "x" }) { outcome } }`,
    );
    const mistyped = await stack.query(provision, { input: { ...input, password: [password] } });
    expect([misspelt.errors?.length, mistyped.errors?.length]).toEqual([1, 1]);
    expect(inDocument.errors?.length).toBeGreaterThan(0);
    const shown = JSON.stringify([refused, made, misspelt, mistyped, inDocument, await stack.audit(), stack.logLines]);
    expect(shown).not.toContain("Canary");
    expect(shown).not.toContain("Quux");
  });
});
