/** What of an account is to be changed; `null` is left as it is. One of them is given. */
export interface AccountFacts {
  /** Trimmed, without `<` and `>`. */
  readonly displayName: string | null;
  readonly email: string | null;
}
