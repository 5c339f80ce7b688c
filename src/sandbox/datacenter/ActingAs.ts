/** Whom the credentials of the Data Center half act as; null for nobody: such a credential is refused. */
export interface ActingAs {
  /** Of the personal access token and of the password. */
  readonly administrator: { readonly username: string; readonly isAdministrator: boolean } | null;
  readonly reader: { readonly username: string } | null;
}
