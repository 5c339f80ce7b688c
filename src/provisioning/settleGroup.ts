import type { ChangeFault } from "../domain/ChangeFault.js";
import type { Group } from "../domain/Group.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { group as groupLoader } from "../loaders/group.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AuditEntry, AuditLog, Provenance } from "./AuditLog.js";
import { answerLost } from "./answerLost.js";
import { faultFromError } from "./faultFromError.js";
import { isLost } from "./isLost.js";
import type { ChangeResult } from "./settlePlace.js";

interface GroupSettlement {
  readonly store: SiteStore;
  readonly audit: AuditLog;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
}

export interface GroupResult extends ChangeResult {
  readonly group: Group | null;
}

/** Makes sure that a group of a name exists. The name is the identity here: asked twice, the second is `ALREADY_EXISTS`. */
export async function settleGroupCreation(name: string, settlement: GroupSettlement): Promise<GroupResult> {
  const { store } = settlement;
  const find = async () => {
    store.of(groupList).drop(onlyOne);
    const list = await store.read(groupList, onlyOne);
    const [gap] = list?.gaps ?? [];
    const found = list?.items.find((group) => group.name === name) ?? null;
    if (found === null && gap !== undefined) throw new SiteError(gap.kind, gap.reason, { call: gap.call ?? "" });
    return found;
  };
  return settle(settlement, {
    action: "createGroup",
    subject: { name },
    plan: `create group "${name}"`,
    read: find,
    isSettled: (group) => group !== null,
    settled: "ALREADY_EXISTS",
    refusal: () => null,
    write: async () => {
      await store.site.writer.createGroup(name);
    },
    done: "CREATED",
  });
}

/** Makes sure that a group does not exist. Its memberships and grants go with it. */
export async function settleGroupDeletion(groupId: GroupId, settlement: GroupSettlement): Promise<GroupResult> {
  const { store } = settlement;
  let members: readonly AccountId[] = [];
  function forget(): void {
    store.of(groupLoader).drop(groupId);
    store.of(groupMembers).drop(groupId);
    for (const accountId of members) store.of(memberOf).drop(accountId);
    store.of(groupList).revise(onlyOne, (list) => ({
      ...list,
      items: list.items.filter((group) => group.groupId !== groupId),
    }));
  }
  return settle(settlement, {
    action: "deleteGroup",
    subject: { groupId },
    plan: `delete group ${groupId}`,
    read: async () => {
      const found = (await store.site.groups.byIds([groupId])).get(groupId) ?? null;
      if (found instanceof SiteError) throw found;
      if (found === null) forget();
      return found;
    },
    isSettled: (group) => group === null,
    settled: "NOT_PRESENT",
    refusal: (group) =>
      group?.managedBy === "EXTERNAL"
        ? {
            code: "GROUP_MANAGED_EXTERNALLY",
            field: ["groupId"],
            message: `Group "${group.name}" is managed outside Atlassian: delete it there, or it would come back.`,
          }
        : null,
    write: async () => {
      // Whose groups change with it; nothing else of the site is read again.
      members = (await store.read(groupMembers, groupId).catch(() => null))?.items ?? [];
      await store.site.writer.deleteGroup(groupId);
    },
    done: "REMOVED",
  });
}

interface GroupChange {
  readonly action: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly plan: string;
  read(): Promise<Group | null>;
  isSettled(group: Group | null): boolean;
  readonly settled: "ALREADY_EXISTS" | "NOT_PRESENT";
  refusal(group: Group | null): ChangeFault | null;
  write(): Promise<void>;
  readonly done: "CREATED" | "REMOVED";
}

/** Read, plan, record, write once, read back, answer from what was read. */
async function settle(settlement: GroupSettlement, change: GroupChange): Promise<GroupResult> {
  const { isDryRun } = settlement;
  const plan = [change.plan];
  let before: Group | null;
  let after: Group | null;
  try {
    before = await change.read();
    after = before;
  } catch (error) {
    return { outcome: "FAILED", fault: unknown(error), plan: [], group: null };
  }
  if (change.isSettled(before)) return finish({ outcome: change.settled, fault: null, plan: [], group: before }, null);
  const refusal = change.refusal(before);
  if (refusal !== null) return finish({ outcome: "FAILED", fault: refusal, plan: [], group: before }, null);
  if (isDryRun) return { outcome: "PLANNED", fault: null, plan, group: before };
  try {
    await record("attempt", null, null);
  } catch {
    return { outcome: "FAILED", fault: auditUnavailable, plan, group: before };
  }
  let failure: SiteError | null = null;
  try {
    await change.write();
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    failure = error;
  }
  try {
    after = await change.read();
    const isDone = change.isSettled(after);
    const fault = isDone ? null : failure === null ? notSeen : isLost(failure) ? answerLost : faultFromError(failure);
    // Refused for certain, and yet it is so: somebody else was faster.
    const done = failure !== null && !failure.isAnswerLost ? change.settled : change.done;
    return await finish({ outcome: isDone ? done : "FAILED", fault, plan, group: after ?? before }, failure);
  } catch (error) {
    return finish({ outcome: "FAILED", fault: unknown(error), plan, group: before }, failure);
  }

  async function finish(result: GroupResult, error: SiteError | null): Promise<GroupResult> {
    if (isDryRun) return result;
    try {
      await record("result", result, error);
      return result;
    } catch {
      return { ...result, fault: result.fault ?? auditUnavailable };
    }
  }

  function record(phase: AuditEntry["phase"], result: GroupResult | null, error: SiteError | null): Promise<void> {
    const { store, audit, provenance } = settlement;
    return audit.record(
      {
        phase,
        siteId: store.site.siteId,
        action: change.action,
        subject: change.subject,
        plan: result?.plan ?? plan,
        before: namesOf(before),
        after: result === null || result.fault?.code === "STATE_UNKNOWN" ? null : namesOf(after),
        outcome: result?.outcome ?? null,
        fault: result === null || result.fault === null ? null : `${result.fault.code}: ${result.fault.message}`,
        upstreamStatus: error?.status ?? null,
      },
      provenance,
    );
  }
}

function namesOf(group: Group | null): string[] {
  return group === null ? [] : [`group ${group.groupId}`];
}

const auditUnavailable: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message: "The audit log cannot be written. Check AUDIT_LOG.",
};

const notSeen: ChangeFault = {
  code: "STATE_UNKNOWN",
  field: [],
  message: "Confluence accepted the change, but reading back does not show it yet. Ask again before you repeat it.",
};

function unknown(error: unknown): ChangeFault {
  if (!(error instanceof SiteError)) throw error;
  return { ...faultFromError(error), code: "STATE_UNKNOWN" };
}
