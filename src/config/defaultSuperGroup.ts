/** What Confluence calls the group whose members administer everything. */
export const defaultSuperGroup = "confluence-administrators";
