/** How the organization's calls are dimensioned. Page sizes as its documents allow. */
export const organizationLimits = {
  /** Rows on a page of the synchronised directory. */
  peopleAPage: 100,
  /** `last-active-dates`: about 200 calls a minute and organization. */
  lastActiveAMinute: 180,
  /** Calls under way at once. */
  concurrency: 4,
} as const;
