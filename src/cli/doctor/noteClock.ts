import type { Clock } from "../../domain/Clock.js";
import type { HttpAnswer } from "../../http/Transport.js";
import type { Examination } from "./Examination.js";

/** A difference of clocks that breaks tokens and caches. */
const maxSkewMs = 60_000;

/** Compares this machine's clock with the site's. */
export function noteClock(examination: Examination, { headers }: HttpAnswer, clock: Clock): void {
  const [date] = [headers.date].flat();
  const theirsMs = Date.parse(date ?? "");
  if (Number.isNaN(theirsMs)) {
    examination.skip("clock", "the site sends no Date header");
    return;
  }
  const skewMs = clock.now() - theirsMs;
  const isClose = Math.abs(skewMs) <= maxSkewMs;
  examination.note(
    "clock",
    isClose ? "ok" : "warning",
    isClose
      ? "agrees with the site's"
      : `this machine's clock is ${Math.round(skewMs / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} the site's: correct it, tokens depend on it`,
  );
}
