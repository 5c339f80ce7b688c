/** What goes wrong upstream: so many calls in a hundred, in all the ways that a busy site has. */
export function faultsOf(percent: number): readonly Readonly<Record<string, unknown>>[] {
  const kinds: readonly (readonly [share: number, fault: Readonly<Record<string, unknown>>])[] = [
    [0.25, { status: 503 }],
    [0.2, { status: 500 }],
    [0.2, { reset: true }],
    // Carried out, and its answer lost.
    [0.1, { reset: true, after: true }],
    [0.1, { status: 429, headers: { "retry-after": "1" } }],
    [0.05, { status: 502, body: "<html>bad gateway</html>" }],
    [0.05, { status: 200, body: '{"results":[{' }],
    [0.05, { delayMs: 2_000 }],
  ];
  return percent === 0
    ? []
    : kinds.map(([share, fault]) => ({ match: "* /**", times: -1, probability: (percent / 100) * share, ...fault }));
}
