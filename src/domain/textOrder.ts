/**
 * Orders strings by Unicode code point: the same everywhere, whatever the locale. Lists and cursors rest on it. JavaScript's own
 * `<` compares UTF-16 units, and puts what lies beyond U+FFFF before U+E000.
 */
export function compareCodePoints(left: string, right: string): number {
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
