/** What holds a process up, seen from within. */
import { openSync, readSync } from "node:fs";
import { PerformanceObserver, performance } from "node:perf_hooks";

let longestGcMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestGcMs = Math.max(longestGcMs, duration);
}).observe({ entryTypes: ["gc"] });

export const round = (value) => Math.round(value * 100) / 100;

/**
 * Milliseconds that this thread had the processor for, which the scheduler notes every few of them; those of the whole process, helpers of
 * garbage collection included, where the system does not tell.
 */
const workedMs = threadClock() ?? (() => process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000);

function threadClock() {
  const text = Buffer.alloc(64);
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
    return () => Number(text.latin1Slice(0, readSync(file, text, 0, text.length, 0)).split(" ", 1)[0]) / 1e6;
  } catch {
    return null;
  }
}

/**
 * How long the process was held up while something went on: the longest that it was at work without a pause, and how much of that
 * it had the processor for, which is what a busy machine does not add to.
 */
export async function watching(work) {
  const longest = { wallMs: 0, workMs: 0 };
  let last = { at: performance.now(), worked: workedMs() };
  const timer = setInterval(() => {
    const now = { at: performance.now(), worked: workedMs() };
    const wallMs = now.at - last.at;
    longest.wallMs = Math.max(longest.wallMs, wallMs);
    longest.workMs = Math.max(longest.workMs, Math.min(wallMs, now.worked - last.worked));
    last = now;
  }, 1);
  longestGcMs = 0;
  const began = performance.now();
  const result = await work();
  const tookMs = performance.now() - began;
  clearInterval(timer);
  const stalls = {
    longestStallMs: round(longest.workMs),
    onTheWallMs: round(longest.wallMs),
    longestGcMs: round(longestGcMs),
  };
  return { result, figures: { tookMs: round(tookMs), ...stalls } };
}
