/** A server that listens. */
export interface RunningServer {
  /** Without a trailing slash, with the port that was really taken: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly graphiqlUrl: string;
  /**
   * Not ready from this moment, no new connections; resolves when the requests in flight are answered, or cut off after
   * the grace period. Calling it again waits for the same end.
   */
  close(): Promise<void>;
  /** As `close`, without waiting for requests in flight. Also cuts a running `close` short. */
  closeNow(): Promise<void>;
}
