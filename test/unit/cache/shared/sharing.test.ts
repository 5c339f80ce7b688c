import { describe, expect, it } from "vitest";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { EngineAway } from "../../../../src/fleet/FleetEngine.js";
import { Leaver, workFor } from "../../../../src/http/Waiting.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { settleTurn } from "../settleTurn.js";
import { FakeEngine, FakeServer } from "./FakeEngine.js";
import { Member, type Thing, until, usualMs } from "./Member.js";

const failed = new SiteError("UpstreamFailed", "It failed.", { call: "GET /things" });

interface FleetOptions extends Partial<ConstructorParameters<typeof Member>[0]> {
  /** By how much the engine's clock goes before that of the processes. */
  readonly aheadMs?: number;
}

/** Some processes over one engine, under a clock that stands still. */
function openFleet({ aheadMs = 0, ...options }: FleetOptions = {}) {
  const clock = new ManualClock();
  const server = new FakeServer(clock);
  const join = (others: FleetOptions = {}) =>
    new Member({ engine: new FakeEngine(server, aheadMs), clock, ...options, ...others });
  /** Until what was read stands there. */
  const put = (times: number) => until(() => server.asked.filter((name) => name === "put").length >= times);
  return { clock, server, join, put };
}

/** Reads by a process, with upstream answering. */
async function readAnswered(member: Member, found: Readonly<Record<string, Thing>>): Promise<void> {
  const before = member.fetches.length;
  const reading = member.readThrough.readMany(Object.keys(found), 0);
  await until(() => member.fetches.length > before);
  member.fetchAt(before).answer(found);
  await reading;
}

