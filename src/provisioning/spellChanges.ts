import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { group } from "../loaders/group.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { Change } from "./Change.js";

/**
 * Changes with their groups as the site spells them, in the order given: the names that are ids on Data Center compare whatever
 * their case, and whatever is locked, forgotten or read back has to be one thing. A group that is not there, or cannot be read,
 * keeps its spelling, and so does every group on Cloud, without a call.
 */
export async function spellChanges(store: SiteStore, changes: readonly Change[]): Promise<readonly Change[]> {
  if (store.site.deployment === "cloud") return changes;
  const asked = [...new Set(changes.flatMap((change) => groupOf(change) ?? []))];
  const outcomes = await store.of(group).readMany(asked, 0);
  const spellings = new Map<GroupId, GroupId>();
  asked.forEach((groupId, index) => {
    const outcome = outcomes[index] ?? null;
    if (outcome instanceof Error && !(outcome instanceof SiteError)) throw outcome;
    if (outcome === null || outcome instanceof Error || outcome.groupId === groupId) return;
    spellings.set(groupId, outcome.groupId);
  });
  return changes.map((change) => spelled(change, spellings));
}

function groupOf(change: Change): GroupId | null {
  if ("groupId" in change) return change.groupId;
  return change.principal.kind === "group" ? change.principal.groupId : null;
}

function spelled(change: Change, spellings: ReadonlyMap<GroupId, GroupId>): Change {
  const asked = groupOf(change);
  const groupId = asked === null ? undefined : spellings.get(asked);
  if (groupId === undefined) return change;
  return "groupId" in change ? { ...change, groupId } : { ...change, principal: { kind: "group", groupId } };
}
