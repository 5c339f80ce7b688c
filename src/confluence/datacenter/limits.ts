/**
 * Page sizes, the length of addresses, and how long and how much is remembered of a site. Durations in milliseconds. Data
 * Center clamps a page that is larger than it allows without a word.
 */
export const dataCenterLimits = {
  /** `GET /rest/api/user/list`, `…/users/list/active`, `…/group/{name}/member`. */
  users: 200,
  /** `GET /rest/api/group`, `…/group/{name}/groupmember`, `…/user/memberof`. */
  groups: 1_000,
  /** `GET /rest/api/space` with `expand`: 500 without. */
  spaces: 200,
  /** Keys in one `GET /rest/api/space?spaceKey=…`, and the length they may come to: a longer address is refused. */
  spaceKeys: 50,
  spaceKeysLength: 4_000,

  /** Spellings of groups: of names in UTF-16, with what an entry costs beside them: some 200,000 groups. */
  groupBytes: 32_000_000,
  bytesPerGroup: 100,
  /** Keys of spaces: of ids and keys in UTF-16, with what an entry costs beside them: some 200,000 spaces. */
  spaceKeyBytes: 64_000_000,
  bytesPerSpaceKey: 250,
  /** A key that is free again can go to another space, so it is believed for as long as other facts of spaces are. */
  spaceKeyBelievedMs: 300_000,
  usernames: 10_000,
  /** A name can be given to somebody else within minutes: it is believed for as long as the changes of one request take. */
  usernameBelievedMs: 5_000,
  /** So long it is believed that calls still run as who they ran as. */
  identityProvenMs: 10_000,
  /** How long it is remembered which version the site is, and which routes it lacks: an upgrade shows after that. */
  featuresRememberedMs: 600_000,
  /** How long a site that does not tell its version is not asked again. */
  versionUntoldMs: 60_000,
} as const;
