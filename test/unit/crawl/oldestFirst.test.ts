import { expect, it } from "vitest";
import { oldestFirst } from "../../../src/crawl/oldestFirst.js";
import { Dice } from "../../model/Dice.js";

it.each([0, 1, 999, 1_000, 1_001, 4_999])(
  "puts %d parts in order by age, the unread first and equals as they were, in steps",
  (count) => {
    const dice = new Dice("ages");
    const due = Array.from({ length: count }, (_, index) => {
      const asOfMs = Math.floor(40 * dice.roll(index));
      return { id: String(index), asOfMs: asOfMs === 0 ? Number.POSITIVE_INFINITY : asOfMs, isWhole: true };
    });
    const ageOf = ({ asOfMs }: { readonly asOfMs: number }) => (Number.isFinite(asOfMs) ? asOfMs : 0);
    const sorting = oldestFirst(due);
    let steps = 0;
    let step = sorting.next();
    for (; step.done !== true; step = sorting.next()) steps += 1;
    expect(step.value).toEqual([...due].sort((left, right) => ageOf(left) - ageOf(right)));
    expect(steps).toBeGreaterThanOrEqual(Math.ceil(count / 1_000));
  },
);
