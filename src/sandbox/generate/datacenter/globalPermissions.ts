import type { DataCenterPermission } from "../../world/World.js";

type Subject = DataCenterPermission["subject"];

const users: Subject = { type: "group", name: "confluence-users" };
const administrators: Subject = { type: "group", name: "confluence-administrators" };

/** Who may do what on the site as a whole: as a new site has it, with both doors open to those without a licence. */
export const globalPermissions: readonly DataCenterPermission[] = [
  row(users, "use", "application"),
  row(users, "create", "personal_space"),
  row(users, "create", "space"),
  row(administrators, "use", "application"),
  row(administrators, "create", "personal_space"),
  row(administrators, "create", "space"),
  row(administrators, "administer", "application"),
  row(administrators, "administer", "system"),
  row({ type: "anonymous" }, "use", "application"),
  row({ type: "unlicensed" }, "use_unlicensed", "application"),
];

function row(subject: Subject, operationKey: string, targetType: string): DataCenterPermission {
  return { subject, operation: { operationKey, targetType } };
}
