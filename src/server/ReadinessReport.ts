/** Whether requests can be answered, and which site stands in the way. Reasons are shown to anyone: no secrets. */
export interface ReadinessReport {
  readonly isReady: boolean;
  readonly sites: readonly SiteReadiness[];
}

export interface SiteReadiness {
  readonly siteId: string;
  readonly name: string;
  readonly isReady: boolean;
  /** What is wrong and what to do; `null` when nothing is. */
  readonly reason: string | null;
}
