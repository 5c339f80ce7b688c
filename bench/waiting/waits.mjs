/** How long somebody waits for small answers: by the clock, and by what the server's main thread did meanwhile. */
import { fork } from "node:child_process";

const asker = new URL("asker.mjs", import.meta.url);
/** To be loaded into the server by `--import`. */
export const meter = new URL("meter.mjs", import.meta.url).href;

/** A client in a process of its own: see asker.mjs. */
export class Asker {
  #child = fork(asker);
  #told = null;

  begin(what) {
    this.#told = new Promise((resolve, reject) => {
      this.#child.once("message", ({ spans, error }) =>
        error === undefined ? resolve(spans) : reject(new Error(error)),
      );
    });
    // Heard when it is waited for.
    this.#told.catch(() => undefined);
    this.#child.send(what);
  }

  /** When each question was sent and answered. */
  end() {
    this.#child.send("end");
    return this.#told;
  }

  stop() {
    this.#child.kill();
  }
}

/** Tells the meter in a server's process something, and waits for what it says. */
export function tellMeter(server, what) {
  return new Promise((resolve) => {
    server.once("message", resolve);
    server.send(what);
  });
}

/**
 * What each question took by the clock, what the server's main thread did between its coming and its answer, for what a busy machine
 * lets others do meanwhile is no part of that, and how long garbage was collected meanwhile.
 */
export function waitsOf(spans, { at, worked, answered, collected }) {
  const workedBy = (ms) => {
    const next = firstFrom(at, ms);
    if (next === 0) return worked[0];
    if (next === at.length) return worked.at(-1);
    // Within a turn it slept first, if it did, and worked then.
    return worked[next] - Math.min(worked[next] - worked[next - 1], at[next] - ms);
  };
  const collectedWithin = (from, to) =>
    collected.reduce((sum, [start, took]) => sum + Math.max(0, Math.min(to, start + took) - Math.max(from, start)), 0);
  return spans.map(([sentMs, heardMs]) => {
    const answeredMs = Math.min(heardMs, answered[firstFrom(answered, sentMs)] ?? heardMs);
    const workMs = workedBy(answeredMs) - workedBy(sentMs);
    return { clockMs: heardMs - sentMs, workMs, garbageMs: collectedWithin(sentMs, answeredMs) };
  });
}

/** The place of the first of ascending numbers that is not below another. */
function firstFrom(numbers, least) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function percentile(numbers, share) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The middle, the 99th of a hundred and the mean. */
export function summaryOf(numbers) {
  const mean = numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
  return { p50: percentile(numbers, 0.5), p99: percentile(numbers, 0.99), mean, of: numbers.length };
}
