/** Splits a total over groups, a few large and many small, none larger than there are people. */
export function shareOut(total: number, count: number, most: number): number[] {
  const weights = Array.from({ length: count }, (_, at) => 1 / Math.sqrt(at + 1));
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0);
  let left = Math.max(0, total);
  return weights.map((weight) => {
    const size = Math.min(most, Math.round((left * weight) / weightLeft));
    weightLeft -= weight;
    left -= size;
    return size;
  });
}
