import { describe, expect, it } from "vitest";
import { buildTarget, parseJson, readBaseUrl } from "../../../src/http/exchange.js";

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

const large = "9007199254740993";

describe("an integer that a number cannot hold", () => {
  it.each([
    [`{"id":${large}}`, { id: large }],
    [`{"id" : \n ${large} , "key":"A"}`, { id: large, key: "A" }],
    [`[${large},-${large},1]`, [large, `-${large}`, 1]],
    [large, Number(large)],
    [`{"id":9223372036854775807}`, { id: "9223372036854775807" }],
    [
      `{"results":[{"id":${large},"n":12345678901234567890123}]}`,
      { results: [{ id: large, n: "12345678901234567890123" }] },
    ],
  ])("is kept as the text it came as: %s", (text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it.each([
    ["the largest that is exact", '{"id":9007199254740991}', { id: 9_007_199_254_740_991 }],
    [
      "a fraction",
      '{"n":1234567890123456.5,"m":0.1234567890123456}',
      { n: 1_234_567_890_123_456.5, m: 0.1234567890123456 },
    ],
    ["an exponent", '{"n":12345678901234567e3}', { n: 12_345_678_901_234_567e3 }],
    [
      "a text",
      `{"id":"${large}","say":"a:${large}, \\"b\\": ${large}"}`,
      { id: large, say: `a:${large}, "b": ${large}` },
    ],
    ["a text beside one", `{"say":"[${large}","id":${large}}`, { say: `[${large}`, id: large }],
    ["a text that ends in a backslash", `{"say":"\\\\","id":${large}}`, { say: "\\", id: large }],
    ["a name", `{"${large}":1,"a":[1234567890123456789]}`, { [large]: 1, a: ["1234567890123456789"] }],
  ])("is not taken for one: %s", (_, text, expected) => {
    expect(parseJson(text)).toEqual(expected);
  });

  it.each(["{", `{"id":0${large}}`, `{"id":${large}x}`, `{${large}:1}`])(
    "makes no JSON of what is none: %s",
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});
