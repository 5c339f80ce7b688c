import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../../../src/http/Transport.js";
import { answers } from "../answers.js";
import { openTransport } from "../openTransport.js";
import { startUpstream } from "../startUpstream.js";

const list = (name: string): HttpRequest => ({ method: "GET", call: `GET /${name}`, path: `/${name}` });
const change: HttpRequest = { method: "POST", call: "POST /things", path: "/things", body: {} };
const backoffMs = [125, 250, 500, 1_000];

/** An upstream that answers as `status` says, asked by a transport whose pauses are 125, 250, 500 and 1,000 ms. */
async function openSite(options: { readonly concurrency?: number } = {}) {
  const site = {
    status: 503,
    headers: {} as Record<string, string>,
    onRequest: (_url: string) => undefined as unknown,
  };
  const upstream = await startUpstream(({ url }, response) => {
    site.onRequest(url);
    answers.json(response, {}, site.status, site.headers);
  });
  const { transport, errorOf, clock, concurrencyLimit } = openTransport(upstream.url, {
    random: () => 0.5,
    ...options,
  });
  const asked = () => upstream.received.map(({ url }) => url);
  /** Lets `count` calls that began together fail and be repeated, until they give up. */
  const wearDown = async (count: number) => {
    for (const delayMs of backoffMs) {
      await clock.whenSleeping(delayMs, count);
      await clock.advance(delayMs);
    }
  };
  /** Two lists that find out together that the site is down. */
  const bringDown = async () => {
    const errors = [errorOf(list("a")), errorOf(list("b"))];
    await wearDown(2);
    await Promise.all(errors);
    expect(concurrencyLimit.breaker.isDown).toBe(true);
    return asked().length;
  };
  return { site, upstream, transport, errorOf, clock, concurrencyLimit, asked, wearDown, bringDown };
}

describe("a site that is down", () => {
  it("is asked five times by the first lists, once by each that comes later, and nobody pauses any more", async () => {
    const { errorOf, clock, asked, bringDown } = await openSite();
    const before = await bringDown();
    expect(before).toBe(10);
    for (const name of ["c", "d", "e"]) {
      expect(await errorOf(list(name))).toMatchObject({ kind: "UpstreamFailed", status: 503 });
    }
    expect(asked().slice(before)).toEqual(["/c", "/d", "/e"]);
    expect(clock.sleeping).toEqual([]);
  });

  it("is asked once by all that come at the same time, and each says whose failure it shares", async () => {
    const { errorOf, asked, bringDown } = await openSite();
    const before = await bringDown();
    const errors = await Promise.all(["c", "d", "e", "f"].map((name) => errorOf(list(name))));
    expect(asked().slice(before)).toEqual(["/c"]);
    expect(errors.map(({ kind, status, call }) => ({ kind, status, call }))).toEqual(
      ["c", "d", "e", "f"].map((name) => ({ kind: "UpstreamFailed", status: 503, call: `GET /${name}` })),
    );
    expect(errors[1]?.message).toBe(
      "GET /d was not sent: the site is down. GET /c got the answer 503 just now, as did what was asked before it. Ask again later.",
    );
  });

  it("says of a change that shares the failure that it was not sent", async () => {
    const { errorOf, asked, bringDown } = await openSite();
    const before = await bringDown();
    const [, error] = await Promise.all([errorOf(list("c")), errorOf(change)]);
    expect(error).toMatchObject({ kind: "UpstreamFailed", isAnswerLost: false });
    expect(asked().slice(before)).toEqual(["/c"]);
  });

  it("is back with its first answer: those that waited for it go on, and nothing is refused", async () => {
    const { site, transport, concurrencyLimit, asked, bringDown } = await openSite();
    const before = await bringDown();
    site.status = 200;
    const answered = await Promise.all(["c", "d", "e"].map((name) => transport.send(list(name))));
    expect(answered.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(asked().slice(before).sort()).toEqual(["/c", "/d", "/e"]);
    expect(concurrencyLimit.breaker.isDown).toBe(false);
  });

  it("is back also with an answer that refuses", async () => {
    const { site, errorOf, concurrencyLimit, bringDown } = await openSite();
    await bringDown();
    site.status = 404;
    expect(await errorOf(list("c"))).toMatchObject({ kind: "NotVisible" });
    expect(concurrencyLimit.breaker.isDown).toBe(false);
  });

  it("is not asked by those in the queue either: they share what one of them finds", async () => {
    const { site, errorOf, asked, wearDown } = await openSite({ concurrency: 2 });
    const late: ReturnType<typeof errorOf>[] = [];
    site.onRequest = () => {
      if (asked().length === 10) for (let each = 0; each < 30; each += 1) late.push(errorOf(list(`late-${each}`)));
    };
    const errors = [errorOf(list("a")), errorOf(list("b"))];
    await wearDown(2);
    await Promise.all(errors);
    expect((await Promise.all(late)).map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 503));
    // Two may have had a slot before the tenth failure was read.
    expect(asked().length - 10).toBeLessThanOrEqual(3);
  });

  it("is asked at once also by a call that nobody waits for and that has used up its share: others wait for that one", async () => {
    const { errorOf, clock, concurrencyLimit, asked, bringDown } = await openSite();
    const before = await bringDown();
    const inAnHour = new Date(clock.now() + 3_600_000).toISOString();
    concurrencyLimit.observe({ "x-ratelimit-remaining": "2", "x-ratelimit-reset": inAnHour });
    const errors = await Promise.all([errorOf({ ...list("crawl"), isBackground: true }), errorOf(list("c"))]);
    expect(asked().slice(before)).toEqual(["/crawl"]);
    expect(errors.map(({ kind, status }) => ({ kind, status }))).toEqual([
      { kind: "UpstreamFailed", status: 503 },
      { kind: "UpstreamFailed", status: 503 },
    ]);
    expect(concurrencyLimit.state).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it("is not taken for down while one route alone fails", async () => {
    const { errorOf, concurrencyLimit, asked, wearDown } = await openSite();
    for (let round = 1; round <= 2; round += 1) {
      const error = errorOf(list("a"));
      await wearDown(1);
      await error;
      expect(concurrencyLimit.breaker.isDown).toBe(false);
      expect(asked()).toHaveLength(round * 5);
    }
  });

  it("is not taken for down while anything is answered between the failures", async () => {
    const { site, transport, errorOf, concurrencyLimit, clock, wearDown } = await openSite();
    const first = errorOf(list("a"));
    await wearDown(1);
    await first;
    site.status = 200;
    await transport.send(list("b"));
    site.status = 503;
    const second = errorOf(list("c"));
    await clock.whenSleeping(125);
    expect(concurrencyLimit.breaker.isDown).toBe(false);
    await wearDown(1);
    await second;
  });

  it("fails at once while it also asks to wait, and says for how long", async () => {
    const { site, errorOf, asked, bringDown } = await openSite();
    await bringDown();
    site.headers = { "retry-after": "7" };
    await errorOf(list("c"));
    const before = asked().length;
    expect(await errorOf(list("d"))).toMatchObject({ kind: "Throttled", retryAfterMs: 7_000 });
    expect(asked()).toHaveLength(before);
  });
});
