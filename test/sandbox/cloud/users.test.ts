import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";
import { crowd, person, smallWorld } from "../support/smallWorld.js";

const bulk = "/wiki/api/v2/users-bulk";
const search = (query = "", cql = "type=user") => `/wiki/rest/api/search/user?cql=${encodeURIComponent(cql)}${query}`;

describe("who the credential is", () => {
  it("is the account with its e-mail", async () => {
    const { get } = await openSandbox();
    expect((await get("/wiki/rest/api/user/current")).body).toMatchObject({ type: "known", accountId: "ann" });
  });

  it("is an administrator in no list where the world has no such account", async () => {
    const { get, post } = await openSandbox({ world: smallWorld({ accounts: [person("zed")] }) });
    const { body } = await get("/wiki/rest/api/user/current");
    expect(body).toMatchObject({ type: "known", email: "admin@sandbox.test" });
    const looked = await post(bulk, { accountIds: [fieldOf(body, "accountId")] });
    expect(looked.body).toMatchObject({ results: [] });
  });
});

describe("users-bulk", () => {
  it("tells type, status and guest flag of every kind of account, and an empty e-mail where privacy hides it", async () => {
    const { post } = await openSandbox();
    const { body } = await post(bulk, { accountIds: ["closed", "bob", "guest", "bot", "cust", "inactive", "sus"] });
    expect(columnOf(body, "accountId")).toEqual(["bob", "bot", "closed", "cust", "guest", "inactive", "sus"]);
    expect(columnOf(body, "accountType")).toEqual([
      "atlassian",
      "app",
      "atlassian",
      "customer",
      "atlassian",
      "atlassian",
      "atlassian",
    ]);
    // A suspension is the organization's business: Confluence still says active.
    expect(columnOf(body, "accountStatus")).toEqual([
      "active",
      "active",
      "closed",
      "active",
      "active",
      "inactive",
      "active",
    ]);
    expect(columnOf(body, "isExternalCollaborator")).toEqual([false, false, false, false, true, false, false]);
    expect(fieldOf(body, "results.0")).toMatchObject({ email: "", displayName: "Bob Jones", publicName: "Bob Jones" });
  });

  it("leaves unknown ids out and answers a repeated id once, in an order of its own", async () => {
    const { post } = await openSandbox();
    const { body } = await post(bulk, { accountIds: ["bob", "nobody", "ann", "bob"] });
    expect(columnOf(body, "accountId")).toEqual(["ann", "bob"]);
  });

  it("names the personal space of an account", async () => {
    const { post } = await openSandbox();
    const { body } = await post(bulk, { accountIds: ["ann", "bob"] });
    expect(columnOf(body, "personalSpaceId")).toEqual(["1000", null]);
  });

  it("names it by a number in v1, where v2 has a text", async () => {
    const { get } = await openSandbox();
    const { body } = await get("/wiki/rest/api/user?accountId=ann&expand=personalSpace");
    expect(fieldOf(body, "personalSpace.id")).toBe(1000);
  });

  it("takes 250 ids and refuses 251, none, and what is no list of texts, in the words of v2", async () => {
    const { post } = await openSandbox();
    const ids = Array.from({ length: 251 }, (_, at) => `x-${at}`);
    expect((await post(bulk, { accountIds: ids.slice(1) })).status).toBe(200);
    for (const wrong of [{ accountIds: ids }, { accountIds: [] }, {}, { accountIds: "ann" }, { accountIds: [1] }, []]) {
      const { status, body } = await post(bulk, wrong);
      expect(status).toBe(400);
      expect(body).toEqual({
        errors: [{ status: 400, code: "INVALID_REQUEST_PARAMETER", title: expect.any(String), detail: null }],
      });
    }
  });
});

describe("user/bulk of v1", () => {
  it("drops unknown ids and everything beyond the hundredth without a word, and tells no status", async () => {
    const { get } = await openSandbox({ world: smallWorld({ accounts: crowd(120) }) });
    const ids = ["nobody", ...crowd(120).map((account) => account.accountId)];
    const { body } = await get(`/wiki/rest/api/user/bulk?${ids.map((id) => `accountId=${id}`).join("&")}`);
    expect(columnOf(body, "accountId")).toEqual(ids.slice(1, 100));
    expect(fieldOf(body, "results.0.accountStatus")).toBeUndefined();
    expect((await get("/wiki/rest/api/user/bulk")).status).toBe(400);
  });
});

describe("one user of v1", () => {
  it("is found by account id, and hidden or missing alike is a 404", async () => {
    const { get } = await openSandbox();
    expect((await get("/wiki/rest/api/user?accountId=bot")).body).toMatchObject({
      accountId: "bot",
      accountType: "app",
    });
    expect((await get("/wiki/rest/api/user?accountId=nobody")).status).toBe(404);
  });
});

