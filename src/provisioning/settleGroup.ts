import type { Group } from "../domain/Group.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { group as groupLoader } from "../loaders/group.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { SinglePlan } from "./SingleChange.js";
import type { ChangeResult } from "./settlePlace.js";
import { type SingleSettled, type SingleSettlement, settleSingle } from "./settleSingle.js";

interface GroupSettlement extends SingleSettlement {
  readonly store: SiteStore;
}

/** What a change of a group is planned on. */
interface GroupState {
  readonly group: Group | null;
}

export interface GroupResult extends ChangeResult {
  readonly group: Group | null;
}

/** Makes sure that a group of a name exists. The name is the identity here: asked twice, the second is `ALREADY_EXISTS`. */
export async function settleGroupCreation(name: string, settlement: GroupSettlement): Promise<GroupResult> {
  const { store } = settlement;
  const settled = await settleSingle<GroupState>(
    {
      action: "createGroup",
      subject: { name },
      objection: null,
      read: async () => ({ group: await readByName(store, name) }),
      plan: ({ group }): SinglePlan =>
        group !== null
          ? { kind: "settled", outcome: "ALREADY_EXISTS" }
          : {
              kind: "steps",
              steps: [
                {
                  text: `create group "${name}"`,
                  run: async () => {
                    await store.site.writer.createGroup(name);
                  },
                },
              ],
              outcome: "CREATED",
            },
      describe,
    },
    settlement,
  );
  return resultOf(settled);
}

/** Makes sure that a group does not exist. Its memberships and grants go with it. */
export async function settleGroupDeletion(groupId: GroupId, settlement: GroupSettlement): Promise<GroupResult> {
  const { store } = settlement;
  let members: readonly AccountId[] = [];
  const settled = await settleSingle<GroupState>(
    {
      action: "deleteGroup",
      subject: { groupId },
      objection: null,
      read: async () => {
        const found = (await store.site.groups.byIds([groupId])).get(groupId) ?? null;
        if (found instanceof SiteError) throw found;
        if (found === null) forget(store, groupId, members);
        return { group: found };
      },
      plan: ({ group }) =>
        planDeletion(group, async () => {
          // Whose groups change with it; nothing else of the site is read again.
          members = (await store.read(groupMembers, groupId).catch(() => null))?.items ?? [];
          await store.site.writer.deleteGroup(groupId);
        }),
      describe,
    },
    settlement,
  );
  return resultOf(settled);
}

function planDeletion(group: Group | null, run: () => Promise<void>): SinglePlan {
  if (group === null) return { kind: "settled", outcome: "NOT_PRESENT" };
  if (group.managedBy === "EXTERNAL") {
    const message = `Group "${group.name}" is managed outside Atlassian: delete it there, or it would come back.`;
    return { kind: "refused", fault: { code: "GROUP_MANAGED_EXTERNALLY", field: ["groupId"], message } };
  }
  return { kind: "steps", steps: [{ text: `delete group ${group.groupId}`, run }], outcome: "REMOVED" };
}

async function readByName(store: SiteStore, name: string): Promise<Group | null> {
  store.of(groupList).drop(onlyOne);
  const list = await store.read(groupList, onlyOne);
  const [gap] = list?.gaps ?? [];
  const found = list?.items.find((group) => group.name === name) ?? null;
  if (found === null && gap !== undefined) throw new SiteError(gap.kind, gap.reason, { call: gap.call ?? "" });
  return found;
}

function forget(store: SiteStore, groupId: GroupId, members: readonly AccountId[]): void {
  store.of(groupLoader).drop(groupId);
  store.of(groupMembers).drop(groupId);
  for (const accountId of members) store.of(memberOf).drop(accountId);
  store.of(groupList).revise(onlyOne, (list) => ({
    ...list,
    items: list.items.filter((group) => group.groupId !== groupId),
  }));
}

function describe({ group }: GroupState): string[] {
  return group === null ? [] : [`group ${group.groupId}`];
}

function resultOf({ outcome, fault, plan, before, after }: SingleSettled<GroupState>): GroupResult {
  return { outcome, fault, plan, group: after?.group ?? before?.group ?? null };
}
