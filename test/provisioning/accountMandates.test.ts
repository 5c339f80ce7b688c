import { describe, expect, it } from "vitest";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { scopes } from "../../src/domain/Scope.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { writeCallersFile } from "../support/callersFile.js";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { dataCenterIds } from "./dataCenterIds.js";

const without = (...left: readonly string[]) => scopes.filter((scope) => !left.includes(scope));
const [admin, ada, bob, eve, zoe, max, own] = [1, 2, 3, 4, 5, 6, 7].map(human);
const idOf = (accountId: string | undefined, site = "a") =>
  encodeGlobalId({ type: "Account", siteId: site as SiteId, accountId: accountId as AccountId });

interface Asking {
  query(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ readonly data: Record<string, unknown>; readonly errors?: readonly unknown[] }>;
}

/** Sites of Cloud that provision, with an audit file of their own. */
function startCloud(
  callers: ReturnType<typeof writeCallersFile>,
  ...sites: readonly Partial<Parameters<typeof startSites>[0][number]>[]
) {
  return startSites(
    sites.map((site) => ({
      ...{ id: "a", world: {}, credential: "api-token", entry: { provisioning: true }, hasOrganization: true },
      ...{ hasScim: false, ...site },
    })),
    { CALLERS_FILE: callers.path, AUDIT_LOG: `${callers.path}.audit` },
  );
}

const writesIn = (stack: Awaited<ReturnType<typeof startSites>>) =>
  stack.countCalls("a", "POST", /suspend|restore|invite|assign/) + stack.countCalls("a", "DELETE", /users/);

/** What a mutation came to for a caller: its outcome, or the codes of why not. */
function asking(stack: Asking, callers: ReturnType<typeof writeCallersFile>) {
  return async (caller: string, name: string, input: Readonly<Record<string, unknown>>) => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const { data, errors } = await stack.query(
      `mutation ($input: ${type}!) { it: ${name}(input: $input) { outcome userErrors { code message } } }`,
      { input },
      callers.headersOf(caller),
    );
    expect(errors ?? []).toEqual([]);
    const { outcome, userErrors } = data.it as { outcome: string; userErrors: { code: string; message: string }[] };
    return userErrors.length === 0 ? outcome : userErrors.map(({ code }) => code).join();
  };
}

const yes = { acknowledgeOrganizationWide: true };
const meant = { ...yes, acknowledgeAdministration: true };

