/**
 * Whether a version (`9.2.0`, `10.2.0-m03`) comes before another. False where it cannot be read: what is not known to be
 * missing is asked for.
 */
export function isVersionBefore(version: string, since: string): boolean {
  const [mine, wanted] = [numbersOf(version), numbersOf(since)];
  if (mine.length === 0) return false;
  for (const [place, number] of wanted.entries()) {
    const difference = (mine[place] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function numbersOf(version: string): number[] {
  const [numbers = ""] = /^\d+(\.\d+)*/.exec(version.trim()) ?? [];
  return numbers === "" ? [] : numbers.split(".").map(Number);
}
