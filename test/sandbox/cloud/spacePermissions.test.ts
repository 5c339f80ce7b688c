import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { type OpenSandbox, openSandbox } from "../support/openSandbox.js";
import { row, smallWorld, space } from "../support/smallWorld.js";

const grants = "/wiki/rest/api/space/ENG/permission";
const list = "/wiki/api/v2/spaces/100/permissions";
const ask = (identifier: string, key: string, target: string, type = "user") => ({
  subject: { type, identifier },
  operation: { key, target },
});

async function heldBy({ get }: OpenSandbox, id: string): Promise<Map<string, string>> {
  const { body } = await get(`${list}?limit=250`);
  const held = new Map<string, string>();
  columnOf(body, "principal.id").forEach((principal, at) => {
    const found = fieldOf(body, `results.${at}`);
    if (principal === id) {
      held.set(
        `${String(fieldOf(found, "operation.key"))}/${String(fieldOf(found, "operation.targetType"))}`,
        String(fieldOf(found, "id")),
      );
    }
  });
  return held;
}

describe("reading permissions", () => {
  it("shows access classes, leftover principals and operations that no document knows", async () => {
    const { get } = await openSandbox();
    const { body } = await get(list);
    expect(columnOf(body, "principal.type")).toEqual([
      "group",
      "group",
      "group",
      "user",
      "access-class",
      "access-class",
    ]);
    expect(columnOf(body, "operation.key")).toContain("manage_public_links");
    expect(columnOf(body, "id")).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  it("pages 25 by default and refuses a limit above 250", async () => {
    const permissions = Array.from({ length: 30 }, (_, at) => row("user", `u-${at}`, "read/space"));
    const { get } = await openSandbox({ world: smallWorld({ spaces: [space("1", { permissions })] }) });
    const first = await get("/wiki/api/v2/spaces/1/permissions");
    expect(columnOf(first.body, "id")).toHaveLength(25);
    const second = await get(String(fieldOf(first.body, "_links.next")));
    expect(columnOf(second.body, "id")).toEqual(["26", "27", "28", "29", "30"]);
    expect((await get("/wiki/api/v2/spaces/1/permissions?limit=251")).status).toBe(400);
    expect((await get("/wiki/api/v2/spaces/9/permissions")).status).toBe(404);
  });

  it("neither skips nor repeats a row when rows of an earlier page are revoked between two pages", async () => {
    const permissions = Array.from({ length: 6 }, (_, at) => row("user", `u-${at}`, "read/space"));
    const { get, remove } = await openSandbox({
      world: smallWorld({ spaces: [space("1", { key: "K", permissions })] }),
    });
    const first = await get("/wiki/api/v2/spaces/1/permissions?limit=3");
    await remove("/wiki/rest/api/space/K/permission/1");
    const second = await get(String(fieldOf(first.body, "_links.next")));
    expect(columnOf(second.body, "id")).toEqual(["4", "5", "6"]);
  });

  it("keeps ids that are larger than numbers can hold", async () => {
    const big = { ...row("user", "u", "read/space"), id: "9007199254740993001" };
    const { get, post } = await openSandbox({
      world: smallWorld({ spaces: [space("9007199254740993", { permissions: [big] })] }),
    });
    expect(columnOf((await get("/wiki/api/v2/spaces/9007199254740993/permissions")).body, "id")).toEqual([
      "9007199254740993001",
    ]);
    const { body } = await post("/wiki/rest/api/space/K9007199254740993/permission", ask("bob", "read", "space"));
    expect(fieldOf(body, "id")).toBe("9007199254740993002");
  });
});

describe("granting", () => {
  it("creates the companions of a grant and removes them with it", async () => {
    const open = await openSandbox();
    const { status, body } = await open.post(grants, ask("bob", "read", "space"));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: "8",
      subject: { type: "user", identifier: "bob" },
      operation: { key: "read", target: "space" },
    });
    expect([...(await heldBy(open, "bob")).keys()]).toEqual(["read/space", "export_content/space"]);
    await open.post(grants, ask("bob", "create", "page"));
    const held = await heldBy(open, "bob");
    expect([...held.keys()]).toEqual(["read/space", "export_content/space", "create/page", "update/page"]);
    expect((await open.remove(`${grants}/${held.get("create/page")}`)).status).toBe(204);
    expect([...(await heldBy(open, "bob")).keys()]).toEqual(["read/space", "export_content/space"]);
  });

  it("takes everything of a subject away with read/space", async () => {
    const open = await openSandbox();
    for (const [key, target] of [
      ["read", "space"],
      ["create", "page"],
      ["delete", "comment"],
    ] as const) {
      expect((await open.post(grants, ask("bob", key, target))).status).toBe(200);
    }
    const held = await heldBy(open, "bob");
    expect((await open.remove(`${grants}/${held.get("read/space")}`)).status).toBe(204);
    expect((await heldBy(open, "bob")).size).toBe(0);
    expect((await heldBy(open, "g-eng")).size).toBe(3);
  });

  it("wants read/space first, refuses what is there already, unknown subjects and undocumented pairs", async () => {
    const { post } = await openSandbox();
    expect((await post(grants, ask("bob", "create", "page"))).status).toBe(400);
    expect((await post(grants, ask("g-eng", "read", "space", "group"))).status).toBe(400);
    expect((await post(grants, ask("nope", "read", "space", "group"))).status).toBe(400);
    expect((await post(grants, ask("nobody", "read", "space"))).status).toBe(400);
    for (const [key, target] of [
      ["update", "page"],
      ["export_content", "space"],
      ["read", "page"],
      ["purge", "space"],
    ] as const) {
      expect((await post(grants, ask("bob", key, target))).status).toBe(400);
    }
    const wrong = [
      {},
      { subject: { type: "user" }, operation: { key: "read", target: "space" } },
      ask("bob", "read", "space", "app"),
    ];
    for (const body of wrong) expect((await post(grants, body)).status).toBe(400);
    const v2Body = { subject: { type: "user", identifier: "bob" }, operation: { key: "read", targetType: "space" } };
    expect((await post(grants, v2Body)).status).toBe(400);
  });

  it("takes a group by name as well, and answers with its id", async () => {
    const { post } = await openSandbox();
    const { body } = await post(grants, ask("Confluence-Users", "read", "space", "group"));
    expect(body).toMatchObject({ subject: { type: "group", identifier: "g-users" } });
  });

  it("stores a grant to anonymous as the access class it is", async () => {
    const open = await openSandbox();
    expect((await open.post(grants, ask("anonymous", "read", "space"))).status).toBe(200);
    expect([...(await heldBy(open, "anonymous-users")).keys()]).toEqual(["read/space", "export_content/space"]);
  });

  it("wants the key of the space, not its id, and hides missing and trashed ones behind a 404 of v1", async () => {
    const { post } = await openSandbox();
    for (const key of ["100", "NOPE", "BIN", "eng"]) {
      const { status, body } = await post(`/wiki/rest/api/space/${key}/permission`, ask("bob", "read", "space"));
      expect(status).toBe(404);
      expect(body).toMatchObject({ statusCode: 404 });
    }
    expect((await post("/wiki/rest/api/space/OLD/permission", ask("bob", "read", "space"))).status).toBe(200);
    expect((await post("/wiki/rest/api/space/%7Eann/permission", ask("bob", "read", "space"))).status).toBe(200);
  });
});

