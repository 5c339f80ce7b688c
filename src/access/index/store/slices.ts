/** Work in steps of some milliseconds at most; others may run between two of them. */
export type Steps<T = void> = Generator<void, T>;

/** Does all of the work now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same for as long as it is wanted: whoever changes what it is about meanwhile ends it. What was done by then stays. Answers
 * whether it came to its end.
 */
export function* whileWanted(steps: Steps<unknown>, isWanted: () => boolean): Steps<boolean> {
  while (isWanted()) {
    if (steps.next().done === true) return true;
    yield;
  }
  return false;
}

export interface Slicing {
  /** A clock in milliseconds. */
  now(): number;
  /** Lets others run. */
  pause(): Promise<unknown>;
  /** How long one slice may take before it lets others run, the length of a step not counted. */
  readonly sliceMs: number;
}

/** Does the work in slices, with a pause between them. */
export async function inSlices<T>(steps: Steps<T>, { now, pause, sliceMs }: Slicing): Promise<T> {
  let began = now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (now() - began < sliceMs) continue;
    await pause();
    began = now();
  }
}
