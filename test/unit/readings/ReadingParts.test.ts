import { describe, expect, it } from "vitest";
import { SiteError } from "../../../src/domain/SiteError.js";
import { ReadingParts } from "../../../src/readings/ReadingParts.js";

const nowMs = 1_000;
const refused = new SiteError("AccessRefused", "The site refused.", { call: "GET /things" });

describe("a reading of several parts", () => {
  it("keeps what was read and declares each part that was not", () => {
    const parts = new ReadingParts<string>(nowMs);
    parts.add("the first", { items: ["a"], gaps: [], asOfMs: 900, assumptions: [] });
    parts.add("the second", refused);
    expect(parts.finish()).toEqual({
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

  it("keeps the gaps that a part brings", () => {
    const gap = { missing: "x", kind: "ReadIncomplete" as const, reason: "y", call: null, retryAfterMs: null };
    const parts = new ReadingParts<string>(nowMs);
    parts.add("the first", { items: ["a"], gaps: [gap], asOfMs: nowMs, assumptions: [] });
    expect(parts.finish().gaps).toEqual([gap]);
  });

  it("rejects when every part failed: nothing was read, and an empty list would say that nothing is there", () => {
    const parts = new ReadingParts<string>(nowMs);
    parts.add("the first", refused);
    parts.add("the second", new SiteError("Unreachable", "No answer.", { call: "GET /others" }));
    expect(() => parts.finish()).toThrow(refused);
  });

  it("is whole when a part is not there: a group deleted meanwhile has no members", () => {
    const parts = new ReadingParts<string>(nowMs);
    parts.add("the first", null);
    expect(parts.finish()).toEqual({ items: [], gaps: [], asOfMs: nowMs, assumptions: [] });
  });

  it("does not pass a bug of ours for a gap", () => {
    expect(() => new ReadingParts<string>(nowMs).add("the first", new TypeError("a bug"))).toThrow(TypeError);
  });
});
