import { describe, expect, it } from "vitest";
import { atOnce, type Steps } from "../../../src/access/index/store/slices.js";
import { readingPart, writingPart } from "../../../src/crawl/shared/partText.js";

const rows = (count: number) => Array.from({ length: count }, (_, at) => [`a:${at}`, { name: `Zoë\n${at}` }]);

const groupOf = (count: number) => ({
  ownMs: 1,
  kept: {
    of: "group",
    id: "g",
    group: { members: rows(count), hidden: [], children: null, reading: { gaps: [], asOf: 5 } },
  },
});

/** How many steps it takes. */
function stepsOf(steps: Steps<unknown>): number {
  let count = 1;
  while (steps.next().done !== true) count += 1;
  return count;
}

describe("the text of a part", () => {
  it.each([0, 1, 1_024, 1_025, 3_000])("is read as it was written, with a list of %d rows", (count) => {
    const part = groupOf(count);
    expect(atOnce(readingPart(atOnce(writingPart(part))))).toEqual(part);
  });

  it("is written and read a thousand rows a step, whatever the list that they stand in", () => {
    for (const part of [groupOf(5_000), { kept: { of: "listed", groups: rows(5_000) } }]) {
      expect(stepsOf(writingPart(part))).toBeGreaterThan(4);
      const text = atOnce(writingPart(part));
      expect(stepsOf(readingPart(text))).toBeGreaterThan(4);
      expect(atOnce(readingPart(text))).toEqual(part);
    }
  });

  it("is no part where a list is not there that rows are told of", () => {
    const text = Buffer.from('{"kept":{"of":"group"}}\n[["kept","group","members"],[1]]');
    expect(() => atOnce(readingPart(text))).toThrow("not where it is said to be");
  });
});
