import { describe, expect, it } from "vitest";
import { mapSpace } from "../../../../src/confluence/datacenter/spaces.js";
import type { SpaceId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { openAnswering, page } from "./openSite.js";

const ids = (...numbers: readonly number[]) => numbers.map((id) => String(id) as SpaceId);
const spaceRow = (id: number, status = "current") => ({ id, key: `S${id}`, name: `S${id}`, type: "global", status });

describe("a space", () => {
  it.each([
    ["current", "CURRENT"],
    ["ARCHIVED", "ARCHIVED"],
    ["Frozen", "UNKNOWN"],
  ])("of status %s is %s", (status, expected) => {
    const space = mapSpace({ id: 7, key: "ENG", type: "global", status }, "https://w/c", "current");
    expect(space).toMatchObject({
      spaceId: "7",
      kind: "GLOBAL",
      status: expected,
      reportedStatus: status,
      authorId: null,
    });
  });

  it("without a status has the one that was asked for", () => {
    expect(mapSpace({ id: 7, key: "ENG" }, "", "archived").status).toBe("ARCHIVED");
  });

  it("is found below the address with its context path", () => {
    const links = { webui: "/display/ENG" };
    expect(mapSpace({ id: 7, key: "ENG", _links: links }, "https://w/c", "current").homepageUrl).toBe(
      "https://w/c/display/ENG",
    );
  });

  it.each([".evil.example/", "@evil.example/", ":8443/"])("has no address where the site says %s", (webui) => {
    expect(mapSpace({ id: 7, key: "ENG", _links: { webui } }, "https://w", "current").homepageUrl).toBeNull();
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
