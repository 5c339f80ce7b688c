import { describe, expect, it } from "vitest";
import { readNextLink } from "../../../src/http/readNextLink.js";

const call = "GET /things";
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
