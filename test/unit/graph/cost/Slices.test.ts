import { describe, expect, it } from "vitest";
import { SharedItems, Slices } from "../../../../src/graph/cost/Slices.js";
import { Leaver, workFor } from "../../../../src/http/Waiting.js";

const items = (count: number) => Array.from({ length: count }, (_, at) => at);

/** What is shared, as GraphQL's own execution takes it. */
function byItem<T>(shared: readonly T[] | SharedItems<T>): readonly (T | Promise<T>)[] {
  return [...shared];
}

/** What is shared, as it is completed by who does so item by item; what was done in each turn of the loop. */
async function inSlices<T>(shared: readonly T[] | SharedItems<T>, complete: (item: T, at: number) => unknown) {
  if (!(shared instanceof SharedItems)) throw new Error("It is done at once.");
  const inTurns = [0];
  let isOver = false;
  const count = () => {
    inTurns.push(0);
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const done = await shared.inSlices((item, at) => {
    inTurns.push((inTurns.pop() ?? 0) + 1);
    return complete(item, at);
  });
  isOver = true;
  return { done, inTurns: inTurns.filter((count) => count > 0) };
}

describe("the work of an operation", () => {
  it("is done at once for 1,000 rows of twenty fields", () => {
    const rows = items(1_000);
    expect(new Slices().share(rows, 20)).toBe(rows);
  });

  it("beyond that comes in slices, in order, with turns of others between", async () => {
    const { done, inTurns } = await inSlices(new Slices().share(items(3_000), 20), (item) => item);
    expect(done).toEqual(items(3_000));
    expect(inTurns[0]).toBe(1_250);
    expect(Math.max(...inTurns.slice(1))).toBeLessThanOrEqual(250);
    expect(inTurns.length).toBeGreaterThanOrEqual(8);
  });

  it("comes to GraphQL's own execution as items that wait", async () => {
    const shared = byItem(new Slices().share(items(3_000), 20));
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

  it("comes in smaller slices from the start for whom others wait", async () => {
    const { done, inTurns } = await inSlices(new Slices(true).share(items(1_000), 20), (item) => item);
    expect(done).toEqual(items(1_000));
    expect(inTurns[0]).toBe(100);
    // Nobody else waits here, so that three of them are one turn's.
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(300);
  });

  it("counts what the rows hold: a list within them that is tiny is at once, and leaves less room for the next", async () => {
    const slices = new Slices(true);
    const { inTurns } = await inSlices(slices.share(items(1_000), 10), () => {
      const within = slices.share(items(10), 3);
      expect(within).toHaveLength(10);
      return within;
    });
    expect(inTurns[0]).toBe(50);
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(150);
  });

  it("is begun together where it waits for something else: a site is asked for all of it at once", async () => {
    const { done, inTurns } = await inSlices(new Slices(true).share(items(900), 20), async (item) => item);
    expect(done).toEqual(items(900));
    expect(inTurns).toEqual([900]);
  });

  it("takes turns with other operations: a short one does not wait for the end of a long one", async () => {
    const [long, short] = [new Slices(), new Slices()].map((slices) => {
      slices.share(items(25_000), 1);
      return slices;
    });
    const ended: string[] = [];
    const whole = async (name: string, shared: readonly number[] | SharedItems<number> = []) => {
      await inSlices(shared, (item) => item);
      ended.push(name);
    };
    await Promise.all([whole("long", long?.share(items(100_000), 1)), whole("short", short?.share(items(4_000), 1))]);
    expect(ended).toEqual(["short", "long"]);
  });

  it("does not leave an item that fails before its turn unheard", async () => {
    const failing = () => Promise.reject(new Error("no"));
    const slices = new Slices();
    slices.share(items(25_000), 1);
    const [first] = byItem(slices.share([failing(), ...items(4_000)], 1));
    await expect(first).rejects.toThrow("no");
  });

  it("waits as one piece where there is no room for it", async () => {
    const slices = new Slices();
    expect(slices.begin(24_999)).toBeNull();
    await expect(slices.begin(2_000)).resolves.toBeUndefined();
    // Its turn left room for a slice.
    expect(slices.begin(5_000)).toBeNull();
  });

  it("is not done any more when nobody waits for it", async () => {
    const client = new Leaver();
    const slices = new Slices();
    const [byItems, inOne, piece] = workFor(client, () => {
      slices.begin(25_000);
      const shared = slices.share(items(10_000), 1);
      return [byItem(shared), inSlices(shared, (item) => item), slices.begin(1)];
    });
    client.go();
    const outcomes = await Promise.allSettled([...(byItems ?? []), inOne, piece]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });
});