describe("what one process read", () => {
  it("is read by the others without asking upstream, as old as it is", async () => {
    const { clock, server, join, put } = openFleet({ aheadMs: 5_000 });
    const [one, other] = [join(), join()];
    const readAtMs = clock.now();
    await readAnswered(one, { a: "A", b: ["B", "b"] });
    await put(1);
    await clock.advance(20_000);
    const asked = server.asked.length;
    const outcomes = await other.readThrough.readManyDated(["a", "b"], 0);
    expect(outcomes).toMatchObject([
      { value: "A", readAtMs, freshUntilMs: readAtMs + usualMs.lifetime },
      { value: ["B", "b"], readAtMs },
    ]);
    expect(other.fetches).toEqual([]);
    // All of it in one round trip; and from then on from memory.
    expect(server.asked.slice(asked)).toEqual(["look"]);
    expect(other.readThrough.peek("a", 0)).toBe("A");
    expect(other.shared.counts).toMatchObject({ hits: 2, misses: 0 });
    expect(one.shared.counts).toMatchObject({ hits: 0, misses: 2, stored: 2 });
  });

  it("is waited for while the engine, still there, misses a moment; what is looked for then is read at once", async () => {
    const { clock, server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    const reading = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    const waiting = other.readThrough.readMany(["a"], 0);
    await until(() => clock.sleeping.includes(10));
    server.beforeAnswer = (name) => {
      if (name === "look") throw new EngineAway("too late");
    };
    const missed = server.asked.length;
    const looking = other.readThrough.readMany(["b"], 0);
    await until(() => other.fetches.length === 1);
    other.fetchAt(0).answer({ b: "B" });
    expect(await looking).toEqual(["B"]);
    await clock.advance(10);
    await until(() => server.asked.slice(missed).filter((name) => name === "look").length === 2);
    await until(() => clock.sleeping.includes(20));
    server.beforeAnswer = () => undefined;
    one.fetchAt(0).answer({ a: "A" });
    await reading;
    await put(1);
    await clock.advance(20);
    expect(await waiting).toEqual(["A"]);
    expect(other.fetches).toHaveLength(1);
  });

  it("is a miss as long as a miss is believed", async () => {
    const { clock, join, put } = openFleet();
    const [one, other] = [join(), join()];
    const reading = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    one.fetchAt(0).answer({});
    await reading;
    await put(1);
    await clock.advance(usualMs.miss - 1);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual([null]);
    await clock.advance(1);
    void other.readThrough.readMany(["a"], 0);
    await until(() => other.fetches.length === 1);
  });

  it("is asked for again behind the answer once it is stale, by one of them, and not served after that", async () => {
    const { clock, join, put } = openFleet();
    const [one, other, third] = [join(), join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    await clock.advance(usualMs.lifetime);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual(["A"]);
    expect(await third.readThrough.readMany(["a"], 0)).toEqual(["A"]);
    await until(() => other.fetches.length + third.fetches.length === 1);
    await settleTurn();
    await clock.advance(10);
    expect(other.fetches.length + third.fetches.length).toBe(1);
    const [reader, waiter] = other.fetches.length === 1 ? [other, third] : [third, other];
    reader.fetchAt(0).answer({ a: "A2" });
    await put(2);
    await clock.advance(100);
    await until(() => waiter.readThrough.peek("a", 0) === "A2");
    expect(waiter.fetches).toEqual([]);
    await clock.advance(2 * usualMs.lifetime);
    void one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 2);
  });

  it("does not count by the shorter lifetimes of another process", async () => {
    const { clock, join, put } = openFleet();
    const [one, hasty] = [join(), join({ lifetimeMs: 1_000 })];
    await readAnswered(one, { a: "A" });
    await put(1);
    await clock.advance(2_000);
    void hasty.readThrough.readMany(["a"], 0);
    await until(() => hasty.fetches.length === 1);
    expect(hasty.shared.counts.refused).toBe(1);
  });

  it("is not read by who wants it read now, and what that one reads is there for all", async () => {
    const { clock, join, put } = openFleet();
    const [one, other, third] = [join(), join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    await clock.advance(1);
    const reading = other.readThrough.readMany(["a"], clock.now());
    await until(() => other.fetches.length === 1);
    // It looked for nothing: this is the first it hears of the engine.
    await third.readThrough.readMany(["a"], 0);
    other.fetchAt(0).answer({ a: "A2" });
    expect(await reading).toEqual(["A2"]);
  });

  it("is not read by who forgot it to read it anew, whatever the clocks say of before and after", async () => {
    const { join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A", b: "B" });
    await put(1);
    other.readThrough.drop("a");
    await readAnswered(other, { a: "A2" });
    expect(await other.readThrough.readMany(["b"], 0)).toEqual(["B"]);
    other.readThrough.forget(["a"]);
    await put(2);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual(["A2"]);
    expect(other.fetches).toHaveLength(1);
  });

  it("goes to nobody where it has gaps, and whoever waits for it reads it", async () => {
    const { clock, join } = openFleet({ mayRemember: (value) => value !== "a part of A" });
    const [one, other] = [join(), join()];
    const first = one.readThrough.readMany(["a"], 0);
    const second = other.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1 && other.shared.counts.waited === 1);
    one.fetchAt(0).answer({ a: "a part of A" });
    expect(await first).toEqual(["a part of A"]);
    await settleTurn();
    await clock.advance(10);
    await until(() => other.fetches.length === 1);
    other.fetchAt(0).answer({ a: "A" });
    expect(await second).toEqual(["A"]);
  });

  it("is what a list told by the way as well, put there once", async () => {
    const { clock, join, put, server } = openFleet();
    const [one, other] = [join(), join()];
    // Whoever never looked does not know the era, and puts nothing there.
    await readAnswered(one, { list: ["a"] });
    await put(1);
    one.readThrough.prime("a", "A", clock.now(), "0");
    one.readThrough.prime("a", "A", clock.now(), "0");
    await put(2);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual(["A"]);
    expect(server.asked.filter((name) => name === "put")).toHaveLength(2);
    expect(one.shared.counts.stored).toBe(2);
  });
});

describe("one read a key over all processes", () => {
  it("is made by the first, in one fetch, and the others wait for it", async () => {
    const { clock, join, put } = openFleet();
    const [one, other] = [join(), join()];
    const first = one.readThrough.readMany(["a", "b"], 0);
    await until(() => one.fetches.length === 1);
    const second = other.readThrough.readMany(["a", "b", "c", "d"], 0);
    await until(() => other.fetches.length === 1);
    expect(other.fetchAt(0).ids).toEqual(["c", "d"]);
    one.fetchAt(0).answer({ a: "A", b: "B" });
    other.fetchAt(0).answer({ c: "C", d: "D" });
    expect(await first).toEqual(["A", "B"]);
    await put(2);
    await clock.advance(10);
    expect(await second).toEqual(["A", "B", "C", "D"]);
    expect([one.fetches.length, other.fetches.length]).toEqual([1, 1]);
  });

  it("is looked for in one step by all who come in one turn of the loop, and by all who wait for long", async () => {
    const { clock, server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    const looks = () => server.asked.filter((name) => name === "look").length;
    const first = ["a", "b", "c"].map((id) => one.readThrough.readMany([id], 0));
    await until(() => one.fetches.length === 3);
    expect(looks()).toBe(1);
    const second: Promise<unknown>[] = [];
    for (const id of ["a", "b", "c"]) {
      second.push(other.readThrough.readMany([id], 0));
      await clock.advance(7);
    }
    await until(() => other.shared.counts.waited === 3);
    await clock.advance(300);
    const before = looks();
    await clock.advance(1_000);
    // Ten times all three, where thirty would be each by itself; the clock of the test wakes them in turns of their own.
    expect(looks() - before).toBeGreaterThanOrEqual(10);
    expect(looks() - before).toBeLessThan(20);
    for (const [index, id] of ["a", "b", "c"].entries()) one.fetchAt(index).answer({ [id]: id });
    await put(1);
    await clock.advance(100);
    expect(await Promise.all([...first, ...second])).toEqual([["a"], ["b"], ["c"], ["a"], ["b"], ["c"]]);
  });

  it("keeps to what upstream takes at a time", async () => {
    const { join } = openFleet({ maxKeysPerFetch: 2 });
    const one = join();
    const reading = one.readThrough.readMany(["a", "b", "c"], 0);
    await until(() => one.fetches.length === 2);
    expect(one.fetches.map(({ ids }) => ids)).toEqual([["a", "b"], ["c"]]);
    one.fetchAt(0).answer({ a: "A", b: "B" });
    one.fetchAt(1).answer({ c: "C" });
    expect(await reading).toEqual(["A", "B", "C"]);
  });

  it("lasts as long as its process says that it reads, and is the next one's once that is gone", async () => {
    const { clock, server, join } = openFleet();
    const [one, other] = [join(), join()];
    void one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    const reading = other.readThrough.readMany(["a"], 0);
    await until(() => other.shared.counts.waited === 1);
    for (let second = 0; second < 10; second += 1) await clock.advance(1_000);
    expect(other.fetches).toEqual([]);
    one.readings.close();
    const beats = server.asked.filter((name) => name === "keep").length;
    expect(beats).toBeGreaterThanOrEqual(9);
    for (let second = 0; second < 4; second += 1) await clock.advance(1_000);
    await until(() => other.fetches.length === 1);
    other.fetchAt(0).answer({ a: "A" });
    expect(await reading).toEqual(["A"]);
  });

  it("is waited for half a minute at most, whoever says that it is being read", async () => {
    const { clock, server, join } = openFleet();
    const one = join();
    server.set(one.readings.placeOf("things", "a").lease, Buffer.from("nobody"), 3_600_000);
    const reading = one.readThrough.readMany(["a"], 0);
    await until(() => one.shared.counts.waited === 1);
    let waits = 0;
    for (; one.fetches.length === 0 && waits < 400; waits += 1) {
      await clock.advance(100);
      await settleTurn();
    }
    expect(waits).toBeGreaterThan(290);
    expect(waits).toBeLessThan(400);
    one.fetchAt(0).answer({ a: "A" });
    expect(await reading).toEqual(["A"]);
  });

  it("that failed is made once more by whoever waited, and by none of them after another", async () => {
    const { clock, join } = openFleet();
    const [one, other, third] = [join(), join(), join()];
    const first = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    const second = other.readThrough.readMany(["a"], 0);
    await until(() => other.shared.counts.waited === 1);
    void third.readThrough.readMany(["a"], 0);
    await until(() => third.shared.counts.waited === 1);
    one.fetchAt(0).answer({ a: failed });
    expect(await first).toEqual([failed]);
    await settleTurn();
    await clock.advance(10);
    await until(() => other.fetches.length === 1 && third.fetches.length === 1);
    other.fetchAt(0).answer({ a: "A" });
    expect(await second).toEqual(["A"]);
  });

  it("ends for who waits for it when nobody waits for them", async () => {
    const { clock, join } = openFleet();
    const [one, other] = [join(), join()];
    void one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    const client = new Leaver();
    const reading = workFor(client, () => other.readThrough.readMany(["a"], 0));
    await until(() => other.shared.counts.waited === 1);
    client.go();
    expect(await reading).toMatchObject([{ kind: "Throttled" }]);
    await clock.advance(5_000);
    expect(other.fetches).toEqual([]);
  });
});

describe("a change", () => {
  it("ends what was read before it, whoever read it, and whoever hears of it later", async () => {
    const { join, put } = openFleet();
    const [one, other, late] = [join(), join(), join()];
    await readAnswered(one, { a: "A", b: "B" });
    await put(1);
    other.hear("a");
    const reading = other.readThrough.readMany(["a", "b"], 0);
    await until(() => other.fetches.length === 1);
    expect(other.fetchAt(0).ids).toEqual(["a"]);
    other.fetchAt(0).answer({ a: "A2" });
    expect(await reading).toEqual(["A2", "B"]);
    await put(2);
    // It was forgotten here at the same moment, and read since.
    late.hear("a");
    expect(await late.readThrough.readMany(["a", "b"], 0)).toEqual(["A2", "B"]);
    expect(late.fetches).toEqual([]);
  });

  it("that came while something was read keeps that from the others", async () => {
    const { clock, join } = openFleet();
    const [one, other] = [join(), join()];
    const first = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    one.hear("a");
    other.hear("a");
    one.fetchAt(0).answer({ a: "A" });
    expect(await first).toEqual(["A"]);
    await settleTurn();
    void other.readThrough.readMany(["a"], 0);
    await clock.advance(10);
    await until(() => other.fetches.length === 1);
  });

  it("that nobody can place has all read by themselves", async () => {
    const { server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    other.applied = null;
    const asked = server.asked.length;
    void other.readThrough.readMany(["a"], 0);
    await until(() => other.fetches.length === 1);
    expect(server.asked).toHaveLength(asked);
  });
});

describe("what was read as somebody else", () => {
  it("counts nowhere any more, and every process is told from when to when", async () => {
    const { clock, join, put } = openFleet({ aheadMs: 700 });
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual(["A"]);
    const fromMs = clock.now() - 1_000;
    await clock.advance(10);
    one.readings.distrust(fromMs, clock.now());
    // Nothing else is looked for, and it hears of it all the same.
    await clock.advance(1_000);
    await until(() => other.distrusted.length === 1);
    expect(other.distrusted).toEqual([[fromMs, fromMs + 1_010]]);
    expect(other.readThrough.peek("a", 0)).toBeUndefined();
    void other.readThrough.readMany(["a"], 0);
    await until(() => other.fetches.length === 1);
    // Whoever found out knows.
    void one.readThrough.readMany(["b"], 0);
    await until(() => one.fetches.length === 2);
    expect(one.distrusted).toEqual([]);
  });

  it("ends, of all that was read, what nobody can say more of", async () => {
    const { clock, server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    const eras = [...server.stored].find(([, { value }]) => Array.isArray(value));
    if (eras === undefined) throw new Error("There is no era.");
    server.set(eras[0], [...(eras[1].value as Buffer[]), Buffer.from("garbage")], 60_000);
    await readAnswered(other, { a: "A2" });
    await put(2);
    // They agree on that era all the same.
    const third = join();
    expect(await third.readThrough.readMany(["a"], 0)).toEqual(["A2"]);
    await clock.advance(1);
    void one.readThrough.readMany(["b"], 0);
    await until(() => one.distrusted.length === 1);
    expect(one.distrusted).toEqual([[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]);
  });

  it("is told once the engine is there again, and nothing is shared until then", async () => {
    const { clock, server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    server.turn(false);
    one.readings.distrust(clock.now() - 1_000, clock.now());
    expect(one.shared.isThere).toBe(false);
    server.turn(true);
    await until(() => one.shared.isThere);
    void other.readThrough.readMany(["a"], 0);
    await until(() => other.fetches.length === 1);
  });
});

describe("an engine", () => {
  it("that goes away keeps nobody waiting", async () => {
    const { server, join } = openFleet();
    const [one, other] = [join(), join()];
    const first = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    server.beforeAnswer = () => new Promise((resolve) => setImmediate(resolve));
    const second = other.readThrough.readMany(["a", "b"], 0);
    server.turn(false);
    await until(() => other.fetches.length === 1);
    expect(other.fetchAt(0).ids).toEqual(["a", "b"]);
    one.fetchAt(0).answer({ a: "A" });
    other.fetchAt(0).answer({ a: "A", b: "B" });
    expect(await first).toEqual(["A"]);
    expect(await second).toEqual(["A", "B"]);
  });

  it("that holds anything but what was put there answers nothing", async () => {
    const { clock, server, join, put } = openFleet();
    const one = join();
    await readAnswered(one, { a: "A", b: "B", c: "C", d: "D" });
    await put(1);
    const keyOf = (id: string) => one.readings.placeOf("things", id).key;
    const bytes = (id: string) => server.get(keyOf(id)) as Buffer;
    const tampered = Buffer.from(bytes("b"));
    tampered[tampered.length - 1] = (tampered[tampered.length - 1] ?? 0) ^ 1;
    server.set(keyOf("a"), bytes("c"), 60_000);
    server.set(keyOf("b"), tampered, 60_000);
    server.set(keyOf("c"), Buffer.from("garbage"), 60_000);
    server.set(keyOf("d"), new FakeEngine(server).seal(keyOf("d"), Buffer.from("another form")), 60_000);
    await clock.advance(1);
    const engine = new FakeEngine(server);
    const other = join({ engine });
    const reading = other.readThrough.readMany(["a", "b", "c", "d"], 0);
    await until(() => other.fetches.length === 1);
    expect(other.fetchAt(0).ids).toEqual(["a", "b", "c", "d"]);
    other.fetchAt(0).answer({ a: "A2" });
    expect(await reading).toEqual(["A2", null, null, null]);
    expect(engine.unopened).toBe(3);
  });

  it("keeps apart what another key, site, credential or kind has", async () => {
    const { server, join, put, clock } = openFleet();
    await readAnswered(join(), { a: "A" });
    await put(1);
    const stranger = new FakeEngine(server, 0, { keys: [Buffer.from("the key of another deployment, not ours")] });
    for (const other of [
      join({ scope: "acme with another credential" }),
      join({ kind: "others" }),
      join({ engine: stranger }),
    ]) {
      void other.readThrough.readMany(["a"], 0);
      await until(() => other.fetches.length === 1);
    }
    await clock.advance(1);
  });

  it("tells neither ids nor values to who reads it", async () => {
    const { server, join, put } = openFleet({ scope: "https://acme.example.com" });
    const rows = Array.from({ length: 500 }, (_, index) => `row ${index} of somebody@example.com`);
    await readAnswered(join({ scope: "https://acme.example.com" }), { "somebody@example.com": rows });
    await put(1);
    const all = [...server.stored].flatMap(([key, { value }]) => [
      key,
      ...[value].flat().map((each) => each.toString("latin1")),
    ]);
    expect(all.length).toBeGreaterThan(2);
    expect(all.join("\n")).not.toMatch(/example|row|things/);
  });

  it("that was emptied is filled again", async () => {
    const { server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    server.stored.clear();
    await readAnswered(other, { a: "A2" });
    await put(2);
    expect(await join().readThrough.readMany(["a"], 0)).toEqual(["A2"]);
    // What each remembers stays: whoever had more to say of it says it again.
    await readAnswered(one, { b: "B" });
    expect(one.distrusted).toEqual([]);
  });

  it("that was emptied before others had looked is told again what does not count", async () => {
    const { clock, server, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(one, { a: "A" });
    await put(1);
    expect(await other.readThrough.readMany(["a"], 0)).toEqual(["A"]);
    const fromMs = clock.now() - 1_000;
    one.readings.distrust(fromMs, clock.now());
    await until(() => one.shared.isThere);
    server.stored.clear();
    await readAnswered(other, { b: "B" });
    expect(other.distrusted).toEqual([]);
    for (let seconds = 0; seconds < 3; seconds += 1) {
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => other.distrusted.length > 0);
    expect(other.distrusted).toEqual([[fromMs, fromMs + 1_000]]);
    expect(one.distrusted).toEqual([]);
  });

  it("that keeps less than was begun since somebody looked leaves nothing counting", async () => {
    const { clock, join, put } = openFleet();
    const [one, other] = [join(), join()];
    await readAnswered(other, { a: "A" });
    await put(1);
    await readAnswered(one, { b: "B" });
    for (let times = 0; times < 25; times += 1) one.readings.distrust(clock.now() - 1, clock.now());
    await until(() => one.shared.isThere);
    await readAnswered(other, { c: "C" });
    expect(other.distrusted).toEqual([[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]);
  });
});
