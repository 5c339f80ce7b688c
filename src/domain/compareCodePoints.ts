/** Orders strings by UTF-16 code unit: the same everywhere, whatever the locale. Lists and cursors rest on it. */
export function compareCodePoints(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
