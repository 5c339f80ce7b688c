import type { WorldPermission } from "../world/World.js";

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

/** What people of one kind usually hold in a space. */
export const operationProfiles = {
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
