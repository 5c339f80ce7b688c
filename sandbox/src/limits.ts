/**
 * Every size, page and lifetime of the sandbox. Those of Confluence are what the real API does on 2026-11-20; those of the
 * sandbox itself keep one process within bounds.
 */
export const limits = {
  /** v2 lists: `limit` when none is given, and the largest that is not a 400. */
  v2DefaultLimit: 25,
  v2MaxLimit: 250,
  /** `GET /wiki/api/v2/spaces?ids=|keys=`: most entries of the comma list. */
  spaceIdsPerCall: 250,
  /** `include-permissions` and its sisters on `GET /wiki/api/v2/spaces/{id}`. */
  includedRows: 50,
  /** `POST /wiki/api/v2/users-bulk`. */
  usersBulkIds: 250,
  /** `POST /wiki/api/v2/user/access/…`. */
  emailsPerCall: 100,
  /** v1 lists: `limit` when none is given, and the largest page. The member list and the picker refuse more, the others clamp. */
  v1DefaultLimit: 200,
  v1MaxLimit: 200,
  userSearchDefaultLimit: 25,
  /** User search answers nothing beyond this many results. */
  userSearchResults: 10_000,
  /** `GET /wiki/rest/api/user/bulk`: the rest is dropped without a word. */
  v1BulkIds: 100,
  /** Longest name of a group or a role, in characters. */
  nameLength: 255,
  /** A larger request body is a 413. */
  bodyBytes: 5 * 1024 * 1024,
  /** Accepted invitations become accounts, and accepted role changes become true, this much later. */
  asynchronousWorkMs: 500,
  /** Search (people and the group picker) knows a write only this much later. */
  searchLagMs: 2_000,
  /** What the burst headers say while no rate is set. */
  nominalRatePerSecond: 10_000,
  /** Below this share of the quota `X-RateLimit-NearLimit` is true. */
  nearLimitShare: 0.2,
  /** Access tokens live so long unless told otherwise. */
  tokenLifetimeSeconds: 3_600,
  /** Organization lists: rows when no `limit` is given, and the largest that is not a 400. */
  organizationDefaultLimit: 50,
  organizationMaxLimit: 100,
  /** Most entries of one filter of an organization search. Documented nowhere; the page size is the safest guess. */
  organizationFilterValues: 100,
  /** Last-active dates, one call an account: calls a minute and organization. */
  lastActivePerMinute: 200,
  /** SCIM lists answer no larger page, whatever `count` asks for. */
  scimMaxCount: 100,
  /** Data Center lists: the largest page of each; a larger `limit` is clamped without a word. */
  dataCenterMaxUsers: 200,
  dataCenterMaxGroups: 1_000,
  dataCenterMaxSpaces: 500,
  /** The same with expansions, and with the description or the homepage among them. */
  dataCenterMaxExpandedSpaces: 200,
  dataCenterMaxDescribedSpaces: 100,
  /** Data Center lists: `limit` when none is given. */
  dataCenterDefaultLimit: 200,
  /** The same of the lists of everybody. */
  dataCenterDefaultUsers: 100,
  dataCenterDefaultSpaces: 25,
  /** What the rate headers of Data Center say while no rate is set. */
  nominalTokens: 10_000,
  /** Journal entries kept; the oldest go first. */
  journalEntries: 200_000,
  /** Characters of a body that the journal keeps. */
  journalBody: 1_000,
} as const;
