/**
 * Loaded into the server that is measured: tells by messages what its processor did, and not what a busy machine let it do.
 *
 *   "total"  collects garbage, and from there on counts processor time of all threads, and memory in use at its highest
 *   "slices" from there on looks at every turn of the event loop for the longest, by processor time of the thread it runs on
 *   "end"    tells either
 */
import { readFileSync } from "node:fs";

const ofThread = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds of processor time that the main thread had; on systems that do not tell it, those of all threads. */
function threadMs() {
  try {
    return Number(readFileSync(ofThread, "latin1").split(" ", 1)[0]) / 1e6;
  } catch {
    return processMs();
  }
}

function processMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function inUse() {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let begun = null;
let last = 0;
setInterval(() => {
  if (begun !== null) begun.peak = Math.max(begun.peak, inUse());
}, 5).unref();

function turn(of) {
  if (begun !== of) return;
  const now = threadMs();
  of.longestMs = Math.max(of.longestMs, now - last);
  last = now;
  setImmediate(turn, of);
}

process.on("message", (what) => {
  if (what === "end") {
    const { held, peak, longestMs, thread, all } = begun;
    const told = { cpuMs: processMs() - all, threadMs: threadMs() - thread, longestMs };
    begun = null;
    process.send({ ...told, bytes: Math.max(0, Math.max(peak, inUse()) - held) });
    return;
  }
  if (what === "total") globalThis.gc();
  const held = inUse();
  begun = { held, peak: held, longestMs: 0, thread: threadMs(), all: processMs() };
  if (what === "slices") {
    last = begun.thread;
    setImmediate(turn, begun);
  }
  process.send({});
});
process.channel?.unref();
