import { describe, expect, it } from "vitest";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startAccounts } from "../support/startAccounts.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { cloudWorld, human } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";

const update = `mutation ($input: UpdateAccountInput!) {
  updateAccount(input: $input) {
    outcome plan userErrors { code field message } account { displayName email }
  }
}`;

const startAt = (version: string, sandbox: Record<string, unknown> = {}) =>
  startDataCenterStack({ world: smallDataCenterWorld(version), sandbox: { dataCenter: sandbox } });

async function ask(stack: DataCenterStack, userKey: string, facts: Readonly<Record<string, unknown>>) {
  const input = { account: dataCenterIds(stack.siteId).account(userKey), ...facts };
  const { data, errors } = await stack.query(update, { input });
  // Where the site does not show an address, its field says so.
  const others = errors?.filter(({ path }) => path?.join(".") !== "updateAccount.account.email") ?? [];
  expect(others).toEqual([]);
  return data.updateAccount;
}

const profile = "GET /rest/mobile/1.0/profile/**";

describe("updating an account", () => {
  it.each(["9.2.0", "10.2.0"])("on %s writes what is new with what stays, and once", async (version) => {
    await using stack = await startAt(version);
    const facts = { displayName: "Ben B. Boateng" };
    const planned = await ask(stack, dcUsers.ben, { ...facts, dryRun: true });
    expect(planned).toMatchObject({ outcome: "PLANNED", account: { displayName: "Ben Boateng" } });
    expect(stack.writes()).toEqual([]);
    const done = await ask(stack, dcUsers.ben, facts);
    expect(done).toMatchObject({
      outcome: "REPLACED",
      userErrors: [],
      plan: planned.plan,
      account: { displayName: "Ben B. Boateng", email: "ben@example.com" },
    });
    expect(await ask(stack, dcUsers.ben, { email: "boateng@example.com" })).toMatchObject({
      outcome: "REPLACED",
      account: { displayName: "Ben B. Boateng", email: "boateng@example.com" },
    });
    const both = { ...facts, email: "Boateng@Example.com" };
    expect(await ask(stack, dcUsers.ben, both)).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [] });
    expect(stack.writes()).toHaveLength(2);
  });

  it("reaches an account whose name has capitals and an @, but none whose name no path takes", async () => {
    await using stack = await startAt("10.2.0");
    expect((await ask(stack, dcUsers.ida, { displayName: "Ida I." })).outcome).toBe("REPLACED");
    expect((await ask(stack, dcUsers.jo, { displayName: "Jo J." })).userErrors).toMatchObject([
      { code: "UNSUPPORTED" },
    ]);
  });

  it("asks for both where the site does not tell the address, and says that it cannot be read back", async () => {
    await using stack = await startAt("9.2.0");
    await stack.fail({
      match: profile,
      times: -1,
      status: 404,
      body: { statusCode: 404, data: {}, message: "No user" },
    });
    const nameOnly = await ask(stack, dcUsers.ben, { displayName: "Ben B." });
    expect(nameOnly).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN", field: ["email"] }] });
    expect(stack.writes()).toEqual([]);
    const both = await ask(stack, dcUsers.ben, { displayName: "Ben B.", email: "ben.b@example.com" });
    expect(both).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "STATE_UNKNOWN" }],
      account: { displayName: "Ben B." },
    });
    expect(both.userErrors[0].message).toContain("was accepted");
    expect(stack.writes()).toHaveLength(1);
  });

  it.each([
    ["nothing", {}, "INVALID_INPUT", "displayName"],
    ["a name with signs that are refused", { displayName: "<b>" }, "INVALID_INPUT", "displayName"],
    ["no address", { email: "ben" }, "INVALID_INPUT", "email"],
    ["an address left empty", { email: "" }, "INVALID_INPUT", "email"],
  ])("refuses %s", async (_what, facts, code, field) => {
    await using stack = await startAt("9.2.0");
    expect(await ask(stack, dcUsers.ben, facts)).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code, field: [field] }],
      account: null,
    });
    expect(stack.calls().filter((call) => !call.includes("user/current"))).toEqual([]);
  });

  it("says where the version lacks it, where the directory is read-only, and where nobody is there", async () => {
    await using old = await startAt("8.6.0");
    expect((await ask(old, dcUsers.ben, { displayName: "B" })).userErrors).toMatchObject([{ code: "UNSUPPORTED" }]);
    expect(old.writes()).toEqual([]);
    await using outside = await startAt("9.2.0", { readOnlyDirectory: true });
    expect((await ask(outside, dcUsers.ben, { displayName: "B" })).userErrors).toMatchObject([
      { code: "DIRECTORY_READ_ONLY" },
    ]);
    expect((await ask(outside, dcUsers.gone, { displayName: "B" })).userErrors).toMatchObject([
      { code: "ACCOUNT_NOT_FOUND", field: ["account"] },
    ]);
  });

  it("settles a lost answer by reading", async () => {
    await using stack = await startAt("9.2.0");
    const put = "PUT /rest/api/admin/user/*";
    await stack.fail({ match: put, times: 1, reset: true, after: true });
    expect(await ask(stack, dcUsers.ben, { displayName: "B" })).toMatchObject({ outcome: "REPLACED", userErrors: [] });
    await stack.fail({ match: put, times: 1, reset: true });
    expect((await ask(stack, dcUsers.ben, { displayName: "C" })).userErrors).toMatchObject([{ code: "ANSWER_LOST" }]);
    expect(stack.writes()).toHaveLength(2);
  });

  it("is not Cloud's, which says where people change it, and takes no user names and passwords there", async () => {
    await using stack = await startAccounts(cloudWorld({ accounts: [human(1), human(2)] }));
    const input = { account: stack.idOf(human(1).accountId), displayName: "Other" };
    const { data } = await stack.query(update, { input });
    expect(data.updateAccount).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED" }] });
    expect(data.updateAccount.userErrors[0].message).toContain("identity provider");
    const asked = { email: "new@example.com", username: "new", password: "correct horse", generatePassword: true };
    const provisioned = await stack.query(
      "mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) { outcome userErrors { code field } } }",
      { input: asked },
    );
    expect(provisioned.data.provisionAccount.userErrors).toEqual(
      ["username", "password", "generatePassword"].map((field) => ({ code: "UNSUPPORTED", field: [field] })),
    );
    expect(stack.writes()).toEqual([]);
  });
});
