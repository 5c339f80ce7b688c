import { describe, expect, it } from "vitest";
import { Slices } from "../../../../src/graph/cost/Slices.js";

const items = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("the work of an operation", () => {
  it("is done at once for 1,000 rows of twenty fields", () => {
    const rows = items(1_000);
    expect(new Slices().share(rows, 20)).toBe(rows);
  });

  it("beyond that comes in slices, in order, with turns of others between", async () => {
    const shared = new Slices().share(items(3_000), 20);
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
    await Promise.all([whole("long", long?.share(items(100_000), 1)), whole("short", short?.share(items(2_000), 1))]);
    expect(ended).toEqual(["short", "long"]);
  });

  it("does not leave an item that fails before its turn unheard", async () => {
    const slices = new Slices();
    slices.share(items(25_000), 1);
    const [failing] = slices.share([Promise.reject(new Error("no"))], 1);
    await expect(failing).rejects.toThrow("no");
  });
});
