import type { Lane } from "../../http/ConcurrencyLimit.js";
import type { Examination } from "./Examination.js";

/** What the site said about its rate limits while it was looked at. */
export function noteRateLimits(examination: Examination, lane: Lane): void {
  const { budget } = lane.state;
  if (budget === null) {
    examination.note("rate limits", "ok", "the site told none");
    return;
  }
  const { limit, remaining, isNearLimit } = budget;
  examination.note(
    "rate limits",
    isNearLimit === true ? "warning" : "ok",
    `${remaining ?? "?"} of ${limit ?? "?"} left${isNearLimit === true ? ": the site says that the limit is near" : ""}`,
  );
}
