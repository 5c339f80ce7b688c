/** A permission that roles are made of. */
export interface SpacePermissionDefinition {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly requiredPermissionIds: readonly string[];
}

const rows: readonly (readonly [id: string, displayName: string, description: string, ...required: string[]])[] = [
  ["read/space", "View content", "View all content in the space that is not restricted."],
  ["delete/space", "Delete own content", "Delete content and folders one has created.", "create/page"],
  ["export_content/space", "Export content", "Export single pages."],
  ["create/page", "Create content", "Create and edit pages, whiteboards and folders."],
  ["update/page", "Edit content", "Edit the content of others."],
  ["archive/page", "Archive content", "Archive any content in the space.", "create/page"],
  ["delete/page", "Delete content", "Delete the content of others.", "create/page"],
  ["create/blogpost", "Create blogs", "Create and edit blog posts."],
  ["delete/blogpost", "Delete blogs", "Delete the blog posts of others.", "create/blogpost"],
  ["create/comment", "Comment", "Comment on any content."],
  ["delete/comment", "Delete comments", "Delete the comments of others.", "create/comment"],
  ["create/attachment", "Add attachments", "Upload files."],
  ["delete/attachment", "Delete attachments", "Delete the files of others.", "create/attachment"],
  ["restrict_content/space", "Restrict content", "Add and delete restrictions of content.", "create/page"],
  ["export/space", "Export the space", "Export the whole space.", "export_content/space"],
  ["manage_content/space", "Manage content", "Restore, reorder and move any content.", "create/page"],
  ["manage_users/space", "Manage people", "Give people and groups access to the space."],
  ["manage_guest_users/space", "Manage guests", "Give guests access to the space.", "manage_users/space"],
  ["manage_nonlicensed_users/space", "Manage anonymous access", "Open the space to the public.", "manage_users/space"],
  ["manage_public_links/space", "Manage public links", "Turn public links on and off."],
  ["manage_templates/space", "Manage templates", "Create, edit and delete templates of the space."],
  ["manage_look_and_feel/space", "Manage look and feel", "Change the theme of the space."],
  ["archive_space/space", "Archive the space", "Archive the whole space.", "administer/space"],
  ["delete_space/space", "Delete the space", "Delete the whole space.", "administer/space"],
  ["administer/space", "Administer the space", "Change every setting of the space."],
];

/** The permissions of role sites. Everything but viewing requires viewing. */
export const spacePermissionCatalogue: readonly SpacePermissionDefinition[] = rows.map(
  ([id, displayName, description, ...required]) => ({
    id,
    displayName,
    description,
    requiredPermissionIds: id === "read/space" ? [] : ["read/space", ...required],
  }),
);
