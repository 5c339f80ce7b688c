import { describe, expect, it } from "vitest";
import { Secret } from "../../../../src/config/Secret.js";
import type { AccountWriter, LongTask, LongTaskId } from "../../../../src/confluence/writerPort.js";
import { type Account, withoutOrganization } from "../../../../src/domain/Account.js";
import type { AccountId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import {
  type DirectoryState,
  planAccountOfDirectory,
} from "../../../../src/provisioning/accounts/dataCenterAccount.js";
import { planDirectoryRemoval } from "../../../../src/provisioning/accounts/dataCenterRemoval.js";
import { planDirectoryStatus } from "../../../../src/provisioning/accounts/dataCenterStatus.js";
import { planAccountUpdate } from "../../../../src/provisioning/accounts/dataCenterUpdate.js";
import type { Plan } from "../../../../src/provisioning/reconcile/Task.js";

const accountId = "key-ada" as AccountId;

function accountOf(facts: Partial<Account> = {}): Account {
  return {
    ...withoutOrganization,
    ...{ accountId, username: "Ada", displayName: "Ada L.", publicName: null, email: null, kind: "HUMAN" },
    ...{ reportedKind: "known", status: "ACTIVE", statusSource: "CONFLUENCE", reportedStatus: "current" },
    personalSpaceId: null,
    picturePath: null,
    ...facts,
  };
}

const deactivated = accountOf({ status: "DEACTIVATED", reportedStatus: "deactivated" });
const closed = accountOf({ status: "CLOSED", reportedStatus: "externally_deleted" });
const untold = accountOf({ status: "UNKNOWN", reportedStatus: null });
const keyForName = accountOf({ username: accountId, status: "CLOSED" });
const slash = accountOf({ username: "ada/ops" });
const apostrophe = accountOf({ username: "o'brien" });

/** Writes nothing; refuses names as a site would. */
const writer: AccountWriter = {
  passwordWays: async () => new Set(),
  objectionToUpdate: async () => null,
  objectionToNewUsername: (username) => (/[\\'+]/.test(username) ? `"${username}" is refused.` : null),
  objectionToUsername: (username) => (/[/\\]/.test(username) ? `"${username}" is refused.` : null),
  create: async () => undefined,
  update: async () => undefined,
  disable: async () => undefined,
  enable: async () => undefined,
  remove: async () => "1" as LongTaskId,
  taskOf: async () => null,
};

/** A plan in one line: its outcome or code, and its calls. */
function brief(plan: Plan): string[] {
  switch (plan.kind) {
    case "noop":
      return [plan.outcome];
    case "refused":
      return [plan.fault.code, ...plan.fault.field];
    case "steps":
      return [plan.outcome, ...plan.steps.map(({ text }) => text)];
  }
}

describe("planning an account of a site that keeps its own", () => {
  const wanted = {
    username: "ada",
    isNamed: true,
    fullName: "Ada L.",
    email: "a@x",
    passwordKind: "GIVEN",
    password: new Secret("p"),
  };
  const state = (facts: Partial<DirectoryState>): DirectoryState => ({
    ...{ account: null, candidates: [], email: null, maySetPassword: false },
    ...facts,
  });

  it.each([
    [{ account: accountOf() }, {}, ["ALREADY_EXISTS"]],
    [{ account: accountOf({ isLicensed: false, reportedStatus: "unlicensed" }) }, {}, ["ALREADY_EXISTS"]],
    [{ account: accountOf(), email: "A@X" }, {}, ["ALREADY_EXISTS"]],
    [{ account: accountOf(), email: "b@x" }, {}, ["INVALID_INPUT", "username"]],
    [{ account: accountOf(), email: "b@x" }, { isNamed: false }, ["INVALID_INPUT", "email"]],
    [{ account: deactivated, email: "b@x" }, {}, ["INVALID_INPUT", "username"]],
    [{ account: deactivated }, {}, ["ACKNOWLEDGEMENT_REQUIRED", "email"]],
    [{ account: closed }, {}, ["UNSUPPORTED", "email"]],
    [{ account: untold }, {}, ["STATE_UNKNOWN", "email"]],
    [{ candidates: ["k1", "k2"] as AccountId[] }, {}, ["STATE_UNKNOWN", "email"]],
    [{}, {}, ["CREATED", "create account ada for a@x, with the password given"]],
    [{}, { passwordKind: "GENERATED" }, ["CREATED", "create account ada for a@x, with a generated password"]],
    [{}, { passwordKind: "SET_BY_PERSON" }, ["UNSUPPORTED", "password"]],
    [
      { maySetPassword: true },
      { passwordKind: "SET_BY_PERSON" },
      ["CREATED", "create account ada for a@x, whose password the person sets by way of an e-mail"],
    ],
    [{}, { username: "ada+l" }, ["INVALID_INPUT", "username"]],
    [{}, { fullName: null }, ["INVALID_INPUT", "displayName"]],
    [{ account: accountOf() }, { fullName: null, username: "ada+l" }, ["ALREADY_EXISTS"]],
  ] as const)("over %j with %j", (found, asked, expected) => {
    const plan = planAccountOfDirectory(
      { ...wanted, ...asked } as typeof wanted & { passwordKind: "GIVEN" },
      state(found),
      writer,
    );
    expect(brief(plan)).toEqual(expected);
  });
});

describe("planning that an account can sign in, or cannot", () => {
  it.each([
    ["suspendAccount", accountOf(), false, ["REPLACED", "disable account key-ada"]],
    ["suspendAccount", apostrophe, false, ["REPLACED", "disable account key-ada"]],
    ["suspendAccount", accountOf(), true, ["OWN_ACCOUNT", "account"]],
    ["suspendAccount", accountOf(), null, ["STATE_UNKNOWN", "account"]],
    ["suspendAccount", slash, false, ["UNSUPPORTED", "account"]],
    ["suspendAccount", deactivated, null, ["ALREADY_EXISTS"]],
    ["suspendAccount", closed, null, ["ALREADY_EXISTS"]],
    ["suspendAccount", untold, null, ["STATE_UNKNOWN", "account"]],
    ["suspendAccount", null, null, ["ACCOUNT_NOT_FOUND", "account"]],
    ["suspendAccount", keyForName, null, ["ACCOUNT_NOT_FOUND", "account"]],
    ["restoreAccount", accountOf(), null, ["ALREADY_EXISTS"]],
    ["restoreAccount", deactivated, null, ["REPLACED", "enable account key-ada"]],
    ["restoreAccount", { ...deactivated, username: "ada/ops" }, null, ["UNSUPPORTED", "account"]],
    ["restoreAccount", closed, null, ["UNSUPPORTED", "account"]],
    ["restoreAccount", untold, null, ["STATE_UNKNOWN", "account"]],
  ] as const)("%s over %j, our own: %s", (action, account, isOwn, expected) => {
    expect(brief(planDirectoryStatus(action, { account, isOwn }, writer))).toEqual(expected);
  });
});

describe("planning a removal that takes its time", () => {
  const taskId = "7" as LongTaskId;
  const task = (state: LongTask["state"]): LongTask => ({ state, percentage: 40, message: null });
  const step = ["REMOVED", "remove account key-ada"];

  it.each([
    [accountOf(), undefined, step],
    [deactivated, undefined, step],
    [closed, undefined, step],
    [untold, undefined, step],
    [slash, undefined, ["UNSUPPORTED", "account"]],
    [null, undefined, ["NOT_PRESENT"]],
    [keyForName, undefined, ["NOT_PRESENT"]],
    [accountOf(), task("RUNNING"), ["STARTED"]],
    [accountOf(), task("FAILED"), ["UPSTREAM_REFUSED", "account"]],
    [accountOf(), task("SUCCEEDED"), step],
    [accountOf(), null, ["STARTED"]],
    [null, task("RUNNING"), ["REMOVED"]],
    [null, task("SUCCEEDED"), ["REMOVED"]],
    [null, null, ["REMOVED"]],
  ] as const)("over %j with the task %j", (account, known, expected) => {
    const removal = known === undefined ? null : { taskId, task: known };
    const state = { account, isOwn: false, removal, isRecent: removal !== null };
    expect(brief(planDirectoryRemoval(state, writer, async () => undefined))).toEqual(expected);
  });

  it("does not wait for good for a task that nobody knows", () => {
    const state = { account: accountOf(), isOwn: false, removal: { taskId, task: null }, isRecent: false };
    expect(brief(planDirectoryRemoval(state, writer, async () => undefined))).toEqual(step);
  });

  it("never removes our own account, nor one that may be it", () => {
    const own = (isOwn: boolean | null) =>
      brief(
        planDirectoryRemoval(
          { account: accountOf(), isOwn, removal: null, isRecent: false },
          writer,
          async () => undefined,
        ),
      )[0];
    expect([own(true), own(null)]).toEqual(["OWN_ACCOUNT", "STATE_UNKNOWN"]);
  });
});

describe("planning another name or address", () => {
  const unread = new SiteError("AccessRefused", "no profile for you", { call: "GET /profile" });
  const set = (name: string, email: string) => [
    "REPLACED",
    `set the name of account key-ada to "${name}" and its e-mail address to ${email}`,
  ];

  it.each([
    [{ displayName: "Ada B." }, accountOf(), "a@x", set("Ada B.", "a@x")],
    [{ email: "b@x" }, accountOf(), "a@x", set("Ada L.", "b@x")],
    [{ displayName: "Ada L." }, accountOf(), "a@x", ["ALREADY_EXISTS"]],
    [{ displayName: "Ada L.", email: "A@X" }, accountOf(), "a@x", ["ALREADY_EXISTS"]],
    [{ displayName: "Ada L." }, accountOf(), null, ["ALREADY_EXISTS"]],
    [{ displayName: "Ada B." }, accountOf(), null, ["STATE_UNKNOWN", "email"]],
    [{ displayName: "Ada B." }, accountOf(), unread, ["STATE_UNKNOWN", "email"]],
    [{ displayName: "Ada B.", email: "b@x" }, accountOf(), unread, set("Ada B.", "b@x")],
    [{ email: "b@x" }, accountOf({ displayName: null }), "a@x", ["STATE_UNKNOWN", "displayName"]],
    [{ displayName: "Ada B." }, slash, "a@x", ["UNSUPPORTED", "account"]],
    [{ displayName: "Ada B." }, apostrophe, "a@x", set("Ada B.", "a@x")],
    [{ displayName: "Ada B." }, null, null, ["ACCOUNT_NOT_FOUND", "account"]],
    [{ displayName: "Ada B." }, keyForName, null, ["ACCOUNT_NOT_FOUND", "account"]],
  ] as const)("plans %j over %j with the address %s", (wanted, account, email, expected) => {
    const facts = { displayName: null, email: null, ...wanted };
    expect(brief(planAccountUpdate(accountId, facts, { account, email, objection: null }, writer))).toEqual(expected);
  });

  it("objects only where something would be written", () => {
    const state = { account: accountOf(), email: "a@x", objection: "from 9.0 on" };
    const plan = (displayName: string) =>
      brief(planAccountUpdate(accountId, { displayName, email: null }, state, writer))[0];
    expect([plan("Ada L."), plan("Ada B.")]).toEqual(["ALREADY_EXISTS", "UNSUPPORTED"]);
  });
});
