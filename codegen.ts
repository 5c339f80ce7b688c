/**
 * Types of GraphQL operations, in the configuration format of `@graphql-codegen/cli`: frontend teams copy this file, point
 * `schema` at schema.graphql (or at a running server) and `documents` at their own operations. Here `npm run codegen` runs
 * it without the CLI, for the operations that our tests run.
 */
const config = {
  schema: "schema.graphql",
  documents: ["test/operations/*.graphql"],
  generates: {
    "test/generated/operations.ts": {
      // The plugin brings the enums and inputs that the operations use; types of the whole schema are `typescript`'s.
      plugins: ["typescript-operations"],
      config: {
        // What a later version of the graph may answer is in the types, so that a switch must say what it does then.
        futureProofEnums: true,
        immutableTypes: true,
        skipTypename: true,
        strictScalars: true,
        scalars: {
          ID: "string",
          /** ISO 8601, UTC. */
          DateTime: "string",
          /** The input of a mutation, as plain data. */
          JSONObject: "Record<string, unknown>",
        },
      },
    },
  },
};

export default config;