describe("user search", () => {
  it("lists licensed people by default, guests when asked, both for all, and never anybody else", async () => {
    const { get } = await openSandbox();
    const ids = async (filter: string) => columnOf((await get(search(filter))).body, "user.accountId");
    expect(await ids("")).toEqual(["ann", "bob"]);
    expect(await ids("&sitePermissionTypeFilter=none")).toEqual(["ann", "bob"]);
    expect(await ids("&sitePermissionTypeFilter=externalCollaborator")).toEqual(["guest"]);
    expect(await ids("&sitePermissionTypeFilter=all")).toEqual(["ann", "bob", "guest"]);
    expect((await get(search("&sitePermissionTypeFilter=everyone"))).status).toBe(400);
  });

  it("gives user search no next link and a totalSize that nobody can page by", async () => {
    const { get } = await openSandbox({ world: smallWorld({ accounts: crowd(60) }) });
    const { body } = await get(search());
    expect(body).toMatchObject({ start: 0, limit: 25, size: 25, totalSize: 25, cqlQuery: "type=user" });
    expect(fieldOf(body, "_links.next")).toBeUndefined();
    expect(fieldOf(body, "results.0")).toMatchObject({
      entityType: "user",
      title: "Person a-0",
      user: { accountId: "a-0" },
    });
    expect((await get(search("&start=50"))).body).toMatchObject({ size: 10 });
    expect((await get(search("&start=60"))).body).toMatchObject({ size: 0, results: [] });
    expect((await get(search("&limit=1000"))).body).toMatchObject({ limit: 200, size: 60 });
  });

  it("ends at 10,000 results however many there are", async () => {
    const { get } = await openSandbox({ world: smallWorld({ accounts: crowd(10_050), groups: [], spaces: [] }) });
    expect((await get(search("&start=9990&limit=200"))).body).toMatchObject({ size: 10 });
    expect((await get(search("&start=10000&limit=200"))).body).toMatchObject({ size: 0 });
  });

  it.each([
    ['user="bob"', ["bob"]],
    ["user.accountid = bob", ["bob"]],
    ['user in ("ann", "bob", "nobody")', ["ann", "bob"]],
    ['type=user and user not in ("ann")', ["bob"]],
    ["user != 'ann'", ["bob"]],
    ['user.fullname ~ "jo"', ["bob"]],
    ["user.fullname ~ ann* or user = bob", ["ann", "bob"]],
    ["not (user = ann)", ["bob"]],
    ["user.userkey = abc", []],
  ])("understands the query %s", async (cql, expected) => {
    const { get } = await openSandbox();
    expect(columnOf((await get(search("", cql))).body, "user.accountId")).toEqual(expected);
  });

  it.each(["type=page", "title ~ x", "user =", "user = a b", "(type=user", 'user = "open', "type=user order by title"])(
    "refuses the query %s with 400",
    async (cql) => {
      const { get } = await openSandbox();
      expect((await get(search("", cql))).status).toBe(400);
    },
  );

  it("refuses a missing query", async () => {
    const { get } = await openSandbox();
    expect((await get("/wiki/rest/api/search/user")).status).toBe(400);
  });
});

describe("access by e-mail", () => {
  const check = "/wiki/api/v2/user/access/check-access-by-email";
  const invite = "/wiki/api/v2/user/access/invite-by-email";

  it("tells who has no access and what is no address", async () => {
    const { post } = await openSandbox();
    const emails = [
      "ADMIN@sandbox.test",
      "guest@example.com",
      "sus@example.com",
      "unlicensed@example.com",
      "new@x.org",
      "oops",
    ];
    expect((await post(check, { emails })).body).toEqual({
      emailsWithoutAccess: ["sus@example.com", "unlicensed@example.com", "new@x.org"],
      invalidEmails: ["oops"],
    });
  });

  it("cannot see an address that privacy hides", async () => {
    const { post } = await openSandbox();
    expect((await post(check, { emails: ["bob@example.com"] })).body).toMatchObject({
      emailsWithoutAccess: ["bob@example.com"],
    });
  });

  it.each([check, invite])("refuses none or more than 100 addresses at %s", async (path) => {
    const { post } = await openSandbox();
    const emails = Array.from({ length: 101 }, (_, at) => `p${at}@x.org`);
    for (const wrong of [{ emails: [] }, { emails }, {}, { emails: [1] }])
      expect((await post(path, wrong)).status).toBe(400);
    expect((await post(path, { emails: emails.slice(1) })).status).toBe(200);
  });

  it("invites later than it answers, with an empty body, and search learns of it later still", async () => {
    const clock = new MovableClock();
    const { get, post } = await openSandbox({ clock });
    const answer = await post(invite, {
      emails: ["new@x.org", "oops", "admin@sandbox.test", "unlicensed@example.com"],
    });
    expect([answer.status, answer.text]).toEqual([200, ""]);
    expect((await post(check, { emails: ["new@x.org"] })).body).toMatchObject({ emailsWithoutAccess: ["new@x.org"] });
    clock.advance(1_000);
    expect((await post(check, { emails: ["new@x.org", "unlicensed@example.com"] })).body).toMatchObject({
      emailsWithoutAccess: [],
    });
    // The group that gives product access takes the newcomer in.
    const members = await get("/wiki/rest/api/group/g-users/membersByGroupId");
    expect(columnOf(members.body, "email")).toEqual(["new@x.org"]);
    expect(columnOf((await get(search())).body, "user.email")).not.toContain("new@x.org");
    clock.advance(10_000);
    expect(columnOf((await get(search())).body, "user.email")).toContain("new@x.org");
  });
});
