import { describe, expect, it } from "vitest";
import { columnOf } from "../support/columnOf.js";
import { fieldOf } from "../support/fieldOf.js";
import { openSandbox } from "../support/openSandbox.js";
import { row, smallWorld, space } from "../support/smallWorld.js";

const spaces = "/wiki/api/v2/spaces";
const many = (count: number) => smallWorld({ spaces: Array.from({ length: count }, (_, at) => space(String(at + 1))) });

describe("the list of spaces", () => {
  it("shows only current spaces unless a status is given, looked-up ones included", async () => {
    const { get } = await openSandbox();
    const keys = async (query: string) => columnOf((await get(`${spaces}${query}`)).body, "key");
    expect(await keys("")).toEqual(["ENG", "~ann"]);
    expect(await keys("?status=archived")).toEqual(["OLD"]);
    expect(await keys("?status=trashed")).toEqual(["BIN"]);
    expect(await keys("?ids=100,200,300")).toEqual(["ENG"]);
    expect(await keys("?ids=100,200,300&status=archived")).toEqual(["OLD"]);
    expect(await keys("?keys=BIN,OLD&status=trashed")).toEqual(["BIN"]);
    expect(await keys("?type=personal")).toEqual(["~ann"]);
  });

  it("shows a space as Confluence does, with ids as texts", async () => {
    const { get } = await openSandbox();
    expect(fieldOf((await get(`${spaces}?ids=100`)).body, "results.0")).toEqual({
      id: "100",
      key: "ENG",
      name: "Space 100",
      type: "global",
      status: "current",
      authorId: "ann",
      spaceOwnerId: "ann",
      homepageId: "215",
      createdAt: "2025-11-03T21:23:24.944Z",
      icon: null,
      description: null,
      currentActiveAlias: "ENG",
      _links: { webui: "/spaces/ENG" },
    });
  });

  it("orders by the value of the id, which is no text order, or as asked", async () => {
    const { get } = await openSandbox({ world: many(12) });
    expect(columnOf((await get(spaces)).body, "id").slice(0, 3)).toEqual(["1", "2", "3"]);
    expect(columnOf((await get(`${spaces}?sort=-id`)).body, "id").slice(0, 3)).toEqual(["12", "11", "10"]);
    expect(columnOf((await get(`${spaces}?sort=key`)).body, "key").slice(0, 3)).toEqual(["K1", "K10", "K11"]);
  });

  it("pages 25 by default, by opaque cursors, named by the Link header and by _links.next alike", async () => {
    const { get, sandbox } = await openSandbox({ world: many(60) });
    const first = await get(spaces);
    expect(columnOf(first.body, "id")).toHaveLength(25);
    const next = String(fieldOf(first.body, "_links.next"));
    expect(next.startsWith("/wiki/api/v2/spaces?cursor=")).toBe(true);
    expect(first.headers.get("link")).toBe(`<${next}>; rel="next", <${sandbox.url}/wiki>; rel="base"`);
    const second = await get(next);
    const third = await get(`${String(fieldOf(second.body, "_links.next"))}&limit=250`);
    expect(columnOf(third.body, "id")).toEqual(["51", "52", "53", "54", "55", "56", "57", "58", "59", "60"]);
    expect(fieldOf(third.body, "_links.next")).toBeUndefined();
    expect(third.headers.get("link")).toBe(`<${sandbox.url}/wiki>; rel="base"`);
  });

  it("keeps its filters on the next page, so that a lookup of 250 ids needs ten pages of the default size", async () => {
    const { get } = await openSandbox({ world: many(300) });
    const ids = Array.from({ length: 250 }, (_, at) => at + 1).join(",");
    const found: unknown[] = [];
    let next: unknown = `${spaces}?ids=${ids}`;
    let pages = 0;
    for (; typeof next === "string"; pages += 1) {
      const { body } = await get(next);
      found.push(...columnOf(body, "id"));
      next = fieldOf(body, "_links.next");
    }
    expect([pages, found.length]).toEqual([10, 250]);
  });

  it("refuses a cursor that is broken, or that another list or another filter gave", async () => {
    const { get } = await openSandbox({ world: many(60) });
    const cursor =
      new URLSearchParams(String(fieldOf((await get(spaces)).body, "_links.next")).split("?")[1]).get("cursor") ?? "";
    expect((await get(`${spaces}?cursor=${cursor}`)).status).toBe(200);
    for (const wrong of ["oops", "", `${cursor}x`, cursor.slice(1)]) {
      expect((await get(`${spaces}?cursor=${wrong}`)).status).toBe(400);
    }
    expect((await get(`${spaces}?status=current&cursor=${cursor}`)).status).toBe(400);
    expect((await get(`${spaces}/1/permissions?cursor=${cursor}`)).status).toBe(400);
  });

  it.each([
    "limit=251",
    "limit=0",
    "limit=x",
    "status=deleted",
    "status=current,archived",
    "type=blog",
    "sort=size",
    "ids=1,x",
    "ids=",
    "include-icon=yes",
    "description-format=storage",
    `ids=${Array.from({ length: 251 }, (_, at) => at + 1).join(",")}`,
    `keys=${Array.from({ length: 251 }, (_, at) => `K${at}`).join(",")}`,
  ])("refuses %s with 400", async (query) => {
    const { get } = await openSandbox();
    const { status, body } = await get(`${spaces}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ status: 400, code: "INVALID_REQUEST_PARAMETER", detail: null }] });
  });
});

describe("one space", () => {
  it("is answered whatever its status; hidden and missing alike are a 404 in the words of v2", async () => {
    const { get } = await openSandbox();
    expect((await get(`${spaces}/300`)).body).toMatchObject({ id: "300", status: "trashed" });
    const { status, body } = await get(`${spaces}/999`);
    expect(status).toBe(404);
    expect(body).toEqual({ errors: [{ status: 404, code: "NOT_FOUND", title: expect.any(String), detail: null }] });
    expect((await get(`${spaces}/ENG`)).status).toBe(400);
  });

  it("carries at most 50 permissions along, and a cursor that continues in their own list", async () => {
    const permissions = Array.from({ length: 60 }, (_, at) => row("user", `u-${at}`, "read/space"));
    const { get } = await openSandbox({ world: smallWorld({ spaces: [space("1", { permissions })] }) });
    const { body } = await get(
      `${spaces}/1?include-permissions=true&include-role-assignments=true&include-operations=true`,
    );
    expect(fieldOf(body, "permissions")).toMatchObject({
      meta: { hasMore: true, cursor: expect.any(String) },
      _links: { self: "/wiki/api/v2/spaces/1/permissions" },
    });
    expect(fieldOf(body, "permissions.results")).toHaveLength(50);
    expect(fieldOf(body, "roleAssignments")).toMatchObject({ results: [], meta: { hasMore: false } });
    expect(fieldOf(body, "operations.results.0")).toEqual({ operation: "read", targetType: "space" });
    const rest = await get(`${spaces}/1/permissions?cursor=${String(fieldOf(body, "permissions.meta.cursor"))}`);
    expect(columnOf(rest.body, "principal.id")).toEqual(permissions.slice(50).map((each) => each.principal.id));
  });

  it("refuses role assignments on a site that has no roles yet", async () => {
    const { get } = await openSandbox({ world: smallWorld({ mode: "PRE_ROLES" }) });
    expect((await get(`${spaces}/100?include-role-assignments=true`)).status).toBe(400);
    expect((await get(`${spaces}/100?include-permissions=1`)).status).toBe(400);
  });
});
