import { ApolloServer } from "@apollo/server";

/**
 * Every Apollo Server checks its schema, prints it and hashes the print, for the key prefix of its document store. All test
 * servers share one schema, so that one of them does that for all: most of what it costs to start a server.
 */
export function deriveSchemaOnce(): void {
  // biome-ignore lint/complexity/useLiteralKeys: the types call it private, and let it be reached by this spelling alone.
  const derive = ApolloServer["generateSchemaDerivedData"];
  // The setup runs before each file, in the same process.
  if (derive.name === "deriveOnce") return;
  const prefixes = new Map<unknown, string>();
  // biome-ignore lint/complexity/useLiteralKeys: as above.
  ApolloServer["generateSchemaDerivedData"] = function deriveOnce(
    ...[schema, documentStore]: Parameters<typeof derive>
  ) {
    const known = prefixes.get(schema);
    if (known !== undefined && documentStore) return { schema, documentStore, documentStoreKeyPrefix: known };
    const derived = derive.call(ApolloServer, schema, documentStore);
    if (documentStore) prefixes.set(schema, derived.documentStoreKeyPrefix);
    return derived;
  };
}
