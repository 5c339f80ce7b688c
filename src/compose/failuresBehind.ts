import type { Clock } from "../domain/Clock.js";
import { SiteError } from "../domain/SiteError.js";
import type { Logger } from "../observability/Logger.js";

interface WarningSources {
  readonly siteId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const warnEveryMs = 60_000;

type Warn = (reading: string, error: Error) => void;

/** Warns of what could not be read again behind a stale answer: nobody waits for it, so that no answer tells of it. */
export function warnOfFailuresBehind(sources: WarningSources): Warn {
  return warnSeldom(sources, "what is served could not be read again: it is answered with for as long as it may be");
}

/** Warns of answers with what was read before the site failed, though its time is over. */
export function warnOfOverdueAnswers(sources: WarningSources): Warn {
  return warnSeldom(sources, "the site fails: what was read before is answered with after its time, and says so");
}

/** Once a minute for each kind of reading and of failure, with how many there were: a site that is down fails by the thousand. */
function warnSeldom({ siteId, clock, logger }: WarningSources, message: string): Warn {
  const lastOf = new Map<string, { readonly atMs: number; unsaid: number }>();
  return (reading, error) => {
    const kind = error instanceof SiteError ? error.kind : error.name;
    const key = `${reading} ${kind}`;
    const last = lastOf.get(key);
    if (last !== undefined && clock.now() - last.atMs < warnEveryMs) {
      last.unsaid += 1;
      return;
    }
    lastOf.set(key, { atMs: clock.now(), unsaid: 0 });
    logger.warn({ siteId, reading, kind, before: last?.unsaid ?? 0, error }, message);
  };
}
