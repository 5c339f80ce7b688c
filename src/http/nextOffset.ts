/**
 * The next offset of a list that names none: past what was received, never past what was asked for, since an upstream
 * may answer fewer rows than the limit in the middle of a list. `null` after an empty page, the only sign of the end.
 */
export function nextOffset(start: number, received: number): number | null {
  return received === 0 ? null : start + received;
}
