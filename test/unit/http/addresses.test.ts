import { describe, expect, it } from "vitest";
import { buildTarget } from "../../../src/http/buildTarget.js";
import { readBaseUrl } from "../../../src/http/readBaseUrl.js";

describe("readBaseUrl", () => {
  it.each([
    ["https://example.atlassian.net", "https://example.atlassian.net", ""],
    ["https://example.atlassian.net/", "https://example.atlassian.net", ""],
    ["https://api.atlassian.com/ex/confluence/cloud-1", "https://api.atlassian.com", "/ex/confluence/cloud-1"],
    ["http://wiki.example:8090/confluence/", "http://wiki.example:8090", "/confluence"],
  ])("reads %s", (baseUrl, origin, path) => {
    expect(readBaseUrl(baseUrl)).toEqual({ origin, path });
  });

  it.each([
    "example.atlassian.net",
    "ftp://example.com",
    "https://person:s3cret@example.com",
    "https://example.com/?token=s3cret",
    "https://example.com/#s3cret",
    "",
  ])("refuses %s without repeating it", (baseUrl) => {
    const error = expect.objectContaining({ kind: "Misconfigured", message: expect.not.stringContaining("s3cret") });
    expect(() => readBaseUrl(baseUrl)).toThrowError(error);
  });
});

describe("buildTarget", () => {
  const call = { method: "GET", call: "GET /things/{id}", path: "/things/a%2Fb" } as const;

  it("puts the base's path before the call's, which stays encoded as it came", () => {
    expect(buildTarget("/ex/confluence/cloud-1", call)).toBe("/ex/confluence/cloud-1/things/a%2Fb");
  });

  it("encodes the query once and leaves out what is undefined", () => {
    const query = { cursor: "a+b/c=", limit: 250, deep: true, start: undefined, text: "ä &" };
    expect(buildTarget("", { ...call, query })).toBe(
      "/things/a%2Fb?cursor=a%2Bb%2Fc%3D&limit=250&deep=true&text=%C3%A4%20%26",
    );
  });

  it("adds to a query that the path carries", () => {
    expect(buildTarget("", { ...call, path: "/things?a=1", query: { b: 2 } })).toBe("/things?a=1&b=2");
  });

  it.each(["/spaces/../permissions", "/spaces/..", "/./x", "/spaces/%2e%2E/x", "things"])(
    "refuses %s, which would name another resource",
    (path) => {
      expect(() => buildTarget("", { ...call, path })).toThrowError(
        expect.objectContaining({ kind: "RequestRejected" }),
      );
    },
  );

  it("lets dots within a name and in the query be", () => {
    expect(buildTarget("", { ...call, path: "/things/v1..2/.hidden?path=/../" })).toBe(
      "/things/v1..2/.hidden?path=/../",
    );
  });
});
