/** What a route answers. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON; left out for an empty body. A string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
