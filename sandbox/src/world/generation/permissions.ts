import type { DataCenterPermission, WorldPermission, WorldRole, WorldRoleAssignment } from "../World.js";
import { Random } from "./random.js";

type Operation = WorldPermission["operation"];

function operations(...names: string[]): readonly Operation[] {
  return names.map((name) => {
    const [key = "", targetType = ""] = name.split("/");
    return { key, targetType };
  });
}

const viewing = operations("read/space", "export_content/space");
const commenting = [...viewing, ...operations("create/comment", "delete/space")];
const editing = [
  ...commenting,
  ...operations("create/page", "update/page", "create/blogpost", "create/attachment", "archive/page"),
];

/** What people of one kind usually hold in a space of Cloud. */
export const cloudProfiles = {
  viewing,
  commenting,
  editing,
  administering: [
    ...editing,
    ...operations(
      "delete/page",
      "delete/blogpost",
      "delete/comment",
      "delete/attachment",
      "restrict_content/space",
      "export/space",
      "administer/space",
    ),
  ],
  /** Operations that are in no document and in real answers. */
  undocumented: [
    ...viewing,
    ...operations(
      "archive_space/space",
      "delete_space/space",
      "manage_content/space",
      "manage_guest_users/space",
      "manage_look_and_feel/space",
      "manage_nonlicensed_users/space",
      "manage_public_links/space",
      "manage_templates/space",
      "manage_users/space",
    ),
  ],
} satisfies Record<string, readonly Operation[]>;

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

type DataCenterOperation = DataCenterPermission["operation"];

function dataCenterOperations(...names: string[]): readonly DataCenterOperation[] {
  return operations(...names).map(({ key, targetType }) => ({ operationKey: key, targetType }));
}

const dcViewing = dataCenterOperations("read/space");
const dcCommenting = [...dcViewing, ...dataCenterOperations("create/comment", "delete_own/space")];
const dcEditing = [...dcCommenting, ...dataCenterOperations("create/page", "create/blogpost", "create/attachment")];
const dcMaintaining = [
  ...dcEditing,
  ...dataCenterOperations("delete/page", "delete/blogpost", "delete/comment", "delete/attachment", "restrict/space"),
];

/** The same of Data Center. */
export const dataCenterProfiles = {
  viewing: dcViewing,
  commenting: dcCommenting,
  editing: dcEditing,
  maintaining: dcMaintaining,
  /** All fourteen permissions there are. */
  administering: [...dcMaintaining, ...dataCenterOperations("export/space", "delete_mail/space", "administer/space")],
  /** An operation that is in no document and in real answers. */
  undocumented: [...dcViewing, ...dataCenterOperations("export/page")],
} satisfies Record<string, readonly DataCenterOperation[]>;

const viewer = ["read/space", "export_content/space", "create/comment"];
const collaborator = [
  ...viewer,
  "create/page",
  "update/page",
  "delete/space",
  "archive/page",
  "create/blogpost",
  "create/attachment",
];
const manager = [
  ...collaborator,
  "delete/page",
  "delete/blogpost",
  "delete/comment",
  "delete/attachment",
  "restrict_content/space",
  "export/space",
  "manage_content/space",
  "manage_users/space",
  "manage_guest_users/space",
];
const admin = [
  ...manager,
  "administer/space",
  "manage_nonlicensed_users/space",
  "manage_public_links/space",
  "manage_templates/space",
  "manage_look_and_feel/space",
  "archive_space/space",
  "delete_space/space",
];

const rows: readonly (readonly [type: WorldRole["type"], name: string, description: string, permissions: string[]])[] =
  [
    ["SYSTEM", "Admin", "Manages everything in the space.", admin],
    ["SYSTEM", "Manager", "Manages people and content, but not settings.", manager],
    ["SYSTEM", "Collaborator", "Adds and edits content in the space.", collaborator],
    ["SYSTEM", "Viewer", "Views and comments on content in the space.", viewer],
    [
      "CUSTOM",
      "Reviewer",
      "Reads, comments and restricts drafts.",
      [...viewer, "create/page", "restrict_content/space"],
    ],
    [
      "CUSTOM",
      "Contractor",
      "Writes pages, exports nothing.",
      ["read/space", "create/page", "update/page", "create/comment"],
    ],
    ["CUSTOM", "Auditor", "Reads and exports whole spaces.", ["read/space", "export_content/space", "export/space"]],
  ];

const random = new Random("roles");

/** The four roles every role site has, and three that an organization made itself. */
export const defaultRoles: readonly WorldRole[] = rows.map(([type, name, description, spacePermissions]) => ({
  id: random.uuid(),
  type,
  name,
  description,
  spacePermissions,
}));

/** The id of one of the default roles. */
export function roleNamed(name: string): string {
  return defaultRoles.find((role) => role.name === name)?.id ?? "";
}

const roleTypes = { user: "USER", group: "GROUP", "access-class": "ACCESS_CLASS", role: "GROUP" } as const;

/** A role given to whom a granular row would name. */
export function giveRole({ type, id }: WorldPermission["principal"], roleId: string): WorldRoleAssignment {
  return { principal: { principalType: roleTypes[type], principalId: id }, roleId };
}
