const typesOfOperations = {
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
};

/**
 * Types of GraphQL operations, in the configuration format of `@graphql-codegen/cli`: frontend teams copy this file, point
 * `schema` at schema.graphql (or at a running server) and `documents` at their own operations. Here `npm run codegen` runs
 * it without the CLI, for the operations that our tests run and for those of the example.
 */
const config = {
  schema: "schema.graphql",
  generates: {
    "test/generated/operations.ts": {
      documents: ["test/operations/*.graphql"],
      // The plugin brings the enums and inputs that the operations use; types of the whole schema are `typescript`'s.
      plugins: ["typescript-operations"],
      config: typesOfOperations,
    },
    "examples/access-review/src/generated/operations.ts": {
      documents: ["examples/access-review/src/operations/*.graphql"],
      // Documents that know the types of their answers and variables: urql and Apollo Client take them as they are.
      plugins: ["typescript-operations", "typed-document-node"],
      config: { ...typesOfOperations, useTypeImports: true },
    },
    // Which types a union or interface stands for: normalised caches guess otherwise, and guess wrong.
    "examples/access-review/src/generated/possibleTypes.ts": { plugins: ["fragment-matcher"] },
    "test/generated/possibleTypes.ts": { plugins: ["fragment-matcher"] },
  },
};

export default config;
