import { expect, it } from "vitest";
import { AllMarks } from "../../../../src/loaders/engine/KeptParts.js";

it("lets go of the marks of a list once one of them is not current, and never looks at them again", () => {
  let looks = 0;
  const marks = [true, true].map((isCurrent) => ({ isCurrent }));
  const counted = {
    get isCurrent() {
      looks += 1;
      return true;
    },
  };
  const all = new AllMarks([counted, ...marks]);
  expect(all.isCurrent).toBe(true);
  for (const mark of marks) mark.isCurrent = false;
  expect(all.isCurrent).toBe(false);
  for (const mark of marks) mark.isCurrent = true;
  expect([all.isCurrent, looks]).toEqual([false, 2]);
});
