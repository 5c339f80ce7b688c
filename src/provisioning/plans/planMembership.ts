import type { Group } from "../../domain/Group.js";
import { refuse } from "../reconcile/Plan.js";
import type { CallPlan } from "./Call.js";

/** What a membership change is planned on, freshly read. */
export interface MembershipState {
  readonly group: Group;
  readonly isMember: boolean;
}

/** Plans a membership. Groups that an identity provider writes are refused: it would write the old state again. */
export function planMembership(
  kind: "grantMembership" | "revokeMembership",
  { group, isMember }: MembershipState,
): CallPlan {
  const isGrant = kind === "grantMembership";
  if (isMember === isGrant) return { kind: "settled", outcome: isGrant ? "ALREADY_EXISTS" : "NOT_PRESENT" };
  if (group.managedBy === "EXTERNAL") {
    return refuse(
      "GROUP_MANAGED_EXTERNALLY",
      ["group"],
      `Group "${group.name}" is managed outside Atlassian: change its members there, or the change would be undone.`,
    );
  }
  return isGrant
    ? { kind: "steps", calls: [{ kind: "addMember" }], cascades: [], outcome: "CREATED" }
    : { kind: "steps", calls: [{ kind: "removeMember" }], cascades: [], outcome: "REMOVED" };
}
