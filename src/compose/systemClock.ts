import type { Clock } from "../domain/Clock.js";
import { longestTimerMs } from "../http/limits.js";

/**
 * The machine's time. Its timers keep the process alive: somebody awaits each sleep, and a command line tool that
 * pauses for a `Retry-After` has nothing else that would. Whoever stops waiting aborts the sleep.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep,
  atMost: sleep,
};

async function sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
  let remainingMs = durationMs;
  do {
    const stepMs = Math.min(remainingMs, longestTimerMs);
    await sleepOnce(stepMs, signal);
    remainingMs -= stepMs;
  } while (remainingMs > 0);
}

function sleepOnce(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      },
      Math.max(0, durationMs),
    );
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** A clock for what never ends: whoever hurries pauses in a test does not mean those between heartbeats. */
export function withRealPauses(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    sleep: systemClock.sleep,
    atMost: (durationMs, signal) => clock.atMost(durationMs, signal),
  };
}
