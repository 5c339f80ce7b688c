import { expect, it } from "vitest";
import { describeSequence, inMemory } from "./command.js";
import { runSequence } from "./runSequence.js";

const seeds = Array.from({ length: 30 }, (_, at) => `suite/${at + 1}`);

it.each(seeds)(
  "changes by three callers over two compositions, with faults: the world and the record say what was answered, and no space loses its last active administrator (%s)",
  async (seed) => {
    const result = await runSequence(seed, 30, inMemory);
    expect(result.untruths.length === 0 ? "" : describeSequence(result)).toBe("");
    expect(result.leftAlone.length === 0 ? "" : describeSequence(result)).toBe("");
    expect(result.ended).toHaveLength(30);
  },
);
