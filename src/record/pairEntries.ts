import type { RecordEntry, RecordedChange } from "./ChangeRecord.js";

/** Entries as changes, in the order in which each change first stands among them. */
export function pairEntries(entries: readonly RecordEntry[]): RecordedChange[] {
  const changes = new Map<string, RecordedChange>();
  for (const entry of entries) {
    const { changeId } = entry;
    const known = changes.get(changeId) ?? { changeId, attempt: null, result: null };
    // The first attempt tells what was there before any call: one that was taken up after a restart begins where that ended.
    const isLater = entry.phase === "attempt" && known.attempt !== null;
    changes.set(changeId, isLater ? known : { ...known, [entry.phase]: entry });
  }
  return [...changes.values()];
}
