import { describe, expect, it } from "vitest";
import { parseWorld } from "../../../sandbox/src/world/loadWorld.js";
import { callAs } from "../support/callAs.js";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";
import { openWritable } from "../support/openWritable.js";
import { group, person, smallWorld, space } from "../support/smallWorld.js";

/** Through the parser, as a file would come. */
const fromFile = (changes: Parameters<typeof smallWorld>[0]) =>
  parseWorld(JSON.parse(JSON.stringify(smallWorld(changes))));

describe("a world file can hold", () => {
  it("members whom a list shows twice, who are members once", async () => {
    const groups = [group("g", ["ann", "bob", "sus"], { listedTwice: ["bob", "sus", "nobody"] })];
    const { get, raw } = await openSandbox({ world: fromFile({ groups }) });
    const list = "/wiki/rest/api/group/g/membersByGroupId";
    expect(columnOf((await get(list)).body, "accountId")).toEqual(["ann", "bob", "bob"]);
    expect(columnOf((await get(`${list}?start=2&limit=1`)).body, "accountId")).toEqual(["bob"]);
    expect(columnOf((await get("/wiki/rest/api/user/memberof?accountId=bob")).body, "id")).toEqual(["g"]);
    expect(parseWorld((await raw("/__sandbox/world")).body).cloud?.groups).toEqual(groups);
  });

  it("a space whose alias is another than its key, by which it is not found", async () => {
    const spaces = [space("7", { key: "~ann", alias: "ann-lee", type: "personal", spaceOwnerId: "ann" })];
    const { get } = await openSandbox({ world: fromFile({ spaces }) });
    const { body } = await get("/wiki/api/v2/spaces/7");
    expect(body).toMatchObject({ key: "~ann", currentActiveAlias: "ann-lee", _links: { webui: "/spaces/ann-lee" } });
    expect(columnOf((await get("/wiki/api/v2/spaces?keys=~ann")).body, "id")).toEqual(["7"]);
    expect(columnOf((await get("/wiki/api/v2/spaces?keys=ann-lee")).body, "id")).toEqual([]);
    const user = await get("/wiki/rest/api/user?accountId=ann&expand=personalSpace");
    expect(fieldOf(user.body, "personalSpace")).toMatchObject({ id: 7, key: "~ann", alias: "ann-lee" });
  });

  it("an address that Confluence hides and the organization of a managed account shows", async () => {
    const accounts = [person("own", { hiddenEmail: true }), person("managed", { hiddenEmail: true, managed: true })];
    const open = await openSandbox({ world: fromFile({ accounts }) });
    const bulk = await open.post("/wiki/api/v2/users-bulk", { accountIds: ["own", "managed"] });
    expect(columnOf(bulk.body, "email")).toEqual(["", ""]);
    const call = callAs(open, `Bearer ${open.sandbox.credentials.organization.apiKey}`);
    const { body } = await call("POST", "/admin/v2/orgs/sandbox-organization/directories/-/users/search", {});
    const rows = fieldOf(body, "data") as readonly { readonly accountId: string; readonly email: string | null }[];
    expect(rows.map(({ accountId, email }) => [accountId, email])).toEqual([
      ["managed", "managed@example.com"],
      ["own", null],
    ]);
  });
});

describe("a fault after the deed", () => {
  it("answers 500 to the deletion of a user on Data Center that is carried out in its own time all the same", async () => {
    const clock = new MovableClock();
    const { sandbox, send, held } = await openWritable({}, { clock });
    const match = "DELETE /rest/api/admin/user/*";
    const faults = JSON.stringify([{ match, status: 500, after: true }]);
    await fetch(`${sandbox.url}/__sandbox/faults`, { method: "POST", body: faults });
    expect((await send("DELETE", "/rest/api/admin/user/ann")).status).toBe(500);
    expect(held().users.some(({ username }) => username === "ann")).toBe(true);
    clock.advance(60_000);
    expect(held().users.some(({ username }) => username === "ann")).toBe(false);
  });

  it("answers 503 to an invitation that is carried out all the same", async () => {
    const open = await openSandbox();
    const path = "/admin/v2/orgs/sandbox-organization/users/invite";
    await open.post("/__sandbox/faults", [{ match: `POST ${path}`, status: 503, after: true }]);
    const call = callAs(open, `Bearer ${open.sandbox.credentials.organization.apiKey}`);
    expect((await call("POST", path, { emails: ["new@example.com"] })).status).toBe(503);
    expect((await open.raw("/__sandbox/invitations")).body).toMatchObject([{ email: "new@example.com" }]);
  });
});
