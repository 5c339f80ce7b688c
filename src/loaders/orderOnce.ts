/**
 * Items in order, each once. A list that changes while its pages are read can show one item on two of them, and a cursor
 * that names a place in the order needs every place to be one item's alone.
 */
export function orderOnce<T>(items: readonly T[], compare: (left: T, right: T) => number): T[] {
  const ordered = [...items].sort(compare);
  return ordered.filter((item, index) => {
    const before = ordered[index - 1];
    return index === 0 || before === undefined || compare(before, item) !== 0;
  });
}
