import { describe, expect, it } from "vitest";
import { Turns } from "../../../src/callers/Turns.js";

/** Begins an operation and notes whose it was, when its turn is there. */
function openTurns() {
  let nowMs = 0;
  const turns = new Turns(() => nowMs);
  const order: string[] = [];
  const ask = (caller: string): Promise<void> | null => {
    const turn = turns.begin(caller);
    if (turn === null) order.push(caller);
    return turn?.then(() => void order.push(caller)) ?? null;
  };
  const shift = (byMs: number) => {
    nowMs += byMs;
  };
  return { turns, order, ask, shift };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const times = (count: number) => Array.from({ length: count });

describe("whose turn it is", () => {
  it("is always that of the only one who asks: nothing waits, however much it is", async () => {
    const { order, ask } = openTurns();
    for (const _ of times(1_000)) expect(ask("flood")).toBeNull();
    await nextTurn();
    for (const _ of times(1_000)) expect(ask("flood")).toBeNull();
    expect(order).toHaveLength(2_000);
  });

  it("comes for another after one operation of a flood, whichever of them came first", async () => {
    const { order, ask } = openTurns();
    ask("quiet");
    await nextTurn();
    const flood = times(30).map(() => ask("flood"));
    expect(flood.filter((turn) => turn !== null)).toHaveLength(29);
    expect(ask("quiet")).toBeNull();
    expect(order).toEqual(["quiet", "flood", "quiet"]);
    await Promise.all(flood);
    expect(order).toHaveLength(32);
  });

  it("comes round: each has one operation a turn of the loop, in the order that each has asked in", async () => {
    const { order, ask } = openTurns();
    ask("a");
    await nextTurn();
    await Promise.all([
      ...times(5).map(() => ask("b")),
      ...times(3).map(() => ask("a")),
      ...times(2).map(() => ask("c")),
    ]);
    expect(order.join("")).toBe("abacbacbabb");
  });

  it("stays before a flood that asks again as soon as it is answered: at most one of its operations goes between", async () => {
    const { order, ask } = openTurns();
    ask("quiet");
    let isOver = false;
    const loop = async () => {
      while (!isOver) await (ask("flood") ?? nextTurn());
    };
    const loops = times(30).map(loop);
    const between: number[] = [];
    for (const _ of times(50)) {
      // It comes while something is done, and is read when the loop comes round.
      const before = order.length;
      await nextTurn();
      await ask("quiet");
      between.push(order.slice(before).indexOf("quiet"));
    }
    isOver = true;
    await Promise.all(loops);
    expect(Math.max(...between)).toBe(1);
    expect(order.filter((caller) => caller === "flood").length).toBeGreaterThan(50);
  });

  it("stays before a flood of long operations: one slice of one of them goes between, whenever another comes", async () => {
    const { turns, ask } = openTurns();
    ask("quiet");
    let slices = 0;
    let isOver = false;
    const long = async () => {
      const of = { renew: () => undefined };
      while (!isOver) {
        await ask("flood");
        slices += 1;
        for (let each = 0; each < 12 && !isOver; each += 1) {
          await turns.wait("flood", of, 2_000);
          slices += 1;
        }
      }
    };
    const loops = times(30).map(long);
    // A request comes while something is worked on; it is read when the loop comes round.
    const between: number[] = [];
    for (const at of times(60).keys()) {
      for (let each = 0; each < at % 5; each += 1) await nextTurn();
      const before = slices;
      await nextTurn();
      expect(ask("quiet")).toBeNull();
      between.push(slices - before);
    }
    isOver = true;
    await Promise.all(loops);
    expect(Math.max(...between)).toBe(1);
    expect(slices).toBeGreaterThan(100);
  });

  it("is not there for all of a flood at once: few of its operations are under way together, and little waits for much", async () => {
    const { turns, ask } = openTurns();
    ask("quiet");
    let underWay = 0;
    let most = 0;
    let ended = 0;
    const run = async (slices: number) => {
      await ask("flood");
      underWay += 1;
      most = Math.max(most, underWay);
      const of = { renew: () => undefined };
      for (const _ of times(slices)) await turns.wait("flood", of, 2_000);
      underWay -= 1;
      ended += 1;
    };
    await Promise.all(times(30).map(() => run(10)));
    expect(most).toBeLessThanOrEqual(2);

    // Three that never end do not keep what is short from its turn.
    ended = 0;
    const endless = times(3).map(() => run(400));
    await nextTurn();
    await Promise.all(times(5).map(() => run(0)));
    expect(ended).toBe(5);
    await Promise.all(endless);
  });

  it("is the only one's again a minute after the last of the others has asked", async () => {
    const { ask, shift } = openTurns();
    ask("quiet");
    ask("flood");
    expect(ask("flood")).not.toBeNull();
    await nextTurn();
    await nextTurn();
    shift(60_001);
    for (const _ of times(10)) expect(ask("flood")).toBeNull();
  });

  it("ends with its time, also where nobody else asks: what is asked in one turn of the loop is begun in several", async () => {
    const { ask, order, shift } = openTurns();
    const begun = times(20).map(() => {
      const turn = ask("only");
      if (turn === null) shift(2);
      return turn?.then(() => shift(2)) ?? null;
    });
    // Three of two milliseconds are more than a slice.
    expect(order).toHaveLength(3);
    const inTurns: number[] = [];
    while (order.length < 20) {
      const before = order.length;
      await nextTurn();
      inTurns.push(order.length - before);
    }
    expect(Math.max(...inTurns)).toBe(3);
    await Promise.all(begun);
    // Long after, the next is asked in a turn of its own.
    shift(51);
    expect(ask("only")).toBeNull();
  });

  it("ends with its time, however few units work was counted as, and not before what it let through is done", async () => {
    const { turns, shift } = openTurns();
    let done = 0;
    const slow = async () => {
      await turns.wait("only", { renew: () => undefined }, 1);
      await null;
      await null;
      shift(3);
      done += 1;
    };
    const working = times(10).map(slow);
    const inTurns: number[] = [];
    while (done < 10) {
      const before = done;
      await nextTurn();
      inTurns.push(done - before);
    }
    expect(Math.max(...inTurns)).toBe(2);
    await Promise.all(working);
  });

  it("is shorter for all while several ask, and for two seconds after: they may do so again at any time", async () => {
    const { turns, ask, shift } = openTurns();
    for (const _ of times(3)) ask("flood");
    expect(turns.isBeside("flood")).toBe(false);
    ask("quiet");
    expect(["flood", "quiet"].map((caller) => turns.isBeside(caller))).toEqual([true, true]);
    const units = times(20).map(() => turns.wait("flood", { renew: () => undefined }, 500));
    let opened = 0;
    for (const each of units) void each.then(() => (opened += 1));
    const most: number[] = [];
    while (opened < 20) {
      const before = opened;
      await nextTurn();
      most.push(opened - before);
    }
    expect(Math.max(...most)).toBe(2);
    const long = turns.sliceOf("flood");
    shift(2_001);
    void ask("flood");
    expect(turns.isBeside("flood")).toBe(false);
    expect(turns.sliceOf("flood").ms).toBeGreaterThan(long.ms);
    // It asked last, and somebody else a moment ago.
    expect(turns.isBeside("quiet")).toBe(true);
  });

  it("is shorter too where several connections ask as one caller, whose questions begin at once between slices", async () => {
    let nowMs = 0;
    const turns = new Turns(() => nowMs);
    const [big, small] = [{}, {}];
    turns.begin("", big);
    const from = { from: big, renew: () => undefined };
    expect(turns.isBeside(big)).toBe(false);
    const slices = times(30).map(() => turns.wait("", from, 2_000));
    let done = 0;
    for (const each of slices) void each.then(() => (done += 1));
    const between: number[] = [];
    while (done < 30) {
      const before = done;
      await nextTurn();
      nowMs += 1;
      expect(turns.begin("", small)).toBeNull();
      between.push(done - before);
    }
    // The first turn was that of one who asks alone.
    expect(between[0]).toBe(3);
    expect(Math.max(...between.slice(1))).toBe(1);
    expect(turns.isBeside(big)).toBe(true);
  });

  it("does not pass by a question that came while a slice took longer than it should", async () => {
    let nowMs = 0;
    const turns = new Turns(() => nowMs);
    const [big, small] = [{}, {}];
    const from = { from: big, renew: () => undefined };
    turns.begin("", small);
    turns.begin("", big);
    const slices = times(5).map(async () => {
      await turns.wait("", from, 2_000);
      nowMs += 8;
    });
    await nextTurn();
    expect(nowMs).toBe(8);
    expect(turns.begin("", small)).toBeNull();
    await Promise.all(slices);
  });

  it("is shared with operations that are under way: one caller's many long ones take no more of it than another's one", async () => {
    const { turns } = openTurns();
    const ended: string[] = [];
    const run = async (caller: string, slices: number) => {
      const of = { renew: () => undefined };
      await Promise.all(times(slices).map(() => turns.wait(caller, of, 5_000)));
      ended.push(caller);
    };
    await Promise.all([...times(20).map(() => run("flood", 4)), run("quiet", 4)]);
    expect(ended.indexOf("quiet")).toBe(0);
  });
});
