import { execFileSync } from "node:child_process";
import { describe, expect, it, vi } from "vitest";
import { HeapGrowth } from "../../../src/server/lifecycle/HeapGrowth.js";

const mb = 1_048_576;

describe("the growth of the heap", () => {
  it("is the engine's own while little is remembered, and held down from half of the bound on", () => {
    let sizeBytes = 80 * mb;
    let look = () => {};
    const set: number[] = [];
    const stop = vi.fn();
    const growth = new HeapGrowth({
      boundBytes: 256 * mb,
      sizeBytes: () => sizeBytes,
      grow: (percent) => set.push(percent),
      every: (work) => {
        look = work;
        return { stop };
      },
    });
    const at = (size: number) => {
      sizeBytes = size * mb;
      look();
      return [...set];
    };
    expect(at(80)).toEqual([]);
    expect(at(192)).toEqual([]);
    expect(at(193)).toEqual([50]);
    expect(at(400)).toEqual([50]);
    // What was collected is no reason to let go of it again.
    expect(at(160)).toEqual([50]);
    expect(at(140)).toEqual([50, 0]);
    expect(at(160)).toEqual([50, 0]);
    expect(at(200)).toEqual([50, 0, 50]);
    growth.stop();
    expect(set).toEqual([50, 0, 50, 0]);
    expect(stop).toHaveBeenCalledOnce();
  });

  it("is told in words that this engine knows", () => {
    expect(execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" })).toContain("--heap-growing-percent ");
  });
});
