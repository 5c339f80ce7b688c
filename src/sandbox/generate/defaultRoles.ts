import { Random } from "../random/Random.js";
import type { WorldRole } from "../world/World.js";

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
