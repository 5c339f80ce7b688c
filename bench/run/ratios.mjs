/** Every ratio of a run by its name: what a check compares, since milliseconds are the machine's and ratios are ours. */
export function ratiosOf({ cached = [], reading }) {
  const ratios = {};
  for (const { question, servers } of cached)
    for (const [name, { ratio }] of Object.entries(servers))
      if (name.startsWith("ours") && ratio !== null) ratios[`${question}, ${name} to bare graphql-js`] = ratio.median;
  if (reading === undefined) return ratios;
  for (const [name, { timesFasterThan }] of Object.entries(reading.joins))
    for (const [peer, faster] of Object.entries(timesFasterThan))
      ratios[`${name}, times faster than ${peer}`] = faster.median;
  for (const [lanes, { timesFasterThanSequential }] of Object.entries(reading.wholeGraph.lanes))
    ratios[`whole graph on ${lanes} lanes, times faster than sequential`] = timesFasterThanSequential.median;
  return ratios;
}

const fallAllowed = 0.25;
const hourMs = 3_600_000;

/** Why a run cannot be compared with an earlier one; `null` where it can. */
export function whyNotComparable(before, machine, nowMs) {
  if (before === null) return "there are no results yet";
  if (before.machine.host !== machine.host) return "the results are of another machine";
  if (nowMs - Date.parse(before.measuredAt) > hourMs)
    return `the results are of ${before.measuredAt}, more than an hour ago`;
  return null;
}

/** The ratios that fell by more than a quarter. */
export function fallen(before, now) {
  return Object.entries(ratiosOf(before)).flatMap(([name, was]) => {
    const is = ratiosOf(now)[name];
    return is !== undefined && is < was * (1 - fallAllowed) ? [{ name, was, is }] : [];
  });
}

/** The counts of calls that are not what is promised. */
export function wrongCounts({ reading }) {
  if (reading === undefined) return [];
  const counts = [
    ...Object.values(reading.joins).flatMap(({ title, calls, expectedCalls }) => [
      [title, calls.ours, expectedCalls],
      [`${title}, again`, calls.warm, 0],
    ]),
    ...Object.entries(reading.wholeGraph.lanes).flatMap(([lanes, { calls }]) => [
      [`whole graph on ${lanes} lanes`, calls.cold, reading.wholeGraph.expectedCalls.total],
      [`whole graph on ${lanes} lanes, again`, calls.warm, 0],
    ]),
  ];
  return counts.flatMap(([name, is, expected]) =>
    is === expected ? [] : [`${name}: ${is} calls instead of ${expected}`],
  );
}
