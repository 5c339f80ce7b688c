import { SiteError } from "../domain/SiteError.js";
import type { Change } from "./Change.js";
import { faultFromError } from "./faultFromError.js";
import { type CallPlan, describeCall } from "./plans/Call.js";
import { planMembership } from "./plans/planMembership.js";
import { planPermissions } from "./plans/planPermissions.js";
import { planRole } from "./plans/planRole.js";
import { type ChangeResult, PlaceUnknown } from "./reconcile/Task.js";
import { settleNames } from "./settleNames.js";
import type { FreshFacts } from "./targets/FreshFacts.js";
import { groupPlace } from "./targets/group.js";
import { spacePlace } from "./targets/space.js";

/** Plans a change for an account that does not exist yet: a dry run shows what the real run does once it has made it. */
export async function planForNewcomer(facts: FreshFacts, change: Change): Promise<ChangeResult> {
  const failed = (fault: NonNullable<ChangeResult["fault"]>): ChangeResult => ({
    ...{ outcome: "FAILED", fault, plan: [], changeId: null },
  });
  try {
    const plan = await planOn(facts, settleNames(facts.store.site.names, change));
    if (plan.kind === "refused") return failed(plan.fault);
    const calls = plan.kind === "steps" ? plan.calls.map(describeCall) : [];
    return { outcome: "PLANNED", fault: null, plan: calls, changeId: null };
  } catch (error) {
    if (error instanceof PlaceUnknown) return failed(error.fault);
    if (!(error instanceof SiteError)) throw error;
    return failed({ ...faultFromError(error), code: "STATE_UNKNOWN" });
  }
}

async function planOn(facts: FreshFacts, change: Change): Promise<CallPlan> {
  if ("groupId" in change) {
    const { group } = await groupPlace(facts, change.groupId).read();
    return planMembership(change.kind, { group, isMember: false });
  }
  const state = await spacePlace(facts, change.spaceId).read();
  return "roleId" in change ? planRole(change, state) : planPermissions(change, state);
}
