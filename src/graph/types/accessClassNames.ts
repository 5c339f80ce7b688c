/** What people call the access classes that Atlassian documents. Others are shown under their id. */
export const accessClassNames: ReadonlyMap<string, string> = new Map([
  ["anonymous-users", "Anyone, without signing in"],
  ["authenticated-users", "Everyone who has signed in"],
  ["all-licensed-users", "Everyone with a Confluence licence"],
  ["all-product-admins", "All Confluence administrators"],
  ["jsm-project-admins", "Administrators of the linked service project"],
]);
