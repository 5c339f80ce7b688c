import { describe, expect, it } from "vitest";
import { Slices } from "../../../../src/graph/cost/Slices.js";
import { Leaver, workFor } from "../../../../src/http/Waiting.js";

const items = (count: number) => Array.from({ length: count }, (_, at) => at);

/** What is shared item by item. */
function byItem<T>(shared: Promise<readonly T[]> | readonly (T | Promise<T>)[]): readonly (T | Promise<T>)[] {
  if (shared instanceof Promise) throw new Error("It waits as a whole.");
  return shared;
}

describe("the work of an operation", () => {
  it("is done at once for 1,000 rows of twenty fields", () => {
    const rows = items(1_000);
    expect(new Slices().share(rows, 20)).toBe(rows);
  });

  it("beyond that comes in slices, in order, with turns of others between", async () => {
    const shared = byItem(new Slices().share(items(3_000), 20));
    expect(shared.filter((item) => !(item instanceof Promise))).toHaveLength(1_250);
    const done: number[] = [];
    let turns = 0;
    const count = () => {
      turns += 1;
      if (done.length < 1_750) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(shared.slice(1_250).map(async (item) => done.push(await item)));
    expect(done).toEqual(items(3_000).slice(1_250));
    expect(turns).toBeGreaterThan(5);
  });

  it("comes in smaller slices from the start for whom others wait", async () => {
    const shared = byItem(new Slices(true).share(items(1_000), 20));
    expect(shared.filter((item) => !(item instanceof Promise))).toHaveLength(100);
    expect(await Promise.all(shared)).toEqual(items(1_000));
  });

  it("takes turns with other operations: a short one does not wait for the end of a long one", async () => {
    const [long, short] = [new Slices(), new Slices()].map((slices) => {
      slices.share(items(25_000), 1);
      return slices;
    });
    const ended: string[] = [];
    const whole = async (name: string, shared: readonly unknown[] = []) => {
      await Promise.all(shared);
      ended.push(name);
    };
    await Promise.all([
      whole("long", byItem(long?.share(items(100_000), 1) ?? [])),
      whole("short", byItem(short?.share(items(4_000), 1) ?? [])),
    ]);
    expect(ended).toEqual(["short", "long"]);
  });

  it("does not leave an item that fails before its turn unheard", async () => {
    const failing = () => Promise.reject(new Error("no"));
    const slices = new Slices();
    slices.share(items(25_000), 1);
    const whole = await slices.share([failing()], 1);
    await expect(whole[0]).rejects.toThrow("no");
    const [first] = byItem(slices.share([failing(), ...items(4_000)], 1));
    await expect(first).rejects.toThrow("no");
  });

  it("of a short list waits as a whole, and so does one piece", async () => {
    const slices = new Slices();
    expect(slices.begin(24_999)).toBeNull();
    const shared = slices.share(items(100), 20);
    expect(shared).toBeInstanceOf(Promise);
    await expect(shared).resolves.toEqual(items(100));
    // Its turn left room for half a slice.
    expect(slices.begin(2_000)).toBeNull();
    await expect(slices.begin(2_000)).resolves.toBeUndefined();
  });

  it("is not done any more when nobody waits for it", async () => {
    const client = new Leaver();
    const slices = new Slices();
    const [long, short, piece] = workFor(client, () => {
      slices.begin(25_000);
      return [byItem(slices.share(items(10_000), 1)), slices.share(items(10), 1), slices.begin(1)];
    });
    client.go();
    const outcomes = await Promise.allSettled([...(long ?? []), short, piece]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });
});
