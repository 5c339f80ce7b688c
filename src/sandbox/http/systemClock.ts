import { setTimeout as wait } from "node:timers/promises";
import type { SandboxClock } from "./SandboxClock.js";

/** The machine's own time. */
export const systemClock: SandboxClock = {
  now: () => Date.now(),
  sleep: async (durationMs) => {
    await wait(durationMs);
  },
};
