/** How many keys one read of the port takes at most. An adapter that can ask for fewer at once makes several calls of it. */
export const batchSizes = {
  accounts: 250,
  spaces: 250,
  /** The organization's `users/search`: ids or e-mails in one search, and rows on its pages. */
  organizationUsers: 100,
} as const;

/** For each call that may be in flight one that waits: a lane that becomes free has its next call while the reply is still read. */
const chainsALane = 2;

/** How many chains of calls one read has under way at a site that bears so many calls at once. */
export function chainsOf(concurrency: number): number {
  return concurrency * chainsALane;
}

/** How the organization's calls are dimensioned. Page sizes as its documents allow. Durations in milliseconds. */
export const organizationLimits = {
  /** Rows on a page of the synchronised directory. */
  peopleAPage: 100,
  /** `last-active-dates`: about 200 calls a minute and organization. */
  lastActiveAMinute: 180,
  /** What of it goes to questions about all accounts, which nobody may feel who asks about some. */
  surveyedAMinute: 30,
  /** How long such a call may wait for its turn. */
  lastActiveMaxWaitMs: 20_000,
  /** Calls under way at once. */
  concurrency: 4,
} as const;

/** When a site's credential is proved again. Durations in milliseconds. */
export const readinessLimits = {
  /** How long to wait before a site that was not ready is asked again: at first, and at most, doubling between. */
  firstRetryMs: 2_000,
  maxRetryMs: 60_000,
  /** So long a proof is believed against doubts that have other causes more often than not. */
  freshProofMs: 30_000,
} as const;
