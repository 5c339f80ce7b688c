/** Every limit of a conversation with an upstream. Durations in milliseconds. */
export interface HttpLimits {
  /** One call from `send` to its answer: credential, attempts and the pauses between them. Waiting for a slot is apart. */
  readonly requestTimeoutMs: number;
  /**
   * How long one call may wait for a slot, all its attempts together. Apart from its own time: a long list enters at once,
   * and its last calls must not run out of time before their turn.
   */
  readonly queueTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** From the request's last byte to the last header. Measured in steps of about half a second. */
  readonly headersTimeoutMs: number;
  /** The longest silence within a body. Measured like `headersTimeoutMs`. */
  readonly bodyTimeoutMs: number;
  /** How long an idle connection is kept, where the upstream does not say. */
  readonly keepAliveMs: number;
  /** Repetitions after the first attempt. Atlassian's advice is at most four. */
  readonly maxRetries: number;
  /** The first backoff is at most this; each next one doubles it. */
  readonly retryBaseMs: number;
  /** The ceiling of a backoff of our own. A `Retry-After` is waited whole, whatever this says. */
  readonly retryCapMs: number;
  readonly maxBodyBytes: number;
  /** Pages and rows one list is read to before a gap is declared. */
  readonly maxPages: number;
  readonly maxRows: number;
  /** Page sizes are halved on repeated 5xx, not below this. */
  readonly minPageSize: number;
}

export const httpLimits: HttpLimits = {
  requestTimeoutMs: 30_000,
  queueTimeoutMs: 120_000,
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 20_000,
  bodyTimeoutMs: 10_000,
  keepAliveMs: 10_000,
  maxRetries: 4,
  retryBaseMs: 250,
  retryCapMs: 4_000,
  maxBodyBytes: 32 * 1024 * 1024,
  maxPages: 2_000,
  maxRows: 250_000,
  minPageSize: 50,
};

/** Whose turn it is, and how many may wait for it. Durations in milliseconds. */
export const admissionLimits = {
  /**
   * The longest that calls pause for one `Retry-After`. Quotas are counted by the hour; an upstream that says more
   * would otherwise shut the site off until a restart.
   */
  maxPauseMs: 3_600_000,
  /** Who is asked to wait so long has used up a quota: bursts are counted by the second, and are over sooner. */
  quotaWaitMs: 10_000,
  /** What calls that nobody waits for may take of what a site allows, of 1, unless said otherwise. */
  backgroundShare: 0.25,
  /** What calls of requests that want nothing read before may take of the concurrency, of 1. */
  freshShare: 0.5,
  /** How often a call that nobody waits for looks whether a site that told no reset has filled up. */
  quotaLookMs: 1_000,
  /** A request that took no more calls than this goes before those that took more. */
  smallRequestCalls: 32,
  /** Calls that may wait for their turn at a site; those that nobody waits for are few, and changes are bounded elsewhere. */
  maxWaiting: 10_000,
  /** What of those one caller may take. */
  callerShare: 0.5,
  /** Who finds no place is told to come back after no less. */
  minComeBackMs: 1_000,
} as const;

/** How the processes that call one site share its budget. Durations in milliseconds. */
export const sharingLimits = {
  /** Who was not heard of for so long has nothing in flight any more. */
  forgottenMs: 3_000,
  /** What it waits for counts for less: slots that are left to one that was stopped stand idle. */
  claimMs: 250,
  /** How often one that has calls in flight is heard of, though nothing happens. */
  heartbeatMs: 1_000,
  /** How soon one that waits asks again: at first, and at the latest where it goes on in vain. */
  firstLookMs: 4,
  lastLookMs: 50,
  /** How long one that comes back keeps to its share while some of those that there were have not come back. */
  settlingMs: 10_000,
  /** How long one goes on by itself after an answer that made no sense. */
  doubtMs: 1_000,
  /** How long the engine keeps what nobody asks for: longer than any pause. */
  keptMs: 7_200_000,
} as const;

/** How much of an upstream's text is read, and how much of it may stand in a message. */
export const textLimits = {
  /** No error body says anything beyond this, and one of many megabytes must not be read closely. In bytes. */
  errorBytes: 64 * 1024,
  /** The beginning of a body, in which words are looked for and from which excerpts are made: no known error says its reason later. */
  readClosely: 16_384,
  excerptLength: 240,
  /** Error bodies are flat; one that is nested deeper says nothing to a person, and may be meant to exhaust the stack. */
  depth: 4,
} as const;

/** Below this share of a quota we are near its end: Atlassian warns below a fifth, and the structured headers carry no warning of their own. */
export const nearLimitShare = 0.2;

/** When access tokens are renewed, and when asking is given up for a while. Durations in milliseconds. */
export const oauthLimits = {
  /** A token this close to its end is renewed while it still serves. */
  renewAheadMs: 60_000,
  /** How long a refusal of the authorization server is answered from memory. */
  refusalMs: 15_000,
  /** After rejections upstream, this many renewals are tried within the window, and no more. */
  renewalsAWindow: 3,
  rejectionWindowMs: 60_000,
} as const;

/** The longest delay `setTimeout` keeps, about 24.8 days. A longer one fires at once. */
export const longestTimerMs = 2_147_483_647;
