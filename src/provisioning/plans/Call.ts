import type { RoleId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import type { Plan } from "../reconcile/Task.js";

/** One write call about a space or a group, as data. */
export type Call =
  | { readonly kind: "addPermission"; readonly operation: Operation }
  | { readonly kind: "removePermission"; readonly permissionId: string; readonly operation: Operation }
  | { readonly kind: "setRole"; readonly roleId: RoleId | null }
  | { readonly kind: "addMember" }
  | { readonly kind: "removeMember" };

const planned = "planned ";

/** Stands for the id of a row that a plan makes, and that Confluence has given none yet. */
export function plannedRow(operation: Operation): string {
  return `${planned}${operationName(operation)}`;
}

/** A plan whose calls are data: what pure planners answer. */
export type CallPlan =
  | Exclude<Plan, { kind: "steps" }>
  | {
      readonly kind: "steps";
      readonly calls: readonly [Call, ...Call[]];
      /** What goes with the calls, unasked, in a person's words. */
      readonly cascades: readonly string[];
      /** What it is when the calls are through. */
      readonly outcome: "CREATED" | "REPLACED" | "REMOVED";
    };

/** A call in a person's words; the same in a dry run and in the audit. */
export function describeCall(call: Call): string {
  switch (call.kind) {
    case "addPermission":
      return `grant ${operationName(call.operation)}`;
    case "removePermission":
      return `revoke ${operationName(call.operation)} (${rowName(call.permissionId)})`;
    case "setRole":
      return call.roleId === null ? "take the role away" : `assign role ${call.roleId}`;
    case "addMember":
      return "add the member";
    case "removeMember":
      return "remove the member";
  }
}

/** A stored row in a person's words. */
export function rowName(permissionId: string): string {
  return permissionId.startsWith(planned) ? "the row granted before" : `row ${permissionId}`;
}

/** A plan of calls as the engine carries it out; each call that was answered for good may be sent again. */
export function stepsOf(plan: CallPlan, send: (call: Call) => Promise<void>): Plan {
  if (plan.kind !== "steps") return plan;
  const [first, ...rest] = plan.calls;
  const step = (call: Call) => ({ text: describeCall(call), mayRepeat: true, run: () => send(call) });
  const cascades = plan.cascades.length === 0 ? {} : { cascades: plan.cascades };
  return { kind: "steps", steps: [step(first), ...rest.map(step)], outcome: plan.outcome, ...cascades };
}
