/** The taxonomy of what can go wrong between us and a site. Each kind maps to one stable GraphQL code. */
export type SiteErrorKind =
  | "CredentialRejected"
  | "ScopeMissing"
  | "AccessRefused"
  | "NotVisible"
  | "Throttled"
  /** Not the site's doing: more calls to it wait for their turn than may. */
  | "Overloaded"
  | "Unreachable"
  | "UpstreamFailed"
  | "ContractDrift"
  | "ReadIncomplete"
  | "Unsupported"
  | "RequestRejected"
  | "Misconfigured"
  /** Nothing went wrong with the site: whoever asks may not read it here. */
  | "NotPermitted";

interface SiteErrorFacts {
  /** The call as a template, without ids and without a query. */
  readonly call: string;
  /** The upstream's HTTP status, `null` where no answer came. */
  readonly status?: number | null;
  /** Milliseconds the upstream asked us to wait, clamped to what a timer can hold. */
  readonly retryAfterMs?: number | null;
  /** True when a write may have been applied although no usable answer came back: settle it by reading, never by repeating. */
  readonly isAnswerLost?: boolean;
  readonly cause?: unknown;
}

/** A failed conversation with a site. The message is safe to show: it never holds a credential or a whole body. */
export class SiteError extends Error {
  override readonly name = "SiteError";
  readonly call: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly isAnswerLost: boolean;

  constructor(
    readonly kind: SiteErrorKind,
    message: string,
    facts: SiteErrorFacts,
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.call = facts.call;
    this.status = facts.status ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.isAnswerLost = facts.isAnswerLost ?? false;
  }
}

/** The answer to a read of something that was listed or is known, and is not shown: nobody knows whether it is gone. */
export function notVisible(what: string, call = ""): SiteError {
  const message = `Not shown: ${what}. It is missing, or hidden from this credential: the site does not tell which.`;
  return new SiteError("NotVisible", message, { call, status: 404 });
}

/** What was read; rejects where it is not shown: what was listed, or is known, is never "nothing" for that. */
export function shown<T>(what: string, value: T | null): T {
  if (value === null) throw notVisible(what);
  return value;
}

/** Whether something failed in one of these ways. */
export function isOfKind(error: unknown, ...kinds: readonly SiteErrorKind[]): error is SiteError {
  return error instanceof SiteError && kinds.includes(error.kind);
}

/** A failure of the site; whatever else was thrown is a bug of ours, and thrown on. */
export function siteErrorOf(error: unknown): SiteError {
  if (error instanceof SiteError) return error;
  throw error;
}

/** The outcome of a read, whose failure is the site's; a bug of ours is thrown. */
export function orSiteError<T>(outcome: T | Error): T | SiteError {
  return outcome instanceof Error ? siteErrorOf(outcome) : outcome;
}

/** The outcome of a read as a value, so that several reads can fail each by itself. */
export async function outcomeOf<T>(reading: T | Promise<T>): Promise<T | Error> {
  try {
    return await reading;
  } catch (error) {
    return errorOf(error);
  }
}

/** The outcome of a read for each of some things: one that is at hand takes no promise of its own, and all that are take none. */
export function outcomesOf<T, R>(
  things: readonly T[],
  read: (thing: T, index: number) => R | Promise<R>,
): (R | Error)[] | Promise<(R | Error)[]> {
  const outcomes: (R | Error)[] = [];
  const waiting: Promise<void>[] = [];
  const put = (index: number) => (outcome: R | Error) => {
    outcomes[index] = outcome;
  };
  for (const [index, thing] of things.entries()) {
    try {
      const reading = read(thing, index);
      if (reading instanceof Promise) waiting.push(outcomeOf(reading).then(put(index)));
      else outcomes[index] = reading;
    } catch (error) {
      outcomes[index] = errorOf(error);
    }
  }
  return waiting.length === 0 ? outcomes : Promise.all(waiting).then(() => outcomes);
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
