import { join } from "node:path";
import graphql from "@graphql-eslint/eslint-plugin";

/** Parts of what holds them, and answers to a question: nothing of the kind is ever asked for again by an id. */
const withoutId = [
  ...[
    "AccessChange",
    "AccessEffect",
    "AccessPreview",
    "ChangesPreview",
    "PermissionEffect",
    "PolicyAnswer",
    "UserError",
  ],
  ...[
    "AccessClassMembership",
    "AccessDecision",
    "AccessPath",
    "GrantInheritance",
    "ResidualAccess",
    "ResidualPermission",
  ],
  ...["AccountInvitation", "AccountRemoval", "AccountRole", "GroupMember", "SpaceHolder"],
  ...["GroupMembership", "Permission", "SitePermission", "SpacePermission", "SpaceRoleAssignment"],
  ...["ChangeRequest", "ChangeSubject", "RecordEntries", "RecordEntry", "RecordPlace", "SiteRecord"],
  ...["Completeness", "Gap", "IndexProgress", "PageInfo", "SiteAccessIndex", "UpstreamBudget", "UpstreamSharing"],
  ...["LeftOut", "SiteCapability", "SiteOperation"],
  ...["AccessDifference", "FindingRemedy", "PermissionDifference"],
  // Its id is no global one: the same finding comes back under the same.
  "AccessFinding",
  // A person as others name them: a way to accounts, and nothing that this graph keeps.
  "Identity",
];

export default [
  {
    files: ["generated/schema.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: join(import.meta.dirname, "generated/schema.graphql") } },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { types: withoutId, suffixes: ["Connection", "Edge", "Payload"] } },
      ],
      // Lists are read onward only: sites give their pages in one direction.
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      // `nodes` beside `edges`, and short lists that come whole.
      "@graphql-eslint/relay-edge-types": [
        "error",
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
    },
  },
];
