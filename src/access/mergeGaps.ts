import type { Gap } from "../domain/Gap.js";

/** Several lists of gaps as one, each gap once. */
export function mergeGaps(...lists: readonly (readonly Gap[])[]): readonly Gap[] {
  const filled = lists.filter((list) => list.length > 0);
  const [only] = filled;
  if (only === undefined) return [];
  if (filled.length === 1 && only.length === 1) return only;
  const merged = new Map<string, Gap>();
  for (const gap of filled.flat()) {
    const key = JSON.stringify([gap.missing, gap.kind, gap.reason, gap.call]);
    if (!merged.has(key)) merged.set(key, gap);
  }
  return [...merged.values()];
}
