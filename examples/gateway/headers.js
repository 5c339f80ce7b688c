// @ts-check
/**
 * What of a client's request goes on to each subgraph: who asks, which trace it belongs to, which client it is, on whose behalf and
 * why, and whether an answer from memory will do. Gateways pass on nothing of this unless they are told to.
 */
export const passedOn = [
  "authorization",
  "traceparent",
  "tracestate",
  "apollographql-client-name",
  "apollographql-client-version",
  "x-request-id",
  "x-requested-by",
  "cache-control",
  "x-access-graph-position",
];

/**
 * Those that the request has.
 *
 * @param {(name: string) => string | null | undefined} read
 * @returns {Record<string, string>}
 */
export function headersToPassOn(read) {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = read(name);
      return value == null ? [] : [[name, value]];
    }),
  );
}

/** How long a subgraph is waited for. Longer than its own limit, so that its answer comes and not only ours. */
export const subgraphTimeoutMs = 305_000;
