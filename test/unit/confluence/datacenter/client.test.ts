import { describe, expect, it } from "vitest";
import { readNextStart } from "../../../../src/confluence/datacenter/client.js";
import { startUpstream } from "../../http/startUpstream.js";
import { siteAt } from "./openSite.js";

describe("where the next page starts", () => {
  it.each([
    ["a relative link", "/rest/api/group?limit=2&start=4", 4],
    ["a link with the context path", "/confluence/rest/api/group?start=4", 4],
    [
      "a link to the address the administrator typed",
      "https://wiki.internal.example/rest/api/group?limit=2&start=4",
      4,
    ],
    ["a link without a start", "/rest/api/group?limit=2", 5],
    ["a start that is no number", "/rest/api/group?start=last", 5],
    ["a link that cannot be read", "http://[", 5],
  ])("%s", (_, next, expected) => {
    expect(readNextStart({ _links: { next } }, 2, 3)).toBe(expected);
  });

  it("is nowhere without a link", () => {
    expect(readNextStart({ _links: {} }, 2, 3)).toBeNull();
    expect(readNextStart({}, 2, 3)).toBeNull();
  });

  it.each([{ href: "/x?start=5" }, 7, true])("is behind the rows that came where the link is %j", (next) => {
    expect(readNextStart({ _links: { next } }, 2, 3)).toBe(5);
  });

  it.each([null, ""])("is nowhere where the link is %j", (next) => {
    expect(readNextStart({ _links: { next } }, 2, 3)).toBeNull();
  });

  it("is behind the rows of a page without links that is as full as it says it can be", () => {
    expect(readNextStart({ limit: 3, size: 3 }, 2, 3)).toBe(5);
    expect(readNextStart({ limit: 200, size: 3 }, 2, 3)).toBeNull();
    expect(readNextStart({ limit: 3, _links: {} }, 2, 3)).toBeNull();
  });

  it("is where an empty page says, so that what it announces is not taken for read", () => {
    expect(readNextStart({ _links: { next: "/x?start=5" } }, 2, 0)).toBe(5);
  });
});

/** A site that answers at most `cap` of its groups at once, whatever is asked for. */
async function openGroups(
  all: readonly string[],
  cap: number,
  next = (start: number) => `/rest/api/group?start=${start}`,
) {
  const upstream = await startUpstream((request, response) => {
    const query = new URL(request.url, "http://x").searchParams;
    const start = Number(query.get("start") ?? 0);
    const rows = all.slice(start, start + Math.min(cap, Number(query.get("limit"))));
    const hasNext = start + rows.length < all.length;
    const links = { base: "http://nowhere.invalid", ...(hasNext ? { next: next(start + rows.length) } : {}) };
    const body = {
      results: rows.map((name) => ({ type: "group", name })),
      start,
      limit: cap,
      size: rows.length,
      _links: links,
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return { upstream, ...siteAt(`${upstream.url}/confluence`, "Bearer token") };
}

describe("a list", () => {
  const names = Array.from({ length: 450 }, (_, number) => `g${number}`);

  it("loses nobody where the site clamps the limit without a word", async () => {
    const { site, upstream } = await openGroups(names, 200);
    const { items, gaps } = await site.groups.list();
    expect(items.map(({ name }) => name)).toEqual(names);
    expect(gaps).toEqual([]);
    expect(upstream.received.map(({ url }) => url)).toEqual([
      "/confluence/rest/api/group?limit=1000",
      "/confluence/rest/api/group?start=200&limit=1000",
      "/confluence/rest/api/group?start=400&limit=1000",
    ]);
  });

  it("goes on by the rows that came where the link does not say from where", async () => {
    const { site } = await openGroups(names, 200, () => "/rest/api/group?limit=1000");
    expect((await site.groups.list()).items).toHaveLength(450);
  });

  it("that names a page again keeps what was read and declares the rest", async () => {
    const { site } = await openGroups(names, 200, () => "/rest/api/group?start=200");
    const { items, gaps } = await site.groups.list();
    expect(items).toHaveLength(400);
    expect(gaps).toMatchObject([{ missing: "groups after the first 400", kind: "ReadIncomplete" }]);
  });
});
