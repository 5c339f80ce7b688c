import type { Gap } from "./Gap.js";

/**
 * A list and how far it can be trusted. No gaps: the upstream was read whole. With gaps the items are what was read
 * before something failed, and the answer says so; an empty list with gaps means "nothing known", never "none".
 */
export interface Complete<T> {
  readonly items: readonly T[];
  readonly gaps: readonly Gap[];
  /** When the oldest part was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
}
