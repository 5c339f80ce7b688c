/** What holds a process up, seen from within. */
import { PerformanceObserver, performance } from "node:perf_hooks";

let longestGcMs = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestGcMs = Math.max(longestGcMs, duration);
}).observe({ entryTypes: ["gc"] });

export const round = (value) => Math.round(value * 100) / 100;

/**
 * How long the process was held up while something went on: the longest that it was at work without a pause, and how much of that
 * it had the processor for, which is what a busy machine does not add to.
 */
export async function watching(work) {
  const longest = { wallMs: 0, workMs: 0 };
  let last = { at: performance.now(), cpu: process.cpuUsage() };
  const timer = setInterval(() => {
    const now = { at: performance.now(), cpu: process.cpuUsage() };
    const wallMs = now.at - last.at;
    const cpuMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
    longest.wallMs = Math.max(longest.wallMs, wallMs);
    longest.workMs = Math.max(longest.workMs, Math.min(wallMs, cpuMs));
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
