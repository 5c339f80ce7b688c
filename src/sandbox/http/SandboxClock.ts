/** Time, injected so that tests of lags and rates need not wait. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}
