import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { permissionsIn } from "./permissionsIn.js";
import { recordCalls } from "./recordCalls.js";

/** Ben alone administers a space. */
const meant = { acknowledgeAdministration: true } as const;

const startAt = (version: string, sandbox: Readonly<Record<string, unknown>> = {}) =>
  startDataCenterStack({
    world: smallDataCenterWorld(version),
    sandbox: { dataCenter: { longTaskMs: 0, ...sandbox } },
  });

const errors = "userErrors { code field message }";

async function change(stack: DataCenterStack, name: string, input: Readonly<Record<string, unknown>>, more = "") {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await stack.query(
    `mutation ($input: ${type}!) { it: ${name}(input: $input) { outcome plan ${errors} ${more} } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.it;
}

const grace = { email: "grace@example.com", displayName: "Grace Hopper", username: "grace" };
const provisioned = `generatedPassword account { accountId username } changes { outcome plan ${errors} }`;
const create = "POST /confluence/rest/api/admin/user";
const isCreation = (call: string) => call.startsWith(`${create} `) || call.includes("/addUser ");

describe("how an account of a Data Center site comes by its password", () => {
  it("by what the caller gives, by what is made and told once, or by an e-mail: never by two of them", async () => {
    await using stack = await startAt("10.2.0");
    using sent = recordCalls(stack.dataCenter.url);
    const bodyOf = () =>
      JSON.parse(
        sent
          .writes()
          .at(-1)
          ?.slice(create.length + 1) ?? "null",
      ) as unknown;
    const wire = (userName: string) => ({ userName, fullName: grace.displayName, email: grace.email });

    await change(stack, "provisionAccount", { ...grace, password: "correct horse" }, provisioned);
    expect(bodyOf()).toEqual({ ...wire("grace"), notifyViaEmail: false, password: "correct horse" });

    const made = await change(
      stack,
      "provisionAccount",
      { ...grace, username: "grace2", generatePassword: true },
      provisioned,
    );
    expect(bodyOf()).toEqual({ ...wire("grace2"), notifyViaEmail: false, password: made.generatedPassword });

    const told = await change(stack, "provisionAccount", { ...grace, username: "grace3" }, provisioned);
    expect(bodyOf()).toEqual({ ...wire("grace3"), notifyViaEmail: true });
    expect([told.outcome, told.generatedPassword]).toEqual(["CREATED", null]);
  });

  it("before 8.4 by JSON-RPC and a password alone, with its groups and its access in the same call", async () => {
    await using stack = await startAt("8.3.0");
    using sent = recordCalls(stack.dataCenter.url);
    const ids = dataCenterIds(stack.siteId);
    const byMail = await change(stack, "provisionAccount", grace, provisioned);
    expect(byMail).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "UNSUPPORTED", field: ["password"] }] });
    expect(byMail.userErrors[0].message).toContain("generatePassword: true");
    expect(sent.writes()).toEqual([]);

    const input = {
      ...{ ...grace, generatePassword: true, groups: [ids.group(dcGroups.a)] },
      access: [{ space: ids.space("OLD"), permissions: [{ operation: "create", target: "page" }] }],
    };
    const made = await change(stack, "provisionAccount", input, provisioned);
    expect(made).toMatchObject({ outcome: "CREATED", changes: [{ outcome: "CREATED" }, { outcome: "CREATED" }] });
    expect(made.generatedPassword).toMatch(/^[\w-]{32}$/);
    const [tried, ...writes] = sent.writes();
    expect(tried?.startsWith(create)).toBe(true);
    const rpc = "POST /confluence/rpc/json-rpc/confluenceservice-v2";
    const [user, password] = [
      { name: "grace", fullname: grace.displayName, email: grace.email },
      made.generatedPassword,
    ];
    expect(writes[0]).toBe(`${rpc}/addUser ${JSON.stringify([user, password])}`);
    expect(writes.slice(1).sort()).toEqual(
      [
        "PUT /confluence/rest/api/user/grace/group/a",
        `${rpc}/addPermissionsToSpace [["VIEWSPACE"],"grace","OLD"]`,
        `${rpc}/addPermissionsToSpace [["EDITSPACE"],"grace","OLD"]`,
      ].sort(),
    );
    expect(JSON.stringify([stack.logLines, await stack.audit()])).not.toContain(password);
  });

  it.each(["8.3.0", "10.2.0"])("on %s is of no use without a licence, and nobody is created", async (version) => {
    await using stack = await startAt(version, { licenceSeats: 1 });
    const before = stack.sandbox.world();
    const refused = await change(stack, "provisionAccount", { ...grace, generatePassword: true }, provisioned);
    expect(refused).toMatchObject({
      outcome: "FAILED",
      userErrors: [{ code: "UPSTREAM_REFUSED" }],
      generatedPassword: null,
      account: null,
      changes: [],
    });
    expect(refused.userErrors[0].message).toContain("No licence seat is left");
    expect(stack.writes().filter((call) => isCreation(`${call} `))).toHaveLength(version === "8.3.0" ? 2 : 1);
    expect(stack.sandbox.world()).toEqual(before);
  });
});

describe("an account that was removed", () => {
  it.each(["8.3.0", "10.2.0"])(
    "on %s leaves grants that are shown, and that the site does not revoke",
    async (version) => {
      await using stack = await startAt(version);
      const ids = dataCenterIds(stack.siteId);
      const before = permissionsIn(stack.sandbox.world());
      const gone = await change(stack, "removeAccount", { account: ids.account(dcUsers.ben), ...meant });
      expect(gone).toMatchObject({ outcome: "REMOVED", userErrors: [] });
      const { dataCenter } = stack.sandbox.world();
      expect(dataCenter?.users.some(({ userKey }) => userKey === dcUsers.ben)).toBe(false);
      expect(dataCenter?.groups.flatMap(({ members }) => members)).not.toContain("ben");
      expect(permissionsIn(stack.sandbox.world())).toHaveLength(before.length);

      const { data } = await stack.query(
        `query ($id: ID!) { space(key: "ENG") { grants(filter: { principals: [$id] }) { nodes { id principal { ... on Account { accountId displayName status } } } } } }`,
        { id: ids.account(dcUsers.ben) },
      );
      const [left, ...others] = data.space.grants.nodes;
      expect([left.principal.accountId, left.principal.displayName, others]).toEqual([dcUsers.ben, null, []]);
      expect(left.principal.status).not.toBe("ACTIVE");

      const answer = await stack.query(
        `mutation ($id: ID!) { revokeGrants(input: { grants: [$id] }) { changes { outcome ${errors} grants { id } } } }`,
        { id: left.id },
      );
      expect(answer.errors).toBeUndefined();
      expect(answer.data.revokeGrants.changes).toMatchObject([
        { outcome: "FAILED", userErrors: [{ code: "UPSTREAM_REFUSED" }], grants: [{ id: left.id }] },
      ]);
      expect(answer.data.revokeGrants.changes[0].userErrors[0].message).toMatch(/No user/);
      expect(permissionsIn(stack.sandbox.world())).toHaveLength(before.length);

      const again = await change(stack, "suspendAccount", { account: ids.account(dcUsers.ben) });
      expect(again.userErrors).toMatchObject([{ code: "ACCOUNT_NOT_FOUND" }]);
      // The name is free: whoever gets it is somebody else, with nothing of what was left.
      const next = await change(
        stack,
        "provisionAccount",
        { ...grace, username: "ben", password: "correct horse" },
        provisioned,
      );
      expect(next).toMatchObject({ outcome: "CREATED", account: { username: "ben" } });
      expect(next.account.accountId).not.toBe(dcUsers.ben);
      const held = await stack.query(
        `{ account(username: "ben") { accountId grants { nodes { resource { ... on Space { key } } } } } }`,
      );
      expect(held.data.account.accountId).toBe(next.account.accountId);
      const keys = held.data.account.grants.nodes.map((node: { resource: { key?: string } }) => node.resource.key);
      expect(keys).not.toContain("ENG");
    },
  );

  it("is REMOVED when the site has forgotten the task, by what is there", async () => {
    await using stack = await startAt("9.2.0");
    await stack.fail({
      ...{ match: "GET /rest/api/longtask/*", status: 404 },
      body: { statusCode: 404, data: {}, message: "No long task found" },
    });
    const accountId = dataCenterIds(stack.siteId).account(dcUsers.ben);
    expect(
      await change(stack, "removeAccount", { account: accountId, ...meant }, "removal { state percentage }"),
    ).toMatchObject({
      outcome: "REMOVED",
      removal: { state: "UNKNOWN", percentage: null },
    });
  });
});

describe("what a Data Center site lacks, or does not allow", () => {
  it("is said where JSON-RPC is switched off and REST is not there: what needs neither goes on", async () => {
    await using stack = await startAt("8.3.0", { rpcDisabled: true });
    const ids = dataCenterIds(stack.siteId);
    const place = { space: ids.space("ENG"), permissions: [{ operation: "read", target: "space" }] };
    for (const name of ["grantSpaceAccess", "revokeSpaceAccess"]) {
      const { outcome, userErrors } = await change(stack, name, { ...place, principal: ids.account(dcUsers.cara) });
      expect([outcome, userErrors[0].code]).toEqual(["FAILED", "UNSUPPORTED"]);
      expect(userErrors[0].message).toMatch(/needs Confluence Data Center 9\.1.*JSON-RPC API is switched off/s);
    }
    const made = await change(stack, "provisionAccount", { ...grace, password: "correct horse" });
    expect(made.userErrors).toMatchObject([{ code: "UNSUPPORTED" }]);
    const { data } = await stack.query(
      `mutation ($group: ID!, $id: ID!) { grantGroupMembership(input: { group: $group, accounts: [$id] }) { changes { outcome } } }`,
      { group: ids.group(dcGroups.a), id: ids.account(dcUsers.cara) },
    );
    expect(data.grantGroupMembership.changes).toEqual([{ outcome: "CREATED" }]);
  });

  it.each(["8.3.0", "8.6.0"])("is said on %s, which updates no names and addresses", async (version) => {
    await using stack = await startAt(version);
    const accountId = dataCenterIds(stack.siteId).account(dcUsers.ben);
    const { userErrors } = await change(stack, "updateAccount", { account: accountId, displayName: "B" });
    expect(userErrors).toMatchObject([{ code: "UNSUPPORTED", field: ["account"] }]);
    expect(userErrors[0].message).toContain(`needs Confluence Data Center 9.0; this site is ${version}`);
    expect(stack.writes()).toEqual([]);
  });

  it.each(["8.3.0", "10.2.0"])("on %s is that a read-only directory is changed from here", async (version) => {
    await using stack = await startAt(version, { readOnlyDirectory: true });
    const ids = dataCenterIds(stack.siteId);
    const before = stack.sandbox.world();
    const asked = [
      ["createGroup", { name: "new" }],
      ["deleteGroup", { group: ids.group(dcGroups.e) }],
      ["provisionAccount", { ...grace, password: "correct horse" }],
      ["suspendAccount", { account: ids.account(dcUsers.ben), ...meant }],
      ["restoreAccount", { account: ids.account(dcUsers.fay) }],
      ["removeAccount", { account: ids.account(dcUsers.ben), ...meant }],
    ] as const;
    for (const [name, input] of asked) {
      const { outcome, userErrors } = await change(stack, name, input);
      expect([name, outcome, userErrors[0].code]).toEqual([name, "FAILED", "DIRECTORY_READ_ONLY"]);
      expect(userErrors[0].message).toContain("LDAP, Crowd");
    }
    expect(stack.sandbox.world()).toEqual(before);
    // Access is Confluence's own, wherever people come from.
    const place = { space: ids.space("ENG"), principal: ids.account(dcUsers.cara) };
    const granted = await change(stack, "grantSpaceAccess", {
      ...place,
      permissions: [{ operation: "read", target: "space" }],
    });
    expect(granted.outcome).toBe("CREATED");
  });

  it("is never the end of the group of super users, while others go with their members", async () => {
    await using stack = await startAt("10.2.0");
    const ids = dataCenterIds(stack.siteId);
    const before = stack.sandbox.world();
    const kept = await change(stack, "deleteGroup", { group: ids.group(dcGroups.administrators) });
    expect(kept).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "OWN_ACCOUNT" }] });
    expect(stack.sandbox.world()).toEqual(before);
    // A user has the same name, and stays.
    // It alone administers a space: whoever means that says so.
    const support = { group: ids.group(dcGroups.support), acknowledgeAdministration: true };
    const gone = await change(stack, "deleteGroup", support);
    expect(gone).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    const { users, groups } = stack.sandbox.world().dataCenter ?? { users: [], groups: [] };
    expect(groups.map(({ name }) => name)).not.toContain(dcGroups.support);
    expect(users.map(({ username }) => username)).toContain("support");
    const { data } = await stack.query(
      `query ($id: ID!) { space(key: "DOCS") { grants(filter: { principals: [$id] }) { totalCount nodes { principal { ... on Group { name } } } } } }`,
      { id: ids.group(dcGroups.support) },
    );
    expect(data.space.grants.totalCount).toBe(2);
  });
});
