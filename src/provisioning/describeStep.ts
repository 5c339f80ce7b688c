import type { Step } from "./Step.js";

/** A step in a person's words; the same in a dry run and in the audit. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case "addPermission":
      return `grant ${step.operation.key}/${step.operation.target}`;
    case "removePermission":
      return `revoke ${step.operation.key}/${step.operation.target} (row ${step.permissionId})`;
    case "setRole":
      return step.roleId === null ? "take the role away" : `assign role ${step.roleId}`;
    case "addMember":
      return "add the member";
    case "removeMember":
      return "remove the member";
  }
}
