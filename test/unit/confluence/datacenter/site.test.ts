import { describe, expect, it } from "vitest";
import { permissionIdOf } from "../../../../src/confluence/datacenter/grants.js";
import type { SpaceGrant } from "../../../../src/domain/Grant.js";
import type { AccountId, GroupId, SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import { toldModel } from "../../../../src/domain/Site.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { dcGroups, dcSpaces, dcUsers } from "../../../support/dataCenterWorlds.js";
import { errorOf, known, openSite, siteAt } from "./openSite.js";

const versions = ["8.3.0", "8.6.0", "9.2.0", "10.2.0"] as const;
const account = (key: string) => key as AccountId;
const group = (name: string) => name as GroupId;
const space = (id: number) => String(id) as SpaceId;
const key = (text: string) => text as SpaceKey;

/** A reading that not every deployment has. */
function offered<Answer>(read: (() => Promise<Answer>) | null): Promise<Answer> {
  if (read === null) throw new Error("the site has no such reading");
  return read();
}

/** Grants as `operation@holder`, in order. */
function show(grants: readonly SpaceGrant[]): string[] {
  return grants
    .map((grant) => (grant.kind === "permission" ? permissionIdOf(grant.principal, grant.operation) : "role"))
    .sort();
}

describe.each(versions)("on %s", (version) => {
  it("the credential is proved by a known user", async () => {
    const { site } = await openSite({ version });
    expect(await site.checkCredential()).toEqual({ accountId: dcUsers.admin, displayName: "Ann Admin" });
  });

  it("accounts are read one by one, and who is unknown is absent", async () => {
    const { site } = await openSite({ version });
    const found = await site.accounts.byIds(
      [dcUsers.ben, dcUsers.fay, dcUsers.gus, dcUsers.hal, "f00", ""].map(account),
    );
    expect([...found.keys()].sort()).toEqual([dcUsers.ben, dcUsers.fay, dcUsers.gus, dcUsers.hal]);
    expect(known(found, account(dcUsers.ben))).toMatchObject({
      username: "ben",
      status: "ACTIVE",
      email: null,
      isLicensed: null,
    });
    expect(known(found, account(dcUsers.fay)).status).toBe("DEACTIVATED");
    expect(known(found, account(dcUsers.gus))).toMatchObject({ status: "ACTIVE", isLicensed: false });
    expect(known(found, account(dcUsers.hal)).status).toBe("CLOSED");
  });

  it("accounts are found by user name in any letter case, also where it holds a slash", async () => {
    const { site } = await openSite({ version });
    const found = (await site.accounts.byUsernames?.(["IDA@example.COM", "jo/ops", "nobody"])) ?? new Map();
    expect([...found].map(([name, { accountId }]) => [name, accountId])).toEqual([
      ["IDA@example.COM", dcUsers.ida],
      ["jo/ops", dcUsers.jo],
    ]);
  });

  it("e-mails are told one by one, except where the user name fits no path", async () => {
    const { site } = await openSite({ version });
    const accounts = [...(await site.accounts.byIds([dcUsers.ben, dcUsers.jo].map(account))).values()];
    const people = accounts.filter((each) => !(each instanceof SiteError));
    const found = (await site.accounts.emailsOf?.(people)) ?? new Map();
    expect(found.get(account(dcUsers.ben))).toBe("ben@example.com");
    expect(found.get(account(dcUsers.jo))).toMatchObject({ kind: "Unsupported" });
    expect(String(found.get(account(dcUsers.jo)))).toContain('"jo/ops" holds a "/"');
  });

  it("groups are listed, and found by name", async () => {
    const { site, calls } = await openSite({ version });
    const { items, gaps } = await site.groups.list();
    expect(items.map(({ name }) => name).sort()).toEqual(
      Object.values(dcGroups)
        .filter((name) => name !== dcGroups.gone)
        .sort(),
    );
    expect(gaps).toEqual([]);
    const found = await site.groups.byIds([dcGroups.a, dcGroups.slash, dcGroups.gone, "x/y", ""].map(group));
    expect([...found.keys()].sort()).toEqual([dcGroups.a, dcGroups.slash]);
    // Both names with a slash are looked for in one reading of the list.
    expect(calls().filter((call) => call.startsWith("GET /rest/api/group?"))).toHaveLength(2);
  });

  it("members come with their facts, deactivated ones included; groups hold groups", async () => {
    const { site } = await openSite({ version });
    const members = await site.groups.membersOf([dcGroups.d, dcGroups.empty, dcGroups.gone, dcGroups.slash].map(group));
    expect(known(members, group(dcGroups.d)).items.map(({ accountId, facts }) => [accountId, facts?.status])).toEqual([
      [dcUsers.dan, "ACTIVE"],
      [dcUsers.fay, "DEACTIVATED"],
    ]);
    expect(known(members, group(dcGroups.empty)).items).toEqual([]);
    expect(members.get(group(dcGroups.gone))).toMatchObject({ kind: "NotVisible" });
    expect(members.get(group(dcGroups.slash))).toMatchObject({ kind: "Unsupported" });
    const children = (await site.groups.childrenOf?.([dcGroups.a, dcGroups.d, dcGroups.c].map(group))) ?? new Map();
    expect(
      [...children].map(([id, { items }]) => [id, items.map(({ name }: { name: string }) => name)]).sort(),
    ).toEqual([
      ["a", ["b"]],
      ["c", []],
      ["d", ["e"]],
    ]);
  });

  it("an account's groups are told by its key", async () => {
    const { site } = await openSite({ version });
    const found = await site.groups.ofAccounts([dcUsers.ben, dcUsers.kim, "f00"].map(account));
    expect(known(found, account(dcUsers.ben)).items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["a", "confluence-users", "docs/web", "support"]),
    );
    expect(known(found, account(dcUsers.kim)).items).toEqual([]);
    expect(found.get(account("f00"))).toMatchObject({ kind: "NotVisible" });
  });

  it("spaces are listed by status, and none is trashed", async () => {
    const { site, calls, forgetCalls } = await openSite({ version });
    const current = await site.spaces.list("CURRENT");
    expect(current.items.map(({ key }) => key).sort()).toEqual(["DOCS", "ENG", "~ben"]);
    expect(current.items.find(({ key }) => key === "~ben")).toMatchObject({ kind: "PERSONAL", status: "CURRENT" });
    const archived = await site.spaces.list("ARCHIVED");
    expect(archived.items).toMatchObject([{ key: "OLD", status: "ARCHIVED", reportedStatus: "archived" }]);
    await forgetCalls();
    expect(await site.spaces.list("TRASHED")).toMatchObject({ items: [], gaps: [] });
    expect(calls()).toEqual([]);
  });

  it("spaces are found by key in any letter case, archived ones too, many a call", async () => {
    const { site, calls, url } = await openSite({ version });
    const found = await site.spaces.byKeys(["eng", "OLD", "~ben", "NONE", ""].map(key));
    expect([...found.keys()].sort()).toEqual(["OLD", "eng", "~ben"]);
    expect(known(found, key("eng"))).toMatchObject({
      spaceId: String(dcSpaces.ENG),
      key: "ENG",
      homepageUrl: `${url}/display/ENG`,
    });
    expect(calls()).toEqual([
      "GET /rest/api/space?spaceKey=eng&spaceKey=OLD&spaceKey=~ben&spaceKey=NONE&status=current&expand=creator&limit=200",
      "GET /rest/api/space?spaceKey=OLD&spaceKey=NONE&status=archived&expand=creator&limit=200",
    ]);
  });

  it("spaces are found by id: by their ids, or out of the lists, at first, by key once the key was seen", async () => {
    const { site, calls, forgetCalls } = await openSite({ version });
    const ids = [space(dcSpaces.ENG), space(dcSpaces.OLD), space(999), "no-number" as SpaceId];
    const found = await site.spaces.byIds(ids);
    expect([...found.keys()].sort()).toEqual([space(dcSpaces.ENG), space(dcSpaces.OLD)]);
    const byId = `GET /rest/api/space?spaceId=${dcSpaces.ENG}&spaceId=${dcSpaces.OLD}&spaceId=999&status=current&expand=creator&limit=200`;
    const [list, archived] = ["current", "archived"].map(
      (status) => `GET /rest/api/space?status=${status}&expand=creator&limit=200`,
    );
    const takesIds = version.startsWith("10.");
    expect(calls()).toEqual(
      takesIds
        ? [byId, byId.replace(`spaceId=${dcSpaces.ENG}&`, "").replace("current", "archived")]
        : [byId, list, archived],
    );
    await forgetCalls();
    await site.spaces.byIds([space(998)]);
    // That the list takes no ids is remembered.
    expect(calls().filter((call) => call.includes("spaceId="))).toHaveLength(takesIds ? 2 : 0);
    expect(calls()).toHaveLength(2);
    await forgetCalls();
    expect(known(await site.spaces.byIds([space(dcSpaces.ENG)]), space(dcSpaces.ENG)).key).toBe("ENG");
    expect(calls()).toEqual(["GET /rest/api/space?spaceKey=ENG&status=current&expand=creator&limit=200"]);
  });

  it("grants of spaces are told whichever way the site has", async () => {
    const { site } = await openSite({ version });
    const ids = [space(dcSpaces.ENG), space(dcSpaces.OLD), space(999)];
    const found = await site.spaces.grantsOf(ids, "PRE_ROLES");
    expect(found.get(space(999))).toMatchObject({ kind: "NotVisible" });
    const grants = known(found, space(dcSpaces.ENG));
    expect(grants.gaps).toEqual([]);
    expect(show(grants.items)).toEqual(
      expect.arrayContaining([
        `administer/space@account:${dcUsers.admin}`,
        // Cloud's names for delete_own/space and restrict/space.
        `delete/space@account:${dcUsers.admin}`,
        `restrict_content/space@account:${dcUsers.admin}`,
        "read/space@group:a",
        `create/comment@account:${dcUsers.ben}`,
        `create/page@account:${dcUsers.jo}`,
      ]),
    );
    expect(grants.items).toHaveLength(14 + 2 + 1 + 1 + 2 + 1 + 1);
    expect(show(known(found, space(dcSpaces.OLD)).items)).toEqual([
      `administer/space@account:${dcUsers.fay}`,
      `read/space@account:${dcUsers.fay}`,
      "read/space@group:c",
    ]);
  });

  it("grants to anonymous, left-over rows and names shared with a user keep who holds them", async () => {
    const { site } = await openSite({ version });
    const grants = known(await site.spaces.grantsOf([space(dcSpaces.DOCS)], "PRE_ROLES"), space(dcSpaces.DOCS));
    expect(show(grants.items)).toEqual(
      expect.arrayContaining([
        "read/space@class:anonymous:anonymous-users",
        `read/space@account:${dcUsers.gone}`,
        "create/page@group:events-2019",
        "administer/space@group:support",
        `create/page@account:${dcUsers.support}`,
        "read/space@group:docs/web",
        "export/page@group:docs/web",
      ]),
    );
  });

  it("needs no roles and has no administrators' groups of its own", async () => {
    const { site } = await openSite({ version });
    expect((await site.readPermissionModel()).model).toBe("PRE_ROLES");
    expect(await errorOf(site.roles.list())).toMatchObject({ kind: "Unsupported", call: "Listing space roles" });
    expect(site.groups.admins).toBeNull();
    expect(site.groups.superGroupId).toBe("confluence-administrators");
  });
});

