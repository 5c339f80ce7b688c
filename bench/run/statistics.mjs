/** The middle of some measurements, and how far the others lie from it. */
export function summarize(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((left, right) => left - right);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median: round(median), least: round(sorted[0]), most: round(sorted.at(-1)), rounds: sorted.length };
}

/** Three digits that count. */
export function round(value) {
  if (value === null || value === 0 || !Number.isFinite(value)) return value;
  const scale = 10 ** (2 - Math.floor(Math.log10(Math.abs(value))));
  return scale >= 1 ? Math.round(value * scale) / scale : Math.round(value);
}
