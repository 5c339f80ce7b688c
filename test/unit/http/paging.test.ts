import { describe, expect, it } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { nextOffset, type Page, type PageRequest, readNextLink, readPages } from "../../../src/http/paging.js";
import { ManualClock } from "../../support/ManualClock.js";

const call = "GET /things";
const failed = (status = 500) => new SiteError("UpstreamFailed", `${call} answered ${status}.`, { call, status });

function reading<Position extends string | number | null>(
  first: Position,
  fetchPage: (request: PageRequest<Position>, count: number) => Page<string, Position>,
  limits: { readonly maxPages?: number; readonly maxRows?: number; readonly minPageSize?: number } = {},
  isCounted = false,
) {
  const clock = new ManualClock();
  const asked: PageRequest<Position>[] = [];
  const result = readPages<string, Position>({
    call,
    first,
    pageSize: 200,
    clock,
    limits,
    isCounted,
    missing: (count) => `things beyond the first ${count}`,
    fetchPage: async (request) => {
      asked.push(request);
      return fetchPage(request, asked.length);
    },
  });
  return { clock, asked, result };
}

/** Pages by cursor: `null` → a → b → … */
const chain: Readonly<Record<string, Page<string, string | null>>> = {
  null: { rows: ["1", "2"], next: "a" },
  a: { rows: ["3"], next: "b" },
  b: { rows: ["4"], next: null },
};
const pageAt = (position: string | null): Page<string, string | null> =>
  chain[String(position)] ?? { rows: [], next: null };

