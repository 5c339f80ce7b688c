import { describe, expect, it } from "vitest";
import { Recent } from "../../../../src/graph/schema/Recent.js";
import { idsKeptOf } from "../../../../src/graph/schema/recentIds.js";

describe("What was made of late", () => {
  it("keeps what is asked for again, and lets the others go once as many came", () => {
    const recent = new Recent<string, number>();
    recent.set("first", 1);
    for (let number = 0; number < 50_000; number += 1) {
      recent.set(`id-${number}`, number);
      if (number % 10_000 === 0) expect(recent.get("first")).toBe(1);
    }
    expect(recent.get("id-0")).toBeUndefined();
    expect(recent.size).toBeLessThanOrEqual(40_000);
  });

  it("keeps fewer where it is to: what each of many sites has is bounded together", () => {
    let least = 100;
    const recent = new Recent<string, number>(() => least);
    for (let number = 0; number < 1_000; number += 1) recent.set(`id-${number}`, number);
    expect(recent.size).toBeGreaterThanOrEqual(100);
    expect(recent.size).toBeLessThanOrEqual(200);
    least = 10;
    for (let number = 0; number < 30; number += 1) recent.set(`later-${number}`, number);
    expect(recent.size).toBeLessThanOrEqual(20);
    expect([1, 2, 3, 6, 60, 1_000].map(idsKeptOf)).toEqual([20_000, 20_000, 20_000, 10_000, 1_000, 1_000]);
  });

  it("keeps nothing by a long text: a caller may name thousands that nobody has", () => {
    const recent = new Recent<string, string>();
    for (let number = 0; number < 100; number += 1) expect(recent.set(`${number}`.padEnd(10_000), "made")).toBe("made");
    expect(recent.size).toBe(0);
    recent.set("x".repeat(255), "made");
    expect(recent.get("x".repeat(255))).toBe("made");
  });
});