describe("revoking", () => {
  it("answers 404 for an unknown id and for one of another space", async () => {
    const { remove } = await openSandbox();
    expect((await remove(`${grants}/999`)).status).toBe(404);
    expect((await remove("/wiki/rest/api/space/OLD/permission/1")).status).toBe(404);
    expect((await remove("/wiki/rest/api/space/NOPE/permission/1")).status).toBe(404);
  });

  it("refuses to remove the last administrator, also by way of read/space", async () => {
    const open = await openSandbox();
    const held = await heldBy(open, "g-eng");
    expect((await open.remove(`${grants}/${held.get("administer/space")}`)).status).toBe(400);
    expect((await open.remove(`${grants}/${held.get("read/space")}`)).status).toBe(400);
    expect((await heldBy(open, "g-eng")).size).toBe(3);
    await open.post(grants, ask("bob", "read", "space"));
    await open.post(grants, ask("bob", "administer", "space"));
    expect((await open.remove(`${grants}/${held.get("read/space")}`)).status).toBe(204);
  });

  it("removes what a principal left behind", async () => {
    const open = await openSandbox();
    const held = await heldBy(open, "gone");
    expect((await open.remove(`${grants}/${held.get("read/space")}`)).status).toBe(204);
    expect((await heldBy(open, "gone")).size).toBe(0);
  });
});

describe("on a roles-only site", () => {
  it("refuses every granular write with InvalidRbacOperationException, whatever it names", async () => {
    const { post, remove } = await openSandbox({ world: smallWorld({ mode: "ROLES" }) });
    for (const answer of [
      await post(grants, ask("bob", "read", "space")),
      await post("/wiki/rest/api/space/NOPE/permission", {}),
      await remove(`${grants}/1`),
    ]) {
      expect(answer.status).toBe(400);
      expect(fieldOf(answer.body, "message")).toContain("InvalidRbacOperationException");
    }
  });
});