describe("readPages", () => {
  it("stops where we count on and the same page comes whatever is asked for, and declares the rest", async () => {
    const same = ({ position }: PageRequest<number>) => ({ rows: ["1", "2"], next: position + 2 });
    const { asked, result } = reading<number>(0, same, {}, true);
    expect(await result).toMatchObject({
      items: ["1", "2"],
      gaps: [{ kind: "ReadIncomplete", missing: "things beyond the first 2" }],
    });
    expect(asked).toHaveLength(2);
  });

  it("reads every page, and dates the answer by its oldest part", async () => {
    const { clock, asked, result } = reading<string | null>(null, ({ position }) => pageAt(position));
    const startedMs = clock.now();
    await clock.advance(5_000);
    expect(await result).toEqual({ items: ["1", "2", "3", "4"], gaps: [], assumptions: [], asOfMs: startedMs });
    expect(asked.map(({ position }) => position)).toEqual([null, "a", "b"]);
  });

  it("rejects when the first page fails: nothing was read", async () => {
    const error = new SiteError("AccessRefused", "no", { call, status: 403 });
    const { result } = reading<string | null>(null, () => {
      throw error;
    });
    await expect(result).rejects.toBe(error);
  });

  it("keeps what was read when a later page fails, and says what is missing and why", async () => {
    const { result } = reading<string | null>(null, ({ position }) => {
      if (position === "b") throw new SiteError("Throttled", "too many", { call, status: 429, retryAfterMs: 9_000 });
      return pageAt(position);
    });
    expect(await result).toMatchObject({
      items: ["1", "2", "3"],
      gaps: [
        { missing: "things beyond the first 3", kind: "Throttled", reason: "too many", call, retryAfterMs: 9_000 },
      ],
    });
  });

  it("hands its rows over page by page where they are too many to hold, and counts them all the same", async () => {
    const taken: (readonly string[])[] = [];
    const result = await readPages<string, string | null>({
      call,
      first: null,
      pageSize: 200,
      clock: new ManualClock(),
      missing: (count) => `things beyond the first ${count}`,
      take: (rows) => taken.push(rows),
      fetchPage: async ({ position }) => {
        if (position === "b") throw failed(503);
        return pageAt(position);
      },
    });
    expect(taken).toEqual([["1", "2"], ["3"]]);
    expect(result).toMatchObject({ items: [], gaps: [{ missing: "things beyond the first 3" }] });
  });

  it("does not pass an error of our own for a gap", async () => {
    const { result } = reading<string | null>(null, ({ position }) => {
      if (position === "a") throw new TypeError("a bug");
      return pageAt(position);
    });
    await expect(result).rejects.toThrowError(TypeError);
  });

  it("refuses a repeated cursor instead of reading in circles", async () => {
    const { asked, result } = reading<string | null>(null, ({ position }) =>
      position === "a" ? { rows: ["3"], next: "a" } : { rows: ["1"], next: "a" },
    );
    expect(await result).toMatchObject({ items: ["1", "3"], gaps: [{ kind: "ReadIncomplete", call }] });
    expect(asked).toHaveLength(2);
  });

  it("refuses to go back to the first offset", async () => {
    const { asked, result } = reading<number>(0, ({ position }) => ({ rows: ["x"], next: position === 0 ? 1 : 0 }));
    expect(await result).toMatchObject({ items: ["x", "x"], gaps: [{ kind: "ReadIncomplete" }] });
    expect(asked).toHaveLength(2);
  });

  it("stops on an empty page that names a next one, and says that more was announced", async () => {
    const { asked, result } = reading<string | null>(null, ({ position }) =>
      position === null ? { rows: ["1"], next: "a" } : { rows: [], next: "b" },
    );
    expect(await result).toMatchObject({
      items: ["1"],
      gaps: [{ kind: "ReadIncomplete", missing: "things beyond the first 1" }],
    });
    expect(asked).toHaveLength(2);
  });

  it("misses what was announced where the page named holds nothing", async () => {
    const { result } = reading<string | null>(null, ({ position }) =>
      position === null ? { rows: ["1"], next: "a" } : { rows: [], next: null },
    );
    expect(await result).toMatchObject({ items: ["1"], gaps: [{ kind: "ReadIncomplete" }] });
  });

  it("misses what an empty first page announces", async () => {
    const { result } = reading<string | null>(null, () => ({ rows: [], next: "a" }));
    expect(await result).toMatchObject({ items: [], gaps: [{ kind: "ReadIncomplete" }] });
  });

  it("takes an empty first page that announces nothing for what it says", async () => {
    const { result } = reading<string | null>(null, () => ({ rows: [], next: null }));
    expect(await result).toMatchObject({ items: [], gaps: [] });
  });

  it("advances by what was received where there is no next link", async () => {
    const all = ["1", "2", "3", "4", "5"];
    const fetchPage = ({ position }: PageRequest<number>) => {
      const rows = all.slice(position, position + 2);
      return { rows, next: nextOffset(position, rows.length) };
    };
    const { asked, result } = reading<number>(0, fetchPage, {}, true);
    expect(await result).toMatchObject({ items: all, gaps: [] });
    expect(asked.map(({ position }) => position)).toEqual([0, 2, 4, 5]);
  });

  it.each([
    ["pages", { maxPages: 2 }],
    ["rows", { maxRows: 3 }],
  ])("declares a gap when the cap of %s is reached", async (_what, limits) => {
    const { asked, result } = reading<string | null>(null, ({ position }) => pageAt(position), limits);
    expect(await result).toMatchObject({
      items: ["1", "2", "3"],
      gaps: [{ missing: "things beyond the first 3", kind: "ReadIncomplete", retryAfterMs: null }],
    });
    expect(asked).toHaveLength(2);
  });

  it("declares no gap when the list ends exactly at the cap", async () => {
    const { result } = reading<string | null>(null, ({ position }) => pageAt(position), { maxPages: 3, maxRows: 4 });
    expect(await result).toMatchObject({ items: ["1", "2", "3", "4"], gaps: [] });
  });

  it("halves the page on repeated 5xx and goes on from the same position with the smaller one", async () => {
    const { asked, result } = reading<string | null>(null, ({ position, limit }) => {
      if (position === "a" && limit > 60) throw failed(504);
      return pageAt(position);
    });
    expect(await result).toMatchObject({ items: ["1", "2", "3", "4"], gaps: [] });
    expect(asked.map(({ position, limit }) => ({ position, limit }))).toEqual([
      { position: null, limit: 200 },
      { position: "a", limit: 200 },
      { position: "a", limit: 100 },
      { position: "a", limit: 50 },
      { position: "b", limit: 50 },
    ]);
  });

  it("gives a page one time, at whatever sizes it is asked for, and does not ask again without any", async () => {
    const { asked, result } = reading<string | null>(null, ({ position, limit, tries }) => {
      if (position === "a" && limit > 60) {
        tries.spentMs += 16_000;
        throw failed(504);
      }
      return pageAt(position);
    });
    expect(await result).toMatchObject({ items: ["1", "2"], gaps: [{ kind: "UpstreamFailed" }] });
    expect(asked.map(({ limit }) => limit)).toEqual([200, 200, 100]);
    expect(asked[0]?.tries.spentMs).toBe(0);
  });

  it("halves the first page too, and rejects when the smallest fails as well", async () => {
    const { asked, result } = reading<string | null>(
      null,
      () => {
        throw failed();
      },
      { minPageSize: 60 },
    );
    await expect(result).rejects.toMatchObject({ kind: "UpstreamFailed" });
    expect(asked.map(({ limit }) => limit)).toEqual([200, 100, 60]);
  });

  it.each([
    ["no answer", new SiteError("Unreachable", "gone", { call })],
    ["a 503, which is of the site and not of the page", failed(503)],
  ])("does not halve for an error that a smaller page cannot heal: %s", async (_what, error) => {
    const { asked, result } = reading<string | null>(null, ({ position }) => {
      if (position === "a") throw error;
      return pageAt(position);
    });
    expect(await result).toMatchObject({ items: ["1", "2"], gaps: [{ kind: error.kind }] });
    expect(asked).toHaveLength(2);
  });
});

