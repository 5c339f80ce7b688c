/**
 * Loaded into the server that is measured: tells by messages what its processor did, and not what a busy machine let it do.
 *
 *   "total"  collects garbage, and from there on counts processor time of all threads, and memory in use at its highest
 *   "turns"  from there on looks at every turn of the event loop for the longest, by processor time of the thread it runs on, and notes
 *            how far that time was in each, and when each question marked `x-waiting` was answered
 *   "end"    tells either
 */
import diagnostics from "node:diagnostics_channel";
import { openSync, readSync } from "node:fs";

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

function note(of) {
  of.at.push(nowMs());
  of.worked.push(threadMs());
}

function turn(of) {
  if (begun !== of) return;
  note(of);
  const [before, now] = of.worked.slice(-2);
  // Also where only some of its turns are noted by now.
  of.longestMs = Math.max(of.longestMs, now - (of.turn ?? before));
  of.turn = now;
  setImmediate(turn, of);
}

/** When each question that somebody waits for was answered, as far as it is the process's business. */
diagnostics.subscribe("http.server.response.finish", ({ request }) => {
  if (begun?.turn === undefined || request.headers["x-waiting"] === undefined) return;
  note(begun);
  begun.answered.push(begun.at.at(-1));
});

process.on("message", (what) => {
  if (what === "end") {
    const { held, peak, longestMs, thread, all, at, worked, answered } = begun;
    const told = { cpuMs: processMs() - all, threadMs: threadMs() - thread, longestMs, at, worked, answered };
    begun = null;
    process.send({ ...told, bytes: Math.max(0, Math.max(peak, inUse()) - held) });
    return;
  }
  if (what === "total") globalThis.gc();
  const held = inUse();
  begun = { held, peak: held, longestMs: 0, thread: threadMs(), all: processMs(), at: [], worked: [], answered: [] };
  if (what === "turns") {
    note(begun);
    begun.turn = begun.thread;
    setImmediate(turn, begun);
  }
  process.send({});
});
process.channel?.unref();
