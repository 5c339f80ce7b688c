import { describe, expect, it } from "vitest";
import { Turns } from "../../../../src/callers/Turns.js";
import { SharedItems, Slices } from "../../../../src/graph/cost/Slices.js";
import { Leaver, workFor } from "../../../../src/http/Waiting.js";
import { Loader } from "../../../../src/loaders/engine/Loader.js";
import { openReadThrough } from "../../cache/openReadThrough.js";
import { settleTurn } from "../../cache/settleTurn.js";

const items = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A clock that stands still unless somebody works, and turns that are those of one who asks alone, or beside others. */
function openSlices(isBeside: boolean) {
  let nowMs = 0;
  const of = new Turns(() => nowMs);
  of.begin("quiet");
  if (!isBeside) nowMs += 60_000;
  of.begin("");
  /** What was done in each slice. */
  const done = [0];
  const turns = {
    isBeside: (from: unknown) => of.isBeside(from),
    sliceOf: (from: unknown) => of.sliceOf(from),
    wait: (...work: Parameters<Turns["wait"]>) => of.wait(...work).then(() => void done.push(0)),
  };
  return {
    slices: new Slices({ now: () => nowMs, turns }),
    work: (ms: number) => {
      nowMs += ms;
    },
    inSlices: async <T>(
      shared: readonly T[] | SharedItems<T>,
      complete: (item: T, at: number) => unknown = (item) => item,
    ) => {
      if (!(shared instanceof SharedItems)) throw new Error("It is done at once.");
      const all = await shared.inSlices((item, at) => {
        done.push((done.pop() ?? 0) + 1);
        return complete(item, at);
      });
      return { done: all, inTurns: done.filter((count) => count > 0) };
    },
  };
}
const sliceAlone = () => openSlices(false).slices;

/** What is shared, as GraphQL's own execution takes it. */
function byItem<T>(shared: readonly T[] | SharedItems<T>): readonly (T | Promise<T>)[] {
  return [...shared];
}

