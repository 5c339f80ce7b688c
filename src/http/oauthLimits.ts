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