describe("accounts of an organization that administer something", () => {
  const users = ["atlassian/user"];
  const world = cloudWorld({
    accounts: [
      { ...admin, productRoles: users },
      // Administers a space, by itself.
      { ...ada, productRoles: users },
      // By a group of the site's administrators; suspended.
      { ...bob, productRoles: users, orgStatus: "suspended" },
      // By a product role alone.
      { ...eve, productRoles: ["atlassian/admin"] },
      // Nothing but a personal space of its own.
      { ...zoe, productRoles: users },
      { ...max, productRoles: users, orgStatus: "suspended" },
    ],
    groups: [
      {
        id: "g-admins",
        name: "administrators",
        accessType: "admin",
        members: [admin, bob].map((each) => each?.accountId),
      },
      { id: "g-team", name: "team", members: [ada, zoe, max].map((each) => each?.accountId) },
    ],
    spaces: [
      space(1, {
        permissions: [
          permission("user", ada?.accountId ?? ""),
          permission("user", ada?.accountId ?? "", "administer/space"),
          permission("group", "g-team"),
        ],
      }),
      space(2, {
        type: "personal",
        key: "~zoe",
        authorId: zoe?.accountId,
        permissions: [permission("user", zoe?.accountId ?? "", "administer/space")],
      }),
    ],
  });

  async function start() {
    const callers = writeCallersFile([
      { name: "keeper", scopes: without("grant:administration") },
      { name: "administrator", scopes: [...scopes] },
    ]);
    const stack = await startCloud(callers, { world });
    return {
      ...{ stack, ask: asking(stack, callers) },
      [Symbol.asyncDispose]: async () => {
        await stack[Symbol.asyncDispose]();
        await callers[Symbol.asyncDispose]();
      },
    };
  }

  it("are suspended, restored and removed by nobody without grant:administration; all others are", async () => {
    await using set = await start();
    const { stack, ask } = set;
    for (const more of [{}, { dryRun: true }]) {
      const refused = [
        await ask("keeper", "suspendAccount", { account: idOf(ada?.accountId), ...meant, ...more }),
        await ask("keeper", "restoreAccount", { account: idOf(bob?.accountId), ...yes, ...more }),
        await ask("keeper", "removeAccount", { account: idOf(eve?.accountId), ...meant, ...more }),
      ];
      expect(refused).toEqual(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
    }
    expect(writesIn(stack)).toBe(0);
    expect(await ask("keeper", "suspendAccount", { account: idOf(zoe?.accountId), ...yes })).toBe("REPLACED");
    expect(await ask("keeper", "restoreAccount", { account: idOf(max?.accountId), ...yes })).toBe("REPLACED");
    expect(await ask("administrator", "restoreAccount", { account: idOf(bob?.accountId), ...yes })).toBe("REPLACED");
    expect(await ask("administrator", "suspendAccount", { account: idOf(ada?.accountId), ...meant })).toBe("REPLACED");
    expect(await ask("administrator", "removeAccount", { account: idOf(eve?.accountId), ...meant })).toBe("REMOVED");
  });

  it("may be those of whom it cannot be read, who are left alone", async () => {
    await using set = await start();
    const { stack, ask } = set;
    const restore = () => ask("keeper", "restoreAccount", { account: idOf(max?.accountId), ...yes });
    await stack.fail("a", { match: "GET /wiki/rest/api/user/memberof**", times: "always", status: 404 });
    expect(await restore()).toBe("STATE_UNKNOWN");
    await stack.heal("a");
    await stack.fail("a", { match: "GET /wiki/api/v2/spaces/1001/permissions**", times: "always", status: 403 });
    expect(await restore()).toBe("FORBIDDEN");
    expect(writesIn(stack)).toBe(0);
  });

  it("get the product again from nobody without grant:administration", async () => {
    await using callers = writeCallersFile([{ name: "keeper", scopes: without("grant:administration") }]);
    const gone = cloudWorld({
      accounts: [admin, { ...ada, productRoles: [] }, { ...zoe, productRoles: [] }],
      spaces: [
        space(1, {
          permissions: [
            permission("user", ada?.accountId ?? "", "administer/space"),
            permission("user", zoe?.accountId ?? ""),
          ],
        }),
      ],
    });
    await using stack = await startCloud(callers, { world: gone });
    const ask = asking(stack, callers);
    expect(await ask("keeper", "provisionAccount", { email: ada?.email })).toBe("FORBIDDEN");
    expect(writesIn(stack)).toBe(0);
    expect(await ask("keeper", "provisionAccount", { email: zoe?.email })).toBe("CREATED");
  });
});

describe("a caller's own account that is not seen", () => {
  it.each([true, false])(
    "is taken in under no address, whether an organization is asked (%s) or not",
    async (hasOrganization) => {
      await using callers = writeCallersFile([
        { name: "lost", scopes: [...scopes], accounts: [own?.accountId ?? ""] },
        { name: "hidden", scopes: [...scopes], accounts: [ada?.accountId ?? ""] },
        { name: "told", scopes: [...scopes], accounts: [`a/${bob?.accountId}`] },
        { name: "elsewhere", scopes: [...scopes], accounts: [`b/${own?.accountId}`] },
      ]);
      const world = cloudWorld({
        accounts: [admin, ada, bob].map((each) => ({ ...each, productRoles: ["atlassian/user"] })),
        groups: [{ id: "g", name: "team", members: [ada, bob].map((each) => each?.accountId) }],
      });
      const sandbox = { hiddenEmails: [ada?.accountId ?? ""] };
      await using stack = await startCloud(
        callers,
        { world, sandbox, hasOrganization },
        { id: "b", world: cloudWorld({ accounts: [admin] }), hasOrganization: false },
      );
      const ask = asking(stack, callers);
      const invite = (caller: string, more: Readonly<Record<string, unknown>> = {}) =>
        ask(caller, "provisionAccount", { siteId: "a", email: `by-${caller}@example.com`, ...more });
      await stack.forgetCalls("a");
      expect([await invite("lost"), await invite("lost", { dryRun: true })]).toEqual(["OWN_ACCESS", "OWN_ACCESS"]);
      expect(stack.countCalls("a", "POST", /invite/)).toBe(0);
      // Who has access already, or another address, is nobody whom an invitation brings in.
      for (const caller of ["hidden", "told", "elsewhere"])
        expect([caller, await invite(caller)]).toEqual([caller, "CREATED"]);
    },
  );

  it("and one that is seen on another site of Cloud is the same there: it is restored by neither", async () => {
    await using callers = writeCallersFile([
      { name: "own", scopes: [...scopes], accounts: [`a/${max?.accountId}`] },
      { name: "another", scopes: [...scopes] },
    ]);
    const world = cloudWorld({
      accounts: [admin, { ...max, productRoles: ["atlassian/user"], orgStatus: "suspended" }],
      groups: [{ id: "g", name: "team", members: [max?.accountId] }],
    });
    await using stack = await startCloud(callers, { id: "a", world }, { id: "b", world });
    const ask = asking(stack, callers);
    for (const site of ["a", "b"]) {
      const restored = await ask("own", "restoreAccount", { account: idOf(max?.accountId, site), ...yes });
      expect([site, restored]).toEqual([site, "OWN_ACCESS"]);
    }
    expect(await ask("another", "restoreAccount", { account: idOf(max?.accountId, "b"), ...yes })).toBe("REPLACED");
  });

  it("and one that is seen on another site of Cloud is given nothing there: neither itself nor a group that it is in", async () => {
    await using callers = writeCallersFile([
      { name: "own", scopes: [...scopes], accounts: [`a/${max?.accountId}`] },
      { name: "unknown", scopes: [...scopes], accounts: [`a/${zoe?.accountId}`] },
    ]);
    const administered = ["read/space", "administer/space"].map((each) =>
      permission("user", `${admin?.accountId}`, each),
    );
    const world = cloudWorld({
      accounts: [admin, max, bob],
      groups: [{ id: "g", name: "team", members: [max?.accountId] }],
      spaces: [space(1, { permissions: [...administered, permission("group", "g")] })],
    });
    await using stack = await startCloud(callers, { id: "a", world }, { id: "b", world });
    const ask = asking(stack, callers);
    const group = (site: string) => encodeGlobalId({ type: "Group", siteId: site as SiteId, groupId: "g" as GroupId });
    const grant = (caller: string, principal: string, site: string) => {
      const place = encodeGlobalId({ type: "Space", siteId: site as SiteId, spaceId: "1001" as SpaceId });
      const permissions = [{ operation: "create", target: "page" }];
      return ask(caller, "grantSpaceAccess", { space: place, principal, permissions, dryRun: true });
    };
    for (const site of ["a", "b"]) {
      const told = [await grant("own", idOf(max?.accountId, site), site), await grant("own", group(site), site)];
      expect([site, ...told]).toEqual([site, "OWN_ACCESS", "OWN_ACCESS"]);
      expect(await grant("own", idOf(bob?.accountId, site), site)).toBe("PLANNED");
    }
    // Whom the other site does not know gains nothing there by a group.
    expect(await grant("unknown", group("b"), "b")).toBe("PLANNED");
  });
});

describe("a site that keeps its own accounts", () => {
  async function start(world: unknown = smallDataCenterWorld("10.2.0")) {
    const callers = writeCallersFile([
      { name: "keeper", scopes: without("grant:administration") },
      { name: "administrator", scopes: [...scopes] },
      { name: "eve", scopes: [...scopes], accounts: [dcUsers.eve] },
      { name: "gone", scopes: [...scopes], accounts: [dcUsers.gone] },
    ]);
    const stack = await startDataCenterStack({ world, env: { CALLERS_FILE: callers.path } });
    const ids = dataCenterIds(stack.siteId);
    const apply = async (caller: string, change: string, more = "") => {
      const { data, errors } = await stack.query(
        `mutation { it: applyAccessChanges(input: { changes: [{ ${change} }] ${more} }) { changes { outcome userErrors { code } } } }`,
        {},
        callers.headersOf(caller),
      );
      expect(errors ?? []).toEqual([]);
      const [{ outcome, userErrors }] = data.it.changes;
      return userErrors.length === 0 ? outcome : userErrors.map(({ code }: { code: string }) => code).join();
    };
    await stack.forgetCalls();
    return {
      ...{ stack, ids, callers, apply, ask: asking(stack, callers) },
      [Symbol.asyncDispose]: async () => {
        await stack[Symbol.asyncDispose]();
        await callers[Symbol.asyncDispose]();
      },
    };
  }

  it("lets nobody without grant:administration switch administrators off, bring them back, or have their post sent elsewhere", async () => {
    await using set = await start();
    const { stack, ids, ask } = set;
    const [ben, fay, dan] = [dcUsers.ben, dcUsers.fay, dcUsers.dan].map((key) => ids.account(key));
    const refused = [
      // By a group in it that administers a space.
      await ask("keeper", "suspendAccount", { account: ben, acknowledgeAdministration: true }),
      await ask("keeper", "removeAccount", { account: ben, acknowledgeAdministration: true }),
      await ask("keeper", "restoreAccount", { account: fay }),
      await ask("keeper", "updateAccount", { account: ben, email: "mallory@example.com" }),
      await ask("keeper", "updateAccount", { account: ids.account(dcUsers.admin), email: "mallory@example.com" }),
    ];
    expect(new Set(refused)).toEqual(new Set(["FORBIDDEN"]));
    expect(stack.writes()).toEqual([]);
    expect(await ask("keeper", "updateAccount", { account: ben, displayName: "Ben B." })).toBe("REPLACED");
    expect(await ask("keeper", "updateAccount", { account: dan, email: "dang@example.com" })).toBe("REPLACED");
    expect(await ask("keeper", "suspendAccount", { account: dan })).toBe("REPLACED");
    expect(await ask("keeper", "restoreAccount", { account: dan })).toBe("REPLACED");
    expect(await ask("administrator", "updateAccount", { account: ben, email: "b@example.com" })).toBe("REPLACED");
  });

  it("gives a caller's own account nothing: not by itself, by a group it is in or above it, by joining one, by undo or by a name", async () => {
    await using set = await start();
    const { stack, ids, callers, apply, ask } = set;
    const give = (who: string, operation = "create", target = "page") =>
      `grantSpaceAccess: { space: "${ids.space("ENG")}", principal: "${who}", permissions: [{ operation: "${operation}", target: "${target}" }] }`;
    const eve = ids.account(dcUsers.eve);
    const join = (group: string) => `grantGroupMembership: { group: "${ids.group(group)}", account: "${eve}" }`;
    // Eve is in `e`, which `d` holds; `a` holds neither.
    for (const more of ["", "dryRun: true"]) {
      const refused = [
        await apply("eve", give(eve), more),
        await apply("eve", give(ids.group(dcGroups.e)), more),
        await apply("eve", give(ids.group(dcGroups.d)), more),
        await apply("eve", join(dcGroups.empty), more),
      ];
      expect(refused).toEqual(["OWN_ACCESS", "OWN_ACCESS", "OWN_ACCESS", "OWN_ACCESS"]);
    }
    expect(stack.writes()).toEqual([]);
    expect(await apply("eve", give(ids.group(dcGroups.b)))).toBe("CREATED");
    // It reads there already, by `d`.
    expect(await apply("eve", give(ids.group(dcGroups.e), "read", "space"))).toBe("CREATED");
    await apply("administrator", join(dcGroups.e).replace("grantG", "revokeG"));
    const { data } = await stack.query("{ changes(first: 1) { nodes { id } } }", {}, callers.headersOf("eve"));
    const [{ id: change }] = data.changes.nodes;
    expect(await ask("eve", "undo", { change })).toBe("OWN_ACCESS");
    expect(await ask("administrator", "suspendAccount", { account: eve })).toBe("REPLACED");
    expect(await ask("eve", "restoreAccount", { account: eve })).toBe("OWN_ACCESS");
  });

  it("makes no account for a caller whose own is gone, or still has the name", async () => {
    await using set = await start();
    const { stack, ask } = set;
    const make = (caller: string, username: string) =>
      ask(caller, "provisionAccount", {
        ...{ email: `${username}@example.com`, username, displayName: "Somebody", generatePassword: true },
      });
    expect(await make("gone", "anew")).toBe("OWN_ACCESS");
    expect(stack.writes()).toEqual([]);
    expect(await make("eve", "another")).toBe("CREATED");
  });

  it("changes no group of which it is not known in which others it is", async () => {
    await using set = await start();
    const { stack, ids, apply, ask } = set;
    const change = `grantGroupMembership: { group: "${ids.group(dcGroups.empty)}", account: "${ids.account(dcUsers.dan)}" }`;
    const results = [{ name: dcGroups.empty, type: "group" }];
    await stack.fail(
      { match: "GET /rest/api/group?start=1**", times: "always", status: 403 },
      {
        ...{ match: "GET /rest/api/group", times: "always" },
        body: { results, start: 0, limit: 1, size: 1, _links: { next: "/rest/api/group?start=1&limit=1" } },
      },
    );
    expect(await apply("keeper", change)).toBe("STATE_UNKNOWN");
    expect(await ask("keeper", "suspendAccount", { account: ids.account(dcUsers.dan) })).toBe("STATE_UNKNOWN");
    expect(stack.writes()).toEqual([]);
    expect(await apply("administrator", change)).toBe("CREATED");
  });
});