describe("the work of an operation", () => {
  it("is done at once for 1,000 rows of twenty fields", () => {
    const shared = sliceAlone().share(items(1_000), 20);
    if (!(shared instanceof SharedItems)) throw new Error("It is tiny.");
    expect(shared.inSlices((item) => item)).toEqual(items(1_000));
  });

  it("beyond that comes in slices, in order, with turns of others between", async () => {
    const { slices, inSlices } = openSlices(false);
    const { done, inTurns } = await inSlices(slices.share(items(3_000), 20));
    expect(done).toEqual(items(3_000));
    expect(inTurns[0]).toBe(1_250);
    expect(Math.max(...inTurns.slice(1))).toBeLessThanOrEqual(250);
    expect(inTurns.length).toBeGreaterThanOrEqual(8);
  });

  it("comes to GraphQL's own execution as items that wait", async () => {
    const shared = byItem(sliceAlone().share(items(3_000), 20));
    expect(shared.filter((item) => !(item instanceof Promise))).toHaveLength(1_250);
    const done: number[] = [];
    let turnsTaken = 0;
    const count = () => {
      turnsTaken += 1;
      if (done.length < 1_750) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(shared.slice(1_250).map(async (item) => done.push(await item)));
    expect(done).toEqual(items(3_000).slice(1_250));
    expect(turnsTaken).toBeGreaterThan(5);
  });

  it("comes in small slices from the start where others have asked lately", async () => {
    const { slices, inSlices } = openSlices(true);
    const { done, inTurns } = await inSlices(slices.share(items(1_000), 20));
    expect(done).toEqual(items(1_000));
    expect(inTurns[0]).toBe(25);
    expect(Math.max(...inTurns)).toBe(50);
  });

  it("ends its slice by the clock where rows take longer than they should: at once, in what follows, and beside others", async () => {
    const alone = openSlices(false);
    const { inTurns } = await alone.inSlices(alone.slices.share(items(60), 500), () => alone.work(1));
    expect(inTurns).toEqual([25, 5, 5, 5, 5, 5, 5, 5]);
    const beside = openSlices(true);
    const slow = await beside.inSlices(beside.slices.share(items(10), 500), () => beside.work(1));
    expect(slow.inTurns).toEqual(Array.from({ length: 10 }, () => 1));
  });

  it("counts what the rows hold: a list within them that is tiny is at once, and leaves less room for the next", async () => {
    const { slices, inSlices } = openSlices(true);
    const { inTurns } = await inSlices(slices.share(items(1_000), 10), () => {
      const within = slices.share(items(10), 3);
      expect(within).toHaveLength(10);
      return within;
    });
    expect(inTurns[0]).toBe(13);
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(50);
  });

  it("is read together, however many slices it is begun in", async () => {
    const { slices, work, inSlices } = openSlices(true);
    const { readThrough, fetches, fetchAt } = openReadThrough();
    const loader = new Loader(readThrough, 0);
    const going = inSlices(slices.share(items(90), 20), async (item) => {
      await null;
      work(1);
      return loader.get(`${item}`);
    });
    while (fetches.length === 0) await settleTurn();
    const ids = items(90).map(String);
    expect(fetches.map((fetch) => fetch.ids)).toEqual([ids]);
    fetchAt(0).answer(Object.fromEntries(ids.map((id) => [id, `of ${id}`])));
    const { done, inTurns } = await going;
    expect(done).toEqual(ids.map((id) => `of ${id}`));
    expect(inTurns.length).toBeGreaterThan(10);
  });

  it("is not begun together where what it waits for is at hand: what that takes is seen after a few, and counts", async () => {
    const { slices, work, inSlices } = openSlices(true);
    slices.begin(500);
    const { done, inTurns } = await inSlices(slices.share(items(90), 20), async (item) => {
      await null;
      await null;
      work(0.25);
      return item;
    });
    expect(done).toEqual(items(90));
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(8);
  });

  it("is not begun together either where the rows of many short lists wait for what is at hand, within those of one list", async () => {
    const { slices, work, inSlices } = openSlices(false);
    let inTurn = 0;
    const done: number[] = [];
    const look = () => {
      done.push(inTurn);
      inTurn = 0;
      if (done.reduce((sum, count) => sum + count) < 600) setImmediate(look);
    };
    setImmediate(look);
    const row = async (item: number) => {
      for (let step = 0; step < 5; step += 1) await null;
      work(1);
      inTurn += 1;
      return item;
    };
    const all = await inSlices(slices.share(items(100), 60), async () => {
      await null;
      const within = slices.share(items(6), 50);
      return within instanceof SharedItems ? within.inSlices(row) : [];
    });
    expect(all.done).toEqual(items(100).map(() => items(6)));
    expect(Math.max(...done)).toBeLessThanOrEqual(45);
  });

  it("takes turns with other operations: a short one does not wait for the end of a long one", async () => {
    const shared = new Turns(() => 0);
    const [long, short] = [0, 1].map(() => {
      const slices = new Slices({ now: () => 0, turns: shared });
      slices.begin(25_000);
      return slices;
    });
    const ended: string[] = [];
    const whole = async (name: string, shared: readonly number[] | SharedItems<number> = []) => {
      if (shared instanceof SharedItems) await shared.inSlices((item) => item);
      ended.push(name);
    };
    await Promise.all([whole("long", long?.share(items(100_000), 1)), whole("short", short?.share(items(4_000), 1))]);
    expect(ended).toEqual(["short", "long"]);
  });

  it("does not leave an item that fails before its turn unheard", async () => {
    const failing = () => Promise.reject(new Error("no"));
    const slices = sliceAlone();
    slices.begin(25_000);
    const [first] = byItem(slices.share([failing(), ...items(4_000)], 1));
    await expect(first).rejects.toThrow("no");
  });

  it("does not leave an item unheard that fails while others wait for their turn", async () => {
    const { slices, work, inSlices } = openSlices(true);
    const failing = async (_item: number, at: number) => {
      work(1);
      if (at === 0) throw new Error("no");
    };
    await expect(inSlices(slices.share(items(60), 20), failing)).rejects.toThrow("no");
  });

  it("waits as one piece where there is no room for it", async () => {
    const slices = sliceAlone();
    expect(slices.begin(24_999)).toBeNull();
    await expect(slices.begin(2_000)).resolves.toBeUndefined();
    // Its turn left room for a slice.
    expect(slices.begin(5_000)).toBeNull();
  });

  it("is not done any more when nobody waits for it", async () => {
    const client = new Leaver();
    const slices = sliceAlone();
    const [byItems, inOne, piece] = workFor(client, () => {
      slices.begin(25_000);
      const shared = slices.share(items(10_000), 1);
      const inOne = shared instanceof SharedItems ? shared.inSlices((item) => item) : null;
      return [byItem(shared), inOne, slices.begin(1)];
    });
    client.go();
    const outcomes = await Promise.allSettled([...(byItems ?? []), inOne, piece]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });
});
