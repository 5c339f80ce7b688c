/** What the rules say of the schema and cannot be told to leave out: by what they are said of, as the message names it. */
export const exceptions = [
  {
    rule: "@graphql-eslint/naming-convention",
    of: [
      "grantPermissions",
      "revokePermissions",
      "grantRole",
      "revokeRole",
      "grantMembership",
      "revokeMembership",
      "createGroup",
      "deleteGroup",
      "provisionAccount",
      "updateAccount",
      "suspendAccount",
      "restoreAccount",
      "removeAccount",
    ],
    because: "values of `ChangeAction`: a change is called as the mutation that makes it, here and in the record",
  },
  {
    rule: "@graphql-eslint/no-typename-prefix",
    of: ["accountId", "changeId", "groupId", "siteId", "spaceId"],
    because: "the thing's own id at the site, beside the global `id` and to be told from it",
  },
  {
    rule: "@graphql-eslint/relay-edge-types",
    of: ["AccessDifferenceEdge", "AccessFindingEdge", "GroupMemberEdge", "SpaceHolderEdge"],
    because: "what they list has no id: it is put together for this list alone",
  },
];
