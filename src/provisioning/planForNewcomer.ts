import { SiteError } from "../domain/SiteError.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { Change } from "./Change.js";
import { describeStep } from "./describeStep.js";
import { faultFromError } from "./faultFromError.js";
import { GroupPlace } from "./GroupPlace.js";
import { PlaceUnknown } from "./PlaceUnknown.js";
import type { Plan } from "./Plan.js";
import { planMembership } from "./planMembership.js";
import { planPermissions } from "./planPermissions.js";
import { planRole } from "./planRole.js";
import { SpacePlace } from "./SpacePlace.js";
import { settleNames } from "./settleNames.js";
import type { ChangeResult } from "./settlePlace.js";

/** Plans a change for an account that does not exist yet: a dry run shows what the real run does once it has made it. */
export async function planForNewcomer(store: SiteStore, change: Change): Promise<ChangeResult> {
  try {
    const plan = await planOn(store, settleNames(store.site.names, change));
    if (plan.kind === "refused") return { outcome: "FAILED", fault: plan.fault, plan: [] };
    const steps = plan.kind === "steps" ? plan.steps.map(describeStep) : [];
    return { outcome: "PLANNED", fault: null, plan: steps };
  } catch (error) {
    if (error instanceof PlaceUnknown) return { outcome: "FAILED", fault: error.fault, plan: [] };
    if (!(error instanceof SiteError)) throw error;
    return { outcome: "FAILED", fault: { ...faultFromError(error), code: "STATE_UNKNOWN" }, plan: [] };
  }
}

async function planOn(store: SiteStore, change: Change): Promise<Plan> {
  if ("groupId" in change) {
    const { group } = await new GroupPlace(store, change.groupId).readState();
    return planMembership(change.kind, { group, isMember: false });
  }
  const state = await new SpacePlace(store, change.spaceId).readState();
  return "roleId" in change ? planRole(change, state) : planPermissions(change, state);
}
