import type { RateLimit } from "./RateLimit.js";
import type { Service } from "./Service.js";

/** What answers on one of the sandbox's addresses, and how much of it. */
export interface Side {
  readonly services: readonly Service[];
  readonly rate: RateLimit;
}
