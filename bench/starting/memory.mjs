import { setTimeout as pause } from "node:timers/promises";
import { askForAll } from "../reading/wholeGraph.mjs";
import { memoryOf, startOurs } from "../run/processes.mjs";
import { siteSizes } from "../worlds/sites.mjs";
import { startSite } from "../worlds/startSite.mjs";

/** Resident memory of a server over a site: idle, after everything was read once, and after that was asked for often. */
export async function measureMemory({ tell, times = 10, size = siteSizes.whole }) {
  tell("resident memory");
  const site = await startSite(size);
  const ours = await startOurs(site);
  try {
    await pause(1_000);
    const idleMb = memoryOf(ours.pid).nowMb;
    await askForAll(ours.url);
    const afterMb = memoryOf(ours.pid).nowMb;
    for (let at = 0; at < times; at += 1) await askForAll(ours.url);
    await pause(1_000);
    const { nowMb, peakMb } = memoryOf(ours.pid);
    return { idleMb, afterWholeGraphMb: afterMb, afterMoreMb: nowMb, times, peakMb };
  } finally {
    await ours.stop();
    await site.stop();
  }
}