describe("what came later", () => {
  it.each([
    ["8.3.0", "needs Confluence Data Center 8.4; this site is 8.3.0."],
    ["8.6.0", null],
    ["10.2.0", null],
  ])("the list of users on %s", async (version, refusal) => {
    const { site } = await openSite({ version });
    if (refusal !== null) {
      const error = await errorOf(site.accounts.list());
      expect(error.kind).toBe("Unsupported");
      expect(error.message).toContain(refusal);
      return;
    }
    const { items, gaps } = await site.accounts.list();
    expect(items).toHaveLength(13);
    expect(items.find(({ accountId }) => accountId === dcUsers.fay)?.facts?.status).toBe("DEACTIVATED");
    expect(gaps).toEqual([]);
  });

  it.each(["8.3.0", "8.6.0", "9.2.0"])(
    "the lists of licensed users and of global permissions are missing on %s",
    async (version) => {
      const { site } = await openSite({ version });
      expect((await errorOf(offered(site.accounts.active))).kind).toBe("Unsupported");
      const error = await errorOf(offered(site.globalGrants));
      expect(error.kind).toBe("Unsupported");
      expect(error.message).toContain(`needs Confluence Data Center 9.3; this site is ${version}.`);
    },
  );

  it.each([
    ["9.3.0", null, null],
    ["10.2.0", "ben@example.com", Date.parse("2026-11-01T08:00:00.000Z")],
  ])("licensed users on %s", async (version, email, lastActiveAtMs) => {
    const { site } = await openSite({ version });
    const { items } = await offered(site.accounts.active);
    expect(items.find(({ accountId }) => accountId === dcUsers.ben)).toEqual({
      accountId: dcUsers.ben,
      email,
      lastActiveAtMs,
    });
    expect(items.find(({ accountId }) => accountId === dcUsers.dan)?.lastActiveAtMs).toBeNull();
    expect(items.map(({ accountId }) => accountId)).not.toContain(dcUsers.fay);
  });

  it("global permissions keep their pairs, and who holds them", async () => {
    const { site } = await openSite();
    const { items, gaps } = await offered(site.globalGrants);
    expect(items.map(({ principal, operation }) => permissionIdOf(principal, operation)).sort()).toEqual([
      "administer/application@group:confluence-administrators",
      "administer/system@group:confluence-administrators",
      "create/personal_space@group:confluence-users",
      "create/space@group:confluence-administrators",
      `use/application@account:${dcUsers.lee}`,
      "use/application@class:anonymous:anonymous-users",
      "use/application@group:confluence-administrators",
      "use/application@group:confluence-users",
      "use_unlicensed/application@class:unlicensed:unlicensed",
    ]);
    expect(gaps).toEqual([]);
  });

  it("the creator of a space is told where the version tells it, and never guessed", async () => {
    const [old, recent] = [await openSite({ version: "9.2.0" }), await openSite({ version: "10.2.0" })];
    const authorOf = async ({ site }: typeof old) =>
      known(await site.spaces.byKeys([key("DOCS")]), key("DOCS")).authorId;
    expect(await authorOf(old)).toBeNull();
    expect(await authorOf(recent)).toBe(dcUsers.ben);
  });

  it.each([
    [
      "8.3.0",
      ["ACCOUNT_UPDATE", "ALL_ACCOUNTS", "GLOBAL_PERMISSIONS", "LAST_ACTIVITY", "SPACE_ROLES", "UNLICENSED_GRANTS"],
    ],
    ["8.6.0", ["ACCOUNT_UPDATE", "GLOBAL_PERMISSIONS", "LAST_ACTIVITY", "SPACE_ROLES", "UNLICENSED_GRANTS"]],
    ["9.2.0", ["GLOBAL_PERMISSIONS", "LAST_ACTIVITY", "SPACE_ROLES"]],
    ["9.3.0", ["LAST_ACTIVITY", "SPACE_ROLES"]],
    ["10.2.0", ["SPACE_ROLES"]],
  ])("what %s cannot do is said with the version that can", async (version, lacking) => {
    const { site } = await openSite({ version });
    const capabilities = await site.readCapabilities(toldModel("PRE_ROLES"));
    expect(
      capabilities
        .filter(({ reason }) => reason !== null)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(lacking);
    expect(capabilities.find(({ name }) => name === "LAST_ACTIVITY")?.reason ?? "10.2").toContain("10.2");
  });
});

describe("e-mail addresses", () => {
  it.each([
    ["9.2.0", "No addresses are told"],
    ["10.2.0", "Only the addresses of accounts that count for the licence are told."],
  ])("are said to be missing on %s once the call for them was not there", async (version, words) => {
    const { site, fail } = await openSite({ version });
    const reason = async () =>
      (await site.readCapabilities(toldModel("PRE_ROLES"))).find(({ name }) => name === "ACCOUNT_EMAILS")?.reason;
    expect(await reason()).toBeNull();
    await fail({ match: "GET /rest/mobile/**", times: -1, status: 404, body: "<html><title>Not found</title></html>" });
    const ben = known(await site.accounts.byIds([account(dcUsers.ben)]), account(dcUsers.ben));
    expect((await site.accounts.emailsOf?.([ben]))?.get(ben.accountId)).toMatchObject({ kind: "Unsupported" });
    expect(await reason()).toContain(words);
  });
});

describe("a credential", () => {
  it("that is wrong is rejected although the site goes on as anonymous", async () => {
    const { site } = await openSite({ token: { text: "wrong-token" } });
    const error = await errorOf(site.checkCredential());
    expect(error.kind).toBe("CredentialRejected");
    expect(error.message).toContain("treats us as anonymous");
  });

  it("that is a password is rejected with what to do where passwords are switched off", async () => {
    const { site } = await openSite({ basic: "admin:sandbox-password", behaviour: { basicDisabled: true } });
    const error = await errorOf(site.checkCredential());
    expect(error.kind).toBe("CredentialRejected");
    expect(error.message).toContain("personal access token");
  });

  it("of no administrator is no rejected credential where it may not look", async () => {
    const { site } = await openSite({ token: "reader" });
    expect((await site.checkCredential()).accountId).not.toBeNull();
    const members = (await site.groups.membersOf([group("a")])).get(group("a"));
    expect(members).toMatchObject({ kind: "AccessRefused", status: 401 });
    expect(String(members)).toContain("administrator rights");
    const grants = (await site.spaces.grantsOf([space(dcSpaces.ENG)], "PRE_ROLES")).get(space(dcSpaces.ENG));
    expect(grants).toMatchObject({ kind: "UpstreamFailed", status: 500 });
    expect(String(grants)).toContain("not administrators");
  });

  it("at a wrong context path is told to look at the address", async () => {
    const { url } = await openSite();
    const { site } = siteAt(`${new URL(url).origin}/wiki`, "Bearer token");
    const error = await errorOf(site.checkCredential());
    expect(error.kind).toBe("Misconfigured");
    expect(error.message).toContain("context path");
  });
});

describe("a reading that fails", () => {
  it("leaves open whether a space is there", async () => {
    const { site, fail } = await openSite();
    await fail({ match: "GET /rest/api/space?status=archived", times: -1, status: 500 });
    expect((await site.spaces.byKeys([key("OLD")])).get(key("OLD"))).toMatchObject({ kind: "UpstreamFailed" });
    const byId = await site.spaces.byIds([space(dcSpaces.ENG), space(dcSpaces.OLD)]);
    expect(known(byId, space(dcSpaces.ENG)).key).toBe("ENG");
    expect(byId.get(space(dcSpaces.OLD))).toMatchObject({ kind: "UpstreamFailed" });
    expect((await site.spaces.grantsOf([space(dcSpaces.OLD)], "PRE_ROLES")).get(space(dcSpaces.OLD))).toMatchObject({
      kind: "UpstreamFailed",
    });
  });

  it("of the version rules nothing out, and proves nothing", async () => {
    const { site, fail } = await openSite({ version: "8.6.0" });
    await fail({ match: "GET /rest/api/server-information", times: -1, status: 500 });
    const lacking = async () =>
      (await site.readCapabilities(toldModel("PRE_ROLES"))).flatMap(({ name, reason, isKnown = true }) =>
        reason === null || !isKnown ? [] : [name],
      );
    const open = async () =>
      (await site.readCapabilities(toldModel("PRE_ROLES"))).filter(({ isKnown = true }) => !isKnown).length;
    expect([await lacking(), await open()]).toEqual([["SPACE_ROLES"], 8]);
    await errorOf(offered(site.globalGrants));
    expect(await lacking()).toEqual(["SPACE_ROLES", "GLOBAL_PERMISSIONS"]);
  });

  it("asks for no more keys at once than an address holds", async () => {
    const { site, calls } = await openSite();
    const long = Array.from({ length: 60 }, (_, number) => key(`~${"x".repeat(200)}${number}`));
    expect((await site.spaces.byKeys(long)).size).toBe(0);
    const asked = calls().filter((call) => call.includes("status=current"));
    expect(asked.length).toBe(4);
    expect(Math.max(...asked.map((call) => call.length))).toBeLessThan(6_000);
  });
});
