import { describe, expect, it } from "vitest";
import {
  Counter,
  Distribution,
  type MetricFamily,
  renderMetrics,
} from "../../../src/observability/metrics/families.js";
import { LoopWatch } from "../../../src/observability/metrics/processMetrics.js";
import { readMetrics, sumOf } from "../../support/readMetrics.js";

function familyOf(type: MetricFamily["type"], samples: MetricFamily["samples"]): MetricFamily {
  return { name: "things", help: 'What they are: "a\\b"\nand more.', type, samples };
}

describe("metrics", () => {
  it("tells counts by their labels, whatever stands in these", () => {
    const counter = new Counter(["site", "text"]);
    counter.add(["acme", 'a "quoted"\\ \n line, with=signs'], 2);
    counter.add(["acme", 'a "quoted"\\ \n line, with=signs']);
    const read = readMetrics(renderMetrics([familyOf("counter", () => counter.samples())]));
    expect(read.get("things")?.samples).toEqual([
      { name: "things", labels: { site: "acme", text: 'a "quoted"\\ \n line, with=signs' }, value: 3 },
    ]);
  });

  it("counts what is beyond its bound of series together, and loses none of it", () => {
    const counter = new Counter(["id"], 3);
    for (let id = 0; id < 10; id += 1) counter.add([`id-${id}`]);
    counter.add(["id-0"]);
    const samples = [...counter.samples()];
    expect(samples.map(({ labels, value }) => [labels.id, value])).toEqual([
      ["id-0", 2],
      ["id-1", 1],
      ["id-2", 1],
      ["other", 7],
    ]);
  });

  it("tells how values are spread, bounds included, and those beyond the last", () => {
    const spread = new Distribution([1, 5]);
    for (const value of [0.5, 1, 3, 5, 100]) spread.observe(value);
    const read = readMetrics(renderMetrics([familyOf("histogram", () => spread.samples({ kind: "a" }))]));
    const bucket = (le: string) => sumOf(read, "things_bucket", { le, kind: "a" });
    expect([bucket("1"), bucket("5"), bucket("+Inf")]).toEqual([2, 4, 5]);
    expect([sumOf(read, "things_sum"), sumOf(read, "things_count")]).toEqual([109.5, 5]);
  });

  it("notices how late the event loop comes to what is due", () => {
    let now = 0;
    let look: () => void = () => undefined;
    let isStopped = false;
    const loop = new LoopWatch({
      nowMs: () => now,
      every: (work, everyMs) => {
        look = () => {
          now += everyMs;
          work();
        };
        return {
          stop: () => {
            isStopped = true;
          },
        };
      },
    });
    look();
    now += 300;
    look();
    look();
    const read = readMetrics(renderMetrics([familyOf("histogram", () => loop.delays.samples())]));
    expect(sumOf(read, "things_sum")).toBeCloseTo(0.3);
    expect([sumOf(read, "things_bucket", { le: "0.25" }), sumOf(read, "things_bucket", { le: "0.5" })]).toEqual([2, 3]);
    loop.stop();
    expect(isStopped).toBe(true);
  });
});
