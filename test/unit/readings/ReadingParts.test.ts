import { describe, expect, it } from "vitest";
import type { Complete } from "../../../src/domain/Complete.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { Loader } from "../../../src/loaders/engine/Loader.js";
import { ReadingParts } from "../../../src/readings/ReadingParts.js";
import { openReadThrough } from "../cache/openReadThrough.js";
import { settleTurn } from "../cache/settleTurn.js";

const nowMs = 1_000;
const refused = new SiteError("AccessRefused", "The site refused.", { call: "GET /things" });
const gap = { missing: "x", kind: "ReadIncomplete" as const, reason: "y", call: null, retryAfterMs: null };
const whole: Complete<string> = { items: ["a"], gaps: [], asOfMs: 900, assumptions: [] };

describe("a reading of several parts", () => {
  it("keeps what was read and declares each part that was not", () => {
    const parts = new ReadingParts(nowMs);
    const items = [...parts.take("the first", whole), ...parts.take("the second", refused)];
    expect(parts.finish(items)).toEqual({
      items: ["a"],
      gaps: [
        {
          missing: "the second",
          kind: "AccessRefused",
          reason: "The site refused.",
          call: "GET /things",
          retryAfterMs: null,
        },
      ],
      asOfMs: 900,
      assumptions: [],
    });
  });

  it("has the gaps, the age and the assumptions of every part, each once", () => {
    const parts = new ReadingParts(nowMs);
    parts.take("the first", { ...whole, gaps: [gap], assumptions: ["LICENSED"] });
    parts.take("the second", { ...whole, gaps: [gap], asOfMs: 700, assumptions: ["LICENSED", "NO_SPACE_ROLES"] });
    expect(parts.finish(["made of both"])).toEqual({
      items: ["made of both"],
      gaps: [gap],
      asOfMs: 700,
      assumptions: ["LICENSED", "NO_SPACE_ROLES"],
    });
  });

  it("rejects when every part failed: nothing was read, and an empty list would say that nothing is there", () => {
    const parts = new ReadingParts(nowMs);
    parts.take("the first", refused);
    parts.take("the second", new SiteError("Unreachable", "No answer.", { call: "GET /others" }));
    expect(() => parts.finish([])).toThrow(refused);
  });

  it.each([null, undefined])("has a gap for a part that is not shown (%s): absent is not empty", (absent) => {
    const parts = new ReadingParts(nowMs);
    parts.take("the first", whole);
    expect(parts.take("the second", absent)).toEqual([]);
    expect(parts.finish(["a"]).gaps).toMatchObject([{ missing: "the second", kind: "NotVisible" }]);
  });

  it("is as old as the oldest of the things that were read by their ids", async () => {
    const { readThrough, clock, fetchAt } = openReadThrough({ asOfMs: (id) => (id === "b" ? 40 : undefined) });
    const parts = new ReadingParts(clock.now());
    const reading = parts.facts(new Loader(readThrough, 0), ["a", "b", "c", "d"]);
    await settleTurn();
    fetchAt(0).answer({ a: "A", b: "B", c: refused });
    expect(await reading).toEqual(["A", "B", refused, null]);
    expect(parts.trust).toEqual({ gaps: [], asOfMs: 40, assumptions: [] });
  });

  it("does not pass a bug of ours for a gap", () => {
    expect(() => new ReadingParts(nowMs).take("the first", new TypeError("a bug"))).toThrow(TypeError);
  });
});
