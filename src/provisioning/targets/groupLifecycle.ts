import { errorFromGap } from "../../domain/Complete.js";
import type { GroupId } from "../../domain/ids.js";
import type { Group } from "../../domain/Principal.js";
import { notVisible, SiteError } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { groupList } from "../../loaders/groups.js";
import { noLoss } from "../guards/AdministratorSearch.js";
import { refuseEmptyingGroup } from "../guards/groupLoss.js";
import { refuseUnmandatedGroup } from "../guards/mandate.js";
import { type OwnAccount, refuseOwnGroup } from "../guards/ownAccess.js";
import { nothingPlanned } from "../guards/PlannedSoFar.js";
import { reaching, reachOfGroupDeletion } from "../guards/reach.js";
import type { Reconciled } from "../reconcile/reconcile.js";
import { reconcileStandalone, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { ChangeResult, Plan } from "../reconcile/Task.js";
import { readHeldByGroup } from "../undo/readHeld.js";
import { FreshFacts } from "./FreshFacts.js";

interface GroupOptions extends StandaloneOptions {
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
export async function createGroup(name: string, options: GroupOptions): Promise<GroupResult> {
  const { store } = options;
  const reconciled = await reconcileStandalone<GroupState>(
    {
      action: "createGroup",
      subject: { name },
      objection: null,
      read: async () => {
        return { group: await readByName(store, name) };
      },
      plan: ({ group }) => planCreation(group, name, store),
      describe,
    },
    options,
  );
  return resultOf(reconciled);
}

/** Makes sure that a group does not exist. Its memberships go with it; whether its grants do is told by reading them. */
export async function deleteGroup(
  groupId: GroupId,
  options: GroupOptions & { readonly own: OwnAccount },
): Promise<GroupResult> {
  const { store } = options;
  let wasSeen = false;
  const reconciled = await reconcileStandalone<GroupState>(
    {
      action: "deleteGroup",
      subject: { groupId },
      objection: null,
      read: async () => {
        const found = (await store.site.groups.byIds([groupId])).get(groupId) ?? null;
        if (found instanceof SiteError) throw found;
        wasSeen ||= found !== null;
        // Missing or hidden: of a group that was not seen before, the list is asked as well.
        if (found === null && !wasSeen) await requireUnlisted(store, groupId);
        if (found === null) store.changed({ kind: "groupDeleted", groupId });
        return { group: found };
      },
      plan: async ({ group }) => {
        const plan = planDeletion(group, store);
        if (plan.kind !== "steps") return plan;
        const loaders = new SiteLoaders(store, store.clock.now());
        const isAcknowledged = options.provenance.acknowledged?.includes("acknowledgeAdministration") === true;
        const circumstances = { loss: { ...noLoss, groups: new Set([groupId]) }, planned: nothingPlanned };
        const refusal =
          (await refuseUnmandatedGroup(new FreshFacts(store), groupId, options.provenance.mandate)) ??
          (await refuseOwnGroup(loaders, options.own, groupId)) ??
          (isAcknowledged ? null : await refuseEmptyingGroup(store, { groupId, circumstances, field: "group" }));
        if (refusal !== null) return refusal;
        return reaching(plan, reachOfGroupDeletion(store.site, groupId), options.provenance.acknowledged);
      },
      takesAdministration: ({ group }) => group !== null,
      describe,
      undoFacts: async ({ group }) => ({ name: group?.name ?? null, ...(await readHeldByGroup(store, groupId)) }),
    },
    options,
  );
  return resultOf(reconciled);
}

function planCreation(group: Group | null, name: string, { site }: SiteStore): Plan {
  if (group !== null) return { kind: "noop", outcome: "ALREADY_EXISTS" };
  const objection = site.writer.objectionToGroup(name);
  if (objection !== null) return unsupported("name", objection);
  const run = async () => {
    await site.writer.createGroup(name);
  };
  return { kind: "steps", steps: [{ text: `create group "${name}"`, run }], outcome: "CREATED" };
}

function planDeletion(group: Group | null, { site }: SiteStore): Plan {
  if (group === null) return { kind: "noop", outcome: "NOT_PRESENT" };
  if (group.managedBy === "EXTERNAL") {
    const message = `Group "${group.name}" is managed outside Atlassian: delete it there, or it would come back.`;
    return { kind: "refused", fault: { code: "GROUP_MANAGED_EXTERNALLY", field: ["group"], message } };
  }
  const objection = site.writer.objectionToGroup(group.name);
  if (objection !== null) return unsupported("group", objection);
  const { groupId } = group;
  const step = { text: `delete group ${groupId}`, run: () => site.writer.deleteGroup(groupId) };
  return { kind: "steps", steps: [step], outcome: "REMOVED" };
}

function unsupported(field: string, message: string): Plan {
  return { kind: "refused", fault: { code: "UNSUPPORTED", field: [field], message } };
}

/** By the name as the site compares names. */
async function readByName(store: SiteStore, name: string): Promise<Group | null> {
  const { groupName } = store.site.names;
  return findListed(store, (group) => groupName(group.name) === groupName(name));
}

/** Rejects where the list has a group that is not shown by its id: then nobody knows. */
async function requireUnlisted(store: SiteStore, groupId: GroupId): Promise<void> {
  const listed = await findListed(store, (group) => group.groupId === groupId);
  if (listed !== null) throw notVisible(`group ${groupId}, which the list of groups has,`);
}

/** A group of the list as it is now. Rejects when the list has gaps and does not hold it: then nobody knows. */
async function findListed(store: SiteStore, isWanted: (group: Group) => boolean): Promise<Group | null> {
  store.of(groupList).drop(onlyOne);
  const list = await store.read(groupList, onlyOne);
  const [gap] = list?.gaps ?? [];
  const found = list?.items.find(isWanted) ?? null;
  if (found === null && gap !== undefined) throw errorFromGap(gap);
  return found;
}

function describe({ group }: GroupState): string[] {
  return group === null ? [] : [`group ${group.groupId}`];
}

function resultOf({ before, after, ...result }: Reconciled<GroupState>): GroupResult {
  return { ...result, group: after?.group ?? before?.group ?? null };
}
