/** What of a site is left out of every answer by configuration. The site says so in the graph. */
export interface LeftOut {
  /** Space keys; a trailing `*` stands for any rest. */
  readonly spaceKeys: readonly string[];
  readonly hasPersonalSpaces: boolean;
  /** Granular permissions, as `operation/target`. */
  readonly permissions: readonly string[];
}