const site = { baseUrl: "https://example.atlassian.net", parameter: "cursor", call };
const gateway = { ...site, baseUrl: "https://api.atlassian.com/ex/confluence/cloud-1" };
const body = (next: unknown) => ({
  body: { _links: { next, base: "https://example.atlassian.net/wiki" } },
  headers: {},
});

describe("readNextLink", () => {
  it("takes the cursor out of a link that starts with /wiki", () => {
    expect(readNextLink(body("/wiki/api/v2/spaces?limit=25&cursor=abc"), site)).toBe("abc");
  });

  it("takes the start out of a link that is relative to _links.base", () => {
    const link = body("/rest/api/group?start=200&limit=200");
    expect(readNextLink(link, { ...site, parameter: "start" })).toBe("200");
    expect(readNextLink(body("rest/api/group?start=400"), { ...site, parameter: "start" })).toBe("400");
  });

  it("does not mind that a link lacks the gateway's prefix", () => {
    expect(readNextLink(body("/wiki/api/v2/spaces?cursor=abc"), gateway)).toBe("abc");
  });

  it("decodes the cursor, so that it is encoded once when the call is rebuilt", () => {
    expect(readNextLink(body("/wiki/api/v2/spaces?cursor=eyJpZCI%2FPT0%3D"), site)).toBe("eyJpZCI/PT0=");
  });

  it("takes an absolute link to the configured origin", () => {
    expect(readNextLink(body("https://example.atlassian.net/wiki/x?cursor=abc"), site)).toBe("abc");
  });

  it.each([
    "https://evil.example/wiki/x?cursor=abc",
    "//evil.example/wiki/x?cursor=abc",
    "/\\evil.example/x?cursor=abc",
    "http://example.atlassian.net/wiki/x?cursor=abc",
    "https://example.atlassian.net:8443/wiki/x?cursor=abc",
    "https://example.atlassian.net@evil.example/?cursor=abc",
    "javascript:alert(1)?cursor=abc",
  ])("refuses a link to another origin: %s", (link) => {
    expect(() => readNextLink(body(link), site)).toThrowError(
      expect.objectContaining({ kind: "ContractDrift", call, message: expect.stringContaining("another origin") }),
    );
  });

  it("does not repeat a foreign link, which may hold anything, in the error", () => {
    expect(() => readNextLink(body("https://evil.example/?cursor=secret"), site)).not.toThrowError(/evil|secret/);
  });

  it("refuses a link without the position rather than ending the list there", () => {
    expect(() => readNextLink(body("/wiki/api/v2/spaces?limit=25"), site)).toThrowError(/carries no "cursor"/);
    expect(() => readNextLink(body("/wiki/api/v2/spaces?cursor="), site)).toThrowError(/carries no "cursor"/);
    expect(() => readNextLink(body(17), site)).toThrowError(/cannot be read/);
  });

  it("reads the Link header where the body names no link", () => {
    const headers = {
      link: '</wiki/api/v2/spaces?cursor=first>; rel="first", </wiki/api/v2/spaces?a=1,2&cursor=abc>; rel="next"',
    };
    expect(readNextLink({ body: { results: [] }, headers }, site)).toBe("abc");
    expect(
      readNextLink({ body: [], headers: { link: ["<?cursor=p>; rel=prev", "<?cursor=n>; rel=next"] } }, site),
    ).toBe("n");
  });

  it.each([{ _links: {} }, { _links: { next: null } }, { _links: null }, {}, null, undefined, "text", []])(
    "sees no next page in %j",
    (last) => {
      expect(readNextLink({ body: last, headers: {} }, site)).toBeNull();
    },
  );

  it("sees no next page in a Link header of other relations", () => {
    expect(readNextLink({ body: {}, headers: { link: '<?cursor=p>; rel="prev"' } }, site)).toBeNull();
  });
});

describe("nextOffset", () => {
  it("advances by what was received, so that a short page in the middle loses nothing", () => {
    expect(nextOffset(200, 37)).toBe(237);
  });

  it("ends only on an empty page", () => {
    expect(nextOffset(237, 0)).toBeNull();
  });
});
