/** Where the `Authorization` header comes from. Asked anew for each attempt, so a renewed token is used at once. */
export interface AuthorizationSource {
  /** The header's whole value (`Basic …`, `Bearer …`), or `undefined` to send none. Rejects with a `SiteError`. */
  header(): Promise<string | undefined> | string | undefined;
  /**
   * Asked once a call after the upstream rejected the credential, with the value that was rejected. `true`: there is
   * another one now, and the call is repeated once. A source that another call renewed meanwhile answers `true` at once.
   */
  renew?(rejected: string | undefined): Promise<boolean>;
}
