/** What people call the access classes that Atlassian documents, and those of Data Center. Others are shown under their id. */
export const accessClassNames: ReadonlyMap<string, string> = new Map([
  ["anonymous-users", "Anyone, without signing in"],
  ["authenticated-users", "Everyone who has signed in"],
  ["all-licensed-users", "Everyone with a Confluence licence"],
  ["all-product-admins", "All Confluence administrators"],
  ["unlicensed", "People without a Confluence licence"],
  ["jsm-project-admins", "Administrators of the linked service project"],
]);
