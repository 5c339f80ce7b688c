/**
 * Loaded into the server that is measured: tells by messages what its processor did, and not what a busy machine let it do.
 *
 *   "total"  collects garbage, and from there on counts processor time of all threads, and memory in use at its highest
 *   "turns"  from there on looks at the turns of the event loop for the longest, by processor time of the thread it runs on, and notes
 *            how far that time was, when garbage was collected, and when each question marked `x-waiting` was answered: while any
 *            question is under way, for looking at each turn keeps the loop from sleeping
 *   "end"    tells either
 */
import diagnostics from "node:diagnostics_channel";
import { openSync, readSync } from "node:fs";
import { PerformanceObserver, performance } from "node:perf_hooks";

/** Milliseconds that this thread had the processor for; those of all threads where the system does not tell. */
const threadMs = threadClock() ?? processMs;

function threadClock() {
  const text = Buffer.alloc(64);
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, "r");
    return () => {
      // Linux notes the time of a thread that runs every few milliseconds, and whenever its process is asked for all of it.
      process.cpuUsage();
      return Number(text.latin1Slice(0, readSync(file, text, 0, text.length, 0)).split(" ", 1)[0]) / 1e6;
    };
  } catch {
    return null;
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

/** The same moment for all processes of a machine. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

let begun = null;
setInterval(() => {
  if (begun !== null) begun.peak = Math.max(begun.peak, inUse());
}, 5).unref();

/** Turns of less are seen together: looking takes some microseconds. In milliseconds. */
const shortestTurn = 0.1;

function note(of) {
  of.at.push(nowMs());
  of.worked.push(threadMs());
  // Also where only some of the turns are noted.
  of.longestMs = Math.max(of.longestMs, of.worked.at(-1) - of.turn);
}

function turn(of) {
  if (begun !== of) return;
  of.isLooking = underWay > 0;
  if (nowMs() - of.at.at(-1) >= shortestTurn || !of.isLooking) {
    note(of);
    of.turn = of.worked.at(-1);
  }
  if (of.isLooking) setImmediate(turn, of);
}

/** From a moment at which the loop has nothing to do but what comes. */
function look(of) {
  of.isLooking = true;
  of.turn = threadMs();
  note(of);
  setImmediate(turn, of);
}

/** Questions that are not answered. */
let underWay = 0;

diagnostics.subscribe("http.server.request.start", ({ response }) => {
  underWay += 1;
  response.once("close", () => {
    underWay -= 1;
  });
  if (begun?.turn !== undefined && !begun.isLooking) look(begun);
});

/** When each question that somebody waits for was answered, as far as it is the process's business. */
diagnostics.subscribe("http.server.response.finish", ({ request }) => {
  if (begun?.turn === undefined || request.headers["x-waiting"] === undefined) return;
  note(begun);
  begun.answered.push(begun.at.at(-1));
});

/** What has to be added to the time of this process to have that of the machine. */
const originMs = nowMs() - performance.now();
const garbage = new PerformanceObserver((list) => noteCollected(list.getEntries()));
garbage.observe({ entryTypes: ["gc"] });

function noteCollected(entries) {
  if (begun === null) return;
  for (const { startTime, duration } of entries) begun.collected.push([startTime + originMs, duration]);
}

process.on("message", (what) => {
  if (what === "end") {
    noteCollected(garbage.takeRecords());
    const { held, peak, longestMs, thread, all, at, worked, answered, collected } = begun;
    const told = {
      cpuMs: processMs() - all,
      threadMs: threadMs() - thread,
      longestMs,
      at,
      worked,
      answered,
      collected,
    };
    begun = null;
    process.send({ ...told, bytes: Math.max(0, Math.max(peak, inUse()) - held) });
    return;
  }
  if (what === "total") globalThis.gc();
  const held = inUse();
  begun = { held, peak: held, longestMs: 0, thread: threadMs(), all: processMs(), at: [], worked: [], answered: [] };
  begun.collected = [];
  if (what === "turns") look(begun);
  process.send({});
});
process.channel?.unref();
