import { describe, expect, it } from "vitest";
import { Errand } from "../../../../src/http/admission/Errand.js";
import { parseRateLimitHeaders } from "../../../../src/http/rateLimits.js";
import { openQueue } from "./openQueue.js";

const [read, list] = ["GET /things/{id}", "GET /things"];

/** One call of each kind in flight, a wait of two seconds told to the first, and who goes before it is over. */
async function afterThrottle(headers: Readonly<Record<string, string>>, retryAfterMs = 2_000, status = 429) {
  const queue = openQueue(8);
  queue.ask("first", { call: read });
  await queue.settle();
  const told = parseRateLimitHeaders(headers, queue.clock.now());
  queue.throttle("first", { status, retryAfterMs, told });
  queue.ask("same", { call: read });
  queue.ask("other", { call: list });
  await queue.clock.advance(retryAfterMs - 1);
  const before = queue.names();
  await queue.clock.advance(1);
  return { queue, before, after: queue.names() };
}

describe("a site's wish to be left alone", () => {
  it.each([
    ["names a quota", { "ratelimit-reason": "confluence-quota-tenant-based" }],
    ["shows that nothing remains", { "x-ratelimit-limit": "10", "x-ratelimit-remaining": "0" }],
    [
      "comes from a bucket that is filled by the second",
      { "x-ratelimit-remaining": "1", "x-ratelimit-fillrate": "1", "x-ratelimit-interval-seconds": "1" },
    ],
  ])("covers the whole site where it %s", async (_why, headers) => {
    const { before, after } = await afterThrottle(headers);
    expect([before, after]).toEqual([["first"], ["first", "same", "other"]]);
  });

  it("covers the whole site where it is not available at all, and where no burst lasts so long", async () => {
    expect((await afterThrottle({}, 2_000, 503)).before).toEqual(["first"]);
    expect((await afterThrottle({}, 20_000)).before).toEqual(["first"]);
  });

  it("covers its call where it names a burst, whatever remains of it", async () => {
    const { before, after } = await afterThrottle({
      "ratelimit-reason": "confluence-burst-based",
      "x-ratelimit-remaining": "0",
    });
    expect([before, after]).toEqual([
      ["first", "other"],
      ["first", "other", "same"],
    ]);
  });

  it("covers nothing but the request where nothing says more: others go on, half as many", async () => {
    const { queue, before } = await afterThrottle({});
    expect(before).toEqual(["first", "same", "other"]);
    expect(queue.limit.state.allowed).toBe(4);
  });

  it("covers its call once that is throttled again without an answer between, and not after one", async () => {
    const queue = openQueue(8);
    for (const name of ["a", "b", "c", "d"]) queue.ask(name, { call: read });
    await queue.settle();
    queue.throttle("a", { retryAfterMs: 2_000 });
    queue.leave("b");
    queue.throttle("c", { retryAfterMs: 2_000 });
    queue.ask("e", { call: read });
    await queue.settle();
    expect(queue.names()).toContain("e");
    queue.throttle("d", { retryAfterMs: 2_000 });
    queue.ask("f", { call: read });
    queue.ask("g", { call: list });
    await queue.settle();
    expect(queue.names()).toContain("g");
    expect(queue.names()).not.toContain("f");
    expect(queue.limit.state.pausedUntilMs).toBeNull();
  });

  it("covers the site once two different calls are throttled without an answer between", async () => {
    const queue = openQueue(8);
    queue.ask("a", { call: read });
    queue.ask("b", { call: list });
    await queue.settle();
    queue.throttle("a", { retryAfterMs: 2_000 });
    queue.throttle("b", { retryAfterMs: 3_000 });
    expect(queue.limit.state.pausedUntilMs).toBe(queue.clock.now() + 3_000);
  });

  it("keeps a change waiting too, and it is the first afterwards", async () => {
    const queue = openQueue(1);
    queue.ask("first");
    await queue.settle();
    queue.throttle("first", { status: 503, retryAfterMs: 2_000 });
    queue.ask("reading", { errand: new Errand("reading") });
    queue.ask("write", { isChange: true });
    await queue.clock.advance(1_999);
    expect(queue.names()).toEqual(["first"]);
    await queue.clock.advance(1);
    expect(queue.names()).toEqual(["first", "write"]);
  });
});

describe("a site that tells what remains", () => {
  const bucket = (remaining: number) => ({
    "x-ratelimit-limit": "10",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-fillrate": "10",
    "x-ratelimit-interval-seconds": "1",
  });

  it("is not asked for more, counting what is in flight, until it is filled again", async () => {
    const queue = openQueue(8);
    for (const name of ["a", "b", "c", "d"]) queue.ask(name);
    await queue.settle();
    queue.limit.observe(bucket(4));
    queue.leave("a");
    queue.ask("e");
    queue.ask("f");
    await queue.settle();
    // Three in flight may not be counted yet: of the four that remain one may go.
    expect(queue.names()).toEqual(["a", "b", "c", "d", "e"]);
    queue.limit.observe(bucket(0));
    for (const name of ["b", "c", "d", "e"]) queue.leave(name);
    await queue.clock.advance(999);
    expect(queue.names()).not.toContain("f");
    await queue.clock.advance(1);
    expect(queue.names()).toContain("f");
  });

  it("is asked all the same where it says that nothing remains when it was to be filled again: it means something else", async () => {
    const queue = openQueue(2);
    queue.ask("a");
    await queue.settle();
    queue.limit.observe(bucket(0));
    queue.leave("a");
    queue.ask("b");
    await queue.clock.advance(1_000);
    queue.limit.observe(bucket(0));
    queue.leave("b");
    queue.ask("c");
    queue.ask("d");
    await queue.settle();
    expect(queue.names()).toEqual(["a", "b", "c", "d"]);
  });
});
