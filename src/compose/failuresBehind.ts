import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import type { Logger } from "../observability/Logger.js";

interface WarningSources {
  readonly siteId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const warnEveryMs = 60_000;

/**
 * Warns of what could not be read again behind a stale answer: nobody waits for it, so that no answer tells of it. Once a minute
 * for each kind of reading and of failure, with how many there were: a site that is down fails by the thousand.
 */
export function warnOfFailuresBehind({ siteId, clock, logger }: WarningSources) {
  const lastOf = new Map<string, { readonly atMs: number; unsaid: number }>();
  return (reading: string, error: Error): void => {
    const kind = error instanceof SiteError ? error.kind : error.name;
    const key = `${reading} ${kind}`;
    const last = lastOf.get(key);
    if (last !== undefined && clock.now() - last.atMs < warnEveryMs) {
      last.unsaid += 1;
      return;
    }
    lastOf.set(key, { atMs: clock.now(), unsaid: 0 });
    const message = "what is served could not be read again: it is answered with for as long as it may be";
    logger.warn({ siteId, reading, kind, before: last?.unsaid ?? 0, error }, message);
  };
}
