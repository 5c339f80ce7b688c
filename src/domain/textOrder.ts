/**
 * Orders strings by Unicode code point: the same everywhere, whatever the locale. Lists and cursors rest on it. JavaScript's own
 * `<` compares UTF-16 units, and puts what lies beyond U+FFFF before U+E000.
 */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index += 1) {
    const ofLeft = left.charCodeAt(index);
    const ofRight = right.charCodeAt(index);
    if (ofLeft !== ofRight) return rankOf(ofLeft) < rankOf(ofRight) ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

/** A unit's place among the code points that begin with it: surrogates stand for what lies behind all other units. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}

/**
 * Items in order, each once. A list that changes while its pages are read can show one item on two of them, and a cursor
 * that names a place in the order needs every place to be one item's alone.
 */
export function sortedDistinct<T>(items: readonly T[], compare: (left: T, right: T) => number): readonly T[] {
  if (isInOrder(items, compare)) return items;
  const ordered = [...items].sort(compare);
  return ordered.filter((item, index) => {
    const before = ordered[index - 1];
    return index === 0 || before === undefined || compare(before, item) !== 0;
  });
}

/** Whether each comes behind the one before it: most lists come so, and need no copy. */
function isInOrder<T>(items: readonly T[], compare: (left: T, right: T) => number): boolean {
  for (let index = 1; index < items.length; index += 1)
    if (compare(items[index - 1] as T, items[index] as T) >= 0) return false;
  return true;
}
