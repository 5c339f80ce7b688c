import { setTimeout as pause } from "node:timers/promises";
import { cpuMsOf, memoryOf, startOurs } from "../run/processes.mjs";
import { summarize } from "../run/statistics.mjs";

/** From the start of the process over its own sandbox to the moment at which it says that it is ready. */
export async function measureStart({ rounds, tell }) {
  const readyMs = [];
  const cpuMs = [];
  let idleMb = null;
  for (let round = 0; round < rounds; round += 1) {
    tell(`start, round ${round + 1} of ${rounds}`);
    const began = performance.now();
    const ours = await startOurs(null);
    try {
      await untilReady(new URL("/health/ready", ours.url));
      readyMs.push(performance.now() - began);
      cpuMs.push(cpuMsOf(ours.pid));
      if (round === rounds - 1) {
        await pause(1_000);
        idleMb = memoryOf(ours.pid).nowMb;
      }
    } finally {
      await ours.stop();
    }
  }
  return { readyMs: summarize(readyMs), cpuMs: summarize(cpuMs), idleMb };
}

async function untilReady(url) {
  for (;;) {
    const { status } = await fetch(url);
    if (status === 200) return;
    await pause(5);
  }
}
