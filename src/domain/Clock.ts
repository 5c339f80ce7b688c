/** Time, injected so that no test sleeps. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /**
   * The same for who waits for something else, and for no longer than this. Told apart from a pause, because a test lets pauses be
   * over at once, and does not let a wait run out because the machine is slow.
   */
  atMost(durationMs: number, signal?: AbortSignal): Promise<void>;
}
