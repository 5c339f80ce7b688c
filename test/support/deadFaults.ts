import { afterEach } from "vitest";
import type { Fault } from "../../sandbox/src/control/faults.js";
import type { RunningSandbox, SandboxOptions } from "../../sandbox/src/startSandbox.js";

/**
 * A test that sets a fault for a call which is never made proves nothing, and looks as if it did. So every sandbox of the tests is
 * started here, and a test ends in an error where a fault that it gave had nothing to act on.
 */
interface Watched {
  readonly unhit: () => readonly string[];
  isClosed: boolean;
}

const watched = new Set<Watched>();
let allowed: { readonly match: string; readonly reason: string }[] = [];

/** `startSandbox`, with an eye on its faults. */
export async function startWatchedSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  // Loaded here, because every test file runs this one first and most start no sandbox.
  const { startSandbox } = await import("../../sandbox/src/startSandbox.js");
  const sandbox = await startSandbox(options);
  const told = new WeakSet<Fault>();
  /** Each is told once, so that a sandbox of many tests blames the first. */
  const unhit = (): string[] => {
    const found = sandbox.unhitFaults().filter((fault) => !told.has(fault));
    for (const fault of found) told.add(fault);
    return found.map(({ match }) => match);
  };
  const unhitBefore: string[] = [];
  const entry: Watched = { unhit: () => [...unhitBefore.splice(0), ...unhit()], isClosed: false };
  watched.add(entry);
  return {
    ...sandbox,
    reset: () => {
      unhitBefore.push(...unhit());
      sandbox.reset();
    },
    close: async () => {
      entry.isClosed = true;
      await sandbox.close();
    },
  };
}

/**
 * For a fault that stands guard over a call which must not be made: in this test those with this `match` may never act, and they
 * must not, or the test ends in an error as well.
 */
export function expectNeverHit(match: string, reason: string): void {
  if (reason.trim() === "") throw new Error(`say why the fault '${match}' is never to act`);
  allowed.push({ match, reason });
}

/** In the setup of every test file. Tests that run side by side answer for the sandboxes that are closed. */
export function failOnDeadFaults(): void {
  afterEach(({ task }) => settleFaults(task.concurrent === true));
}

/** Throws where a fault was given in vain, and where one acted that was to stand guard only. */
export function settleFaults(isConcurrent: boolean): void {
  const guards = allowed;
  allowed = [];
  const ended = [...watched].filter(({ isClosed }) => isClosed || !isConcurrent);
  for (const entry of ended) if (entry.isClosed) watched.delete(entry);
  const unhit = ended.flatMap((entry) => entry.unhit());
  const dead = unhit.filter((match) => !guards.some((guard) => guard.match === match));
  if (dead.length > 0) {
    throw new Error(`nothing came for these faults, so that they prove nothing: ${dead.join(", ")}`);
  }
  const hit = guards.filter(({ match }) => !unhit.includes(match));
  if (hit.length > 0) throw new Error(`faults that were not to act did: ${JSON.stringify(hit)}`);
}
