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

type Operation = DataCenterPermission["operation"];

function operations(...names: string[]): readonly Operation[] {
  return names.map((name) => {
    const [operationKey = "", targetType = ""] = name.split("/");
    return { operationKey, targetType };
  });
}

const viewing = operations("read/space");
const commenting = [...viewing, ...operations("create/comment", "delete_own/space")];
const editing = [...commenting, ...operations("create/page", "create/blogpost", "create/attachment")];
const maintaining = [
  ...editing,
  ...operations("delete/page", "delete/blogpost", "delete/comment", "delete/attachment", "restrict/space"),
];

/** What people of one kind usually hold in a space. */
export const dataCenterProfiles = {
  viewing,
  commenting,
  editing,
  maintaining,
  /** All fourteen permissions there are. */
  administering: [...maintaining, ...operations("export/space", "delete_mail/space", "administer/space")],
  /** An operation that is in no document and in real answers. */
  undocumented: [...viewing, ...operations("export/page")],
} satisfies Record<string, readonly Operation[]>;
