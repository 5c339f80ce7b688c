/** The roles that an organization gives. */
export const roleIds: readonly string[] = [
  "atlassian/user",
  "atlassian/admin",
  "atlassian/guest",
  "atlassian/user-access-admin",
  "atlassian/org-admin",
  "atlassian/site-admin",
];
