/**
 * Something that is to go wrong, as `POST /__sandbox/faults` takes it.
 *
 * `match` is `METHOD /path` or `METHOD /path?name=value&…`:
 * - METHOD is a method, or `*` for any;
 * - the path must match whole: `GET /wiki/api/v2/spaces` matches `/wiki/api/v2/spaces?limit=250`, but not
 *   `/wiki/api/v2/spaces/1/permissions`. `*` stands for any characters within a segment, `**` for any across segments;
 * - without a `?` the query does not matter; with one, each parameter named must be among the request's, with that value
 *   (`*` is a wildcard here too), and others may be there as well;
 * - the path may leave out the gateway's prefix `/ex/confluence/{cloudId}` and the context path of Data Center: a fault that
 *   does acts with and without them. One that has them acts only on requests that do.
 *
 * Of several faults that match, the one posted first acts.
 *
 * With `status`, `body` or `reset` the request is not carried out and gets the fault's answer; `after: true` carries it out
 * first and then loses its answer, which is how a write succeeds unseen. A fault with none of the three lets the request
 * through and only delays it or adds headers.
 */
export interface Fault {
  readonly match: string;
  /** How often it acts; -1 for good. */
  readonly times: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. Without one, a status is sent with the API's own kind of error. */
  readonly body?: unknown;
  /** Waits so long before the answer. */
  readonly delayMs?: number;
  /** Cuts the connection instead of answering. */
  readonly reset?: boolean;
  readonly after?: boolean;
  /** Chance that it acts on a request it matches, 0 to 1; the same sequence for every run. */
  readonly probability?: number;
}
