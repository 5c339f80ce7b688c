/** What the Data Center half accepts. */
export interface DataCenterCredentials {
  /** Bearer; acts as the same user as the password. */
  readonly personalAccessToken: string;
  /** Basic, with the password. */
  readonly username: string;
  readonly password: string;
  /** Bearer of somebody else, who administers nothing. */
  readonly readerToken: string;
}
