import { type Dispatcher, Pool } from "undici";
import { describe, expect, it, vi } from "vitest";
import { Stop } from "../../../src/http/admission/Stop.js";
import { buildTarget, exchange, parseJson, readBaseUrl } from "../../../src/http/exchange.js";
import { textLimits } from "../../../src/http/limits.js";

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

/** A pool whose connection comes about when it is told to. */
function poolThatConnects() {
  let handler: Dispatcher.DispatchHandler = {};
  const aborted: Error[] = [];
  const controller = {
    ...{ aborted: false, paused: false, reason: null, pause: () => undefined, resume: () => undefined },
    abort: (reason: Error) => {
      aborted.push(reason);
      handler.onResponseError?.(controller, reason);
    },
  };
  const pool = new Pool("http://127.0.0.1:1");
  vi.spyOn(pool, "dispatch").mockImplementation((_options, given) => {
    handler = given;
    return true;
  });
  const wire = { origin: "http://127.0.0.1:1", method: "GET", target: "/", headers: {}, body: null } as const;
  return {
    pool,
    wire,
    aborted,
    controller,
    connect: () => handler.onRequestStart?.(controller, null),
    of: () => handler,
  };
}

describe("an exchange", () => {
  it("is over at once when it is called off while its connection is made, and asks for nothing when that is there", async () => {
    const { pool, wire, aborted, connect } = poolThatConnects();
    const stop = new Stop();
    const ended = vi.fn();
    const reply = exchange(pool, wire, stop, ended);
    stop.abort(new Error("too late"));
    await expect(reply).rejects.toThrow("too late");
    connect();
    expect(aborted).toEqual([new Error("too late")]);
    expect(ended).toHaveBeenCalledExactlyOnceWith(null);
  });

  it("reads a text that came in pieces, and leaves out the mark of its encoding", async () => {
    const { pool, wire, controller, connect, of } = poolThatConnects();
    const reply = exchange(pool, wire, new Stop(), () => undefined);
    connect();
    of().onResponseStart?.(controller, 103, {});
    of().onResponseStart?.(controller, 200, { etag: "1" });
    const bytes = Buffer.from('\ufeff{"name":"Zoë"}');
    // The last letter of the name takes two bytes.
    for (const [from, to] of [
      [0, 14],
      [14, bytes.length],
    ])
      of().onResponseData?.(controller, bytes.subarray(from, to));
    of().onResponseEnd?.(controller, {});
    expect(await reply).toEqual({
      ...{ status: 200, headers: { etag: "1" }, text: '{"name":"Zoë"}', bytes: bytes.length, isTooLarge: false },
    });
  });

  it("takes no more of an error than its beginning", async () => {
    const { pool, wire, controller, connect, of, aborted } = poolThatConnects();
    const reply = exchange(pool, wire, new Stop(), () => undefined);
    connect();
    of().onResponseStart?.(controller, 500, {});
    of().onResponseData?.(controller, Buffer.alloc(textLimits.errorBytes, "a"));
    expect(aborted).toEqual([]);
    of().onResponseData?.(controller, Buffer.from("b"));
    expect(aborted).toHaveLength(1);
    expect((await reply).text).toBe("a".repeat(textLimits.errorBytes));
  });
});
