/** What the upstream last said about how much we may still ask. A field it did not name is `null`. */
export interface UpstreamBudget {
  /** Units in the window: points or calls, as the upstream counts. */
  readonly limit: number | null;
  readonly remaining: number | null;
  /** When the window starts anew, in milliseconds since the epoch. */
  readonly resetAtMs: number | null;
  /** The upstream's own warning, or fewer than a fifth remaining. */
  readonly isNearLimit: boolean;
  /** Which limit it is, in the upstream's word: `global-app-quota`. */
  readonly reason: string | null;
  /** When it was said, in milliseconds since the epoch. */
  readonly observedAtMs: number;
}
