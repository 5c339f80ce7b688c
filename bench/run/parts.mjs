/** What a run measures, part by part, in its whole form. */
import { measureCachedAnswers } from "../cached/measure.mjs";
import { measureLarge } from "../reading/large.mjs";
import { measureReading } from "../reading/measure.mjs";
import { measureStart } from "../starting/measure.mjs";
import { measureMemory } from "../starting/memory.mjs";

export const parts = {
  cached: ({ rounds, tell }) => measureCachedAnswers({ rounds, ms: 1_500, warmUpMs: 500, connections: 8, tell }),
  reading: ({ rounds, tell }) => measureReading({ rounds: Math.min(rounds, 3), withPeers: true, tell }),
  start: async ({ rounds, tell }) => ({
    ...(await measureStart({ rounds, tell })),
    memory: await measureMemory({ tell }),
  }),
  large: ({ rounds, tell }) => measureLarge({ rounds, tell }),
};

/** Parts whose ratios a check compares. */
export const comparedParts = ["cached", "reading"];
