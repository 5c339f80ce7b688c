import type { Clock } from "../domain/Clock.js";
import type { SiteErrorKind } from "../domain/SiteError.js";
import { Counter, Distribution, durationBounds } from "../observability/metrics/families.js";
import type { Reply } from "./errors.js";

/** What became of the calls of one upstream, counted since the start. Calls are told by their templates, which hold no id. */
export class CallTally {
  /** Each attempt that was sent, by what was answered; `none` where nothing was. */
  readonly attempts = new Counter(["route", "status"]);
  readonly routeSeconds = new Counter(["route"]);
  readonly attemptSeconds = new Distribution(durationBounds);
  readonly repetitions = new Counter(["route"]);
  /** Calls that failed in the end, by what the failure is taken for. */
  readonly failures = new Counter(["kind"]);
  /** How long calls waited for their turn. */
  readonly waitSeconds = new Distribution(durationBounds);
  throttles = 0;
  bytes = 0;

  /** An attempt is sent now; what it answers is told when it is over, and `null` where nothing was answered. */
  begin(call: string, clock: Clock): (reply: Pick<Reply, "status" | "bytes"> | null) => void {
    const sentMs = clock.now();
    return (reply) => {
      const seconds = (clock.now() - sentMs) / 1_000;
      this.bytes += reply?.bytes ?? 0;
      this.attempts.add([call, reply === null ? "none" : String(reply.status)]);
      this.routeSeconds.add([call], seconds);
      this.attemptSeconds.observe(seconds);
    };
  }

  repeated(call: string): void {
    this.repetitions.add([call]);
  }

  throttled(): void {
    this.throttles += 1;
  }

  /** A call is over, its attempts together; `null`: it was answered. */
  ended(failure: SiteErrorKind | null, queuedMs: number): void {
    this.waitSeconds.observe(queuedMs / 1_000);
    if (failure !== null) this.failures.add([failure]);
  }
}
