import { describe, expect, it } from "vitest";
import type { GroupId, SpaceId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { type Received, startUpstream } from "../../http/startUpstream.js";
import { known, openSite, siteAt } from "./openSite.js";

const group = (name: string) => name as GroupId;
const ids = (...numbers: readonly number[]) => numbers.map((id) => String(id) as SpaceId);

/** A site that answers what it is told to; `null` is its way to say that something is missing. */
async function openAnswering(answer: (url: URL, received: Received) => unknown) {
  const upstream = await startUpstream((request, response) => {
    const body = answer(new URL(request.url, "http://localhost"), request);
    const missing = { statusCode: 404, data: { successful: false }, message: "No such thing" };
    response
      .writeHead(body === null ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(body ?? missing));
  });
  return { ...siteAt(upstream.url, "Bearer x"), upstream, urls: () => upstream.received.map(({ url }) => url) };
}

const page = (results: readonly unknown[], next?: string) => ({
  results,
  start: 0,
  limit: 200,
  size: results.length,
  _links: next === undefined ? {} : { next },
});
const spaceRow = (id: number, status = "current") => ({ id, key: `S${id}`, name: `S${id}`, type: "global", status });

describe("the groups that a group is in", () => {
  it("are told over all pages, each group on its own", async () => {
    const { site } = await openAnswering(({ pathname, searchParams }) => {
      if (pathname.includes("/nowhere/")) return null;
      if (!pathname.includes("/a/")) return page([]);
      const next = "/rest/api/group/a/groupparent?limit=1000&start=1";
      return searchParams.get("start") === "1" ? page([{ name: "y" }]) : page([{ name: "x" }], next);
    });
    const found = (await site.groups.parentsOf?.(["a", "b", "nowhere", "s/w"].map(group))) ?? new Map();
    expect(known(found, group("a")).items.map(({ groupId }: { groupId: string }) => groupId)).toEqual(["x", "y"]);
    expect(known(found, group("b"))).toMatchObject({ items: [], gaps: [] });
    expect(found.get(group("nowhere"))).toMatchObject({ kind: "NotVisible" });
    expect(found.get(group("s/w"))).toMatchObject({ kind: "Unsupported" });
  });

  it("are Unsupported for every group where the site has no such call, which is asked once in ten minutes", async () => {
    const { site, calls, clock, forgetCalls } = await openSite();
    const read = async () => [...((await site.groups.parentsOf?.(["a", "b"].map(group))) ?? new Map()).values()];
    expect(await read()).toMatchObject([{ kind: "Unsupported" }, { kind: "Unsupported" }]);
    await forgetCalls();
    expect(await read()).toMatchObject([{ kind: "Unsupported" }, { kind: "Unsupported" }]);
    expect(calls()).toEqual([]);
    await clock.advance(600_000);
    await read();
    expect(calls().length).toBeGreaterThan(0);
  });
});

describe("spaces by id that nobody has seen yet", () => {
  it("are asked for by id, many a call, archived ones after those in use", async () => {
    const { site, urls } = await openAnswering(({ searchParams }) => {
      const asked = searchParams.getAll("spaceId").map(Number);
      const isArchived = searchParams.get("status") === "archived";
      return page(asked.filter((id) => id !== 404 && (id === 7) === isArchived).map((id) => spaceRow(id)));
    });
    const found = await site.spaces.byIds(ids(3, 7, 404));
    expect([...found.keys()].sort()).toEqual(["3", "7"]);
    expect(urls()).toEqual([
      "/rest/api/space?spaceId=3&spaceId=7&spaceId=404&status=current&expand=creator&limit=200",
      "/rest/api/space?spaceId=7&spaceId=404&status=archived&expand=creator&limit=200",
    ]);
  });

  it("are asked for fifty at a time", async () => {
    const { site, upstream } = await openAnswering(({ searchParams }) =>
      page(searchParams.getAll("spaceId").map((id) => spaceRow(Number(id)))),
    );
    const wanted = ids(...Array.from({ length: 120 }, (_, index) => index + 1));
    expect((await site.spaces.byIds(wanted)).size).toBe(120);
    expect(upstream.received).toHaveLength(3);
  });

  it.each([
    ["ignores ids and answers with others", page([spaceRow(1), spaceRow(2), spaceRow(3)])],
    ["has more than was asked for", page([spaceRow(3)], "/rest/api/space?start=1")],
    ["knows no such thing", null],
  ])("come out of the lists where the site %s", async (_, answer) => {
    const { site, urls } = await openAnswering(({ searchParams }) => {
      if (searchParams.has("spaceId")) return answer;
      return page(
        searchParams.get("status") === "archived" ? [spaceRow(4, "archived")] : [1, 2, 3].map((id) => spaceRow(id)),
      );
    });
    const found = await site.spaces.byIds(ids(3, 4, 5));
    expect([...found.keys()].sort()).toEqual(["3", "4"]);
    expect(urls()).toHaveLength(3);
    await site.spaces.byIds(ids(5));
    expect(urls().filter((url) => url.includes("spaceId"))).toHaveLength(1);
  });

  it("are an error each where they cannot be read, and no absence", async () => {
    const { site } = await openAnswering(() => ({ results: "none" }));
    const found = await site.spaces.byIds(ids(3, 4));
    expect([...found.values()].map((outcome) => outcome instanceof SiteError && outcome.kind)).toEqual([
      "ContractDrift",
      "ContractDrift",
    ]);
  });
});
