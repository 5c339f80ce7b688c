import { describe, expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { Errand } from "../../../../src/http/admission/Errand.js";
import { openQueue } from "./openQueue.js";

const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("whose turn it is", () => {
  it("is a change's first, then who asked for little, then who asked for much, and last what nobody waits for", async () => {
    const queue = openQueue(1);
    const long = new Errand("reading", "a");
    long.calls = 100;
    queue.ask("running");
    queue.ask("background", { isBackground: true });
    queue.ask("long", { errand: long });
    queue.ask("small", { errand: new Errand("reading", "a") });
    queue.ask("write", { isChange: true });
    queue.ask("read of a change", { errand: new Errand("change", "a") });
    await queue.settle();
    expect(await queue.drain()).toEqual(["running", "write", "read of a change", "small", "long", "background"]);
  });

  it("goes round among callers, and within a caller among requests, however much each asks for", async () => {
    const queue = openQueue(1);
    const [flood, other] = [new Errand("reading", "a"), new Errand("reading", "a")];
    const theirs = new Errand("reading", "b");
    queue.ask("running");
    for (const number of many(4)) queue.ask(`flood-${number}`, { errand: flood });
    for (const number of many(2)) queue.ask(`other-${number}`, { errand: other });
    for (const number of many(3)) queue.ask(`theirs-${number}`, { errand: theirs });
    await queue.settle();
    expect(await queue.drain()).toEqual([
      "running",
      ...["flood-1", "theirs-1", "other-1", "theirs-2", "flood-2", "theirs-3", "other-2", "flood-3", "flood-4"],
    ]);
  });

  it("comes to a request behind all others too, after seven turns of those before it", async () => {
    const queue = openQueue(1);
    const long = new Errand("reading", "a");
    long.calls = 100;
    queue.ask("running");
    queue.ask("long", { errand: long });
    for (const number of many(20)) queue.ask(`write-${number}`, { isChange: true });
    await queue.settle();
    expect((await queue.drain()).indexOf("long")).toBe(8);
  });

  it("is a small request's before those of one that took more than 32 calls", async () => {
    const queue = openQueue(1);
    const crawl = new Errand("reading", "a");
    for (let call = 1; call <= 32; call += 1) {
      queue.ask(`crawl-${call}`, { errand: crawl });
      await queue.settle();
      if (call < 32) queue.leave(`crawl-${call}`);
    }
    for (const number of many(4)) queue.ask(`long-${number}`, { errand: crawl });
    for (const number of many(3)) queue.ask(`small-${number}`, { errand: new Errand("reading", "a") });
    await queue.settle();
    expect((await queue.drain()).slice(32)).toEqual([
      ...["small-1", "small-2", "small-3", "long-1", "long-2", "long-3", "long-4"],
    ]);
  });

  it("is no more than half of the places' for requests that want nothing read before", async () => {
    const queue = openQueue(4);
    for (const number of many(5)) queue.ask(`fresh-${number}`, { errand: new Errand("fresh-reading", "a") });
    await queue.settle();
    expect(queue.names()).toEqual(["fresh-1", "fresh-2"]);
    for (const number of many(3)) queue.ask(`plain-${number}`, { errand: new Errand("reading", "a") });
    await queue.settle();
    expect(queue.names()).toEqual(["fresh-1", "fresh-2", "plain-1", "plain-2"]);
    queue.leave("fresh-1");
    queue.leave("plain-1");
    await queue.settle();
    expect(queue.names().slice(4)).toEqual(["fresh-3", "plain-3"]);
  });
});

describe("a queue that is full", () => {
  it("refuses at once who finds no place, with the time to come back, and lets changes in all the same", async () => {
    const queue = openQueue(1, { maxWaiting: 4 });
    queue.ask("running");
    for (const caller of ["a", "b"])
      for (const number of many(2)) queue.ask(`${caller}-${number}`, { errand: new Errand("reading", caller) });
    queue.ask("late", { errand: new Errand("reading", "c") });
    queue.ask("write", { isChange: true });
    await queue.settle();
    expect([...queue.refused.keys()]).toEqual(["late"]);
    expect(queue.refused.get("late")).toBeInstanceOf(SiteError);
    expect(queue.refused.get("late")).toMatchObject({ kind: "Overloaded", retryAfterMs: 1_000, isAnswerLost: false });
    expect(queue.limit.state).toMatchObject({ waiting: 5, refused: 1 });
  });

  it("leaves half of its places to others than the caller that fills it", async () => {
    const queue = openQueue(1, { maxWaiting: 4 });
    queue.ask("running");
    for (const number of many(3)) queue.ask(`a-${number}`, { errand: new Errand("reading", "a") });
    queue.ask("b", { errand: new Errand("reading", "b") });
    await queue.settle();
    expect([...queue.refused.keys()]).toEqual(["a-3"]);
  });

  it("tells to come back once those before had their turn, by how fast they have had it", async () => {
    const queue = openQueue(1, { maxWaiting: 40 });
    const names = many(60).map((number) => `call-${number}`);
    for (const [index, name] of names.slice(0, 40).entries())
      queue.ask(name, { errand: new Errand("reading", `${index}`) });
    for (const name of names.slice(0, 39)) {
      await queue.clock.advance(1_000);
      queue.leave(name);
      queue.ask(`next-${name}`, { errand: new Errand("reading", `next-${name}`) });
    }
    await queue.settle();
    for (const each of many(2)) queue.ask(`late-${each}`, { errand: new Errand("reading", "late") });
    await queue.settle();
    const error = queue.refused.get("late-2");
    expect(error).toMatchObject({ kind: "Overloaded" });
    const retryAfterMs = error instanceof SiteError ? error.retryAfterMs : null;
    expect(retryAfterMs).toBeGreaterThan(30_000);
    expect(retryAfterMs).toBeLessThanOrEqual(40_000);
  });
});
