// Made by `npm run codegen` from schema.graphql and the operations that codegen.ts names.

export interface PossibleTypesResultData {
        possibleTypes: {
          [key: string]: string[]
        }
      }
      const result: PossibleTypesResultData = {
  "possibleTypes": {
    "Entitlement": [
      "GroupMembership",
      "SpacePermission",
      "SpaceRoleAssignment",
      "SitePermission"
    ],
    "Node": [
      "AccessClass",
      "Account",
      "Change",
      "Grant",
      "Group",
      "Site",
      "Space",
      "SpaceRole"
    ],
    "Principal": [
      "Account",
      "Group",
      "AccessClass"
    ],
    "Resource": [
      "Group",
      "Space",
      "Site"
    ]
  }
};
      export default result;
