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

/** What a sandbox accepts unless told otherwise. They open nothing but sandboxes, so they may stand in documents. */
export const defaultDataCenterCredentials: DataCenterCredentials = {
  personalAccessToken: "sandbox-personal-access-token",
  username: "admin",
  password: "sandbox-password",
  readerToken: "sandbox-reader-token",
};
