import { ApolloServer } from "@apollo/server";
import { type GraphQLField, type GraphQLSchema, isObjectType, isSchema } from "graphql";
import { afterAll } from "vitest";

/** By schema that a server was started with, its document store's prefix, and how its fields were resolved then. */
const derivedSchemas = new Map<unknown, { readonly prefix: string; readonly resolvers: Resolvers }>();

/**
 * Every Apollo Server checks its schema, prints it and hashes the print, for the key prefix of its document store. All test
 * servers share one schema, so that one of them does that for all: most of what it costs to start a server.
 */
export function deriveSchemaOnce(): void {
  // biome-ignore lint/complexity/useLiteralKeys: the types call it private, and let it be reached by this spelling alone.
  const derive = ApolloServer["generateSchemaDerivedData"];
  // The setup runs before each file, in the same process.
  if (derive.name === "deriveOnce") return;
  // biome-ignore lint/complexity/useLiteralKeys: as above.
  ApolloServer["generateSchemaDerivedData"] = function deriveOnce(
    ...[schema, documentStore]: Parameters<typeof derive>
  ) {
    const known = derivedSchemas.get(schema);
    if (known !== undefined && documentStore) return { schema, documentStore, documentStoreKeyPrefix: known.prefix };
    const derived = derive.call(ApolloServer, schema, documentStore);
    const prefix = derived.documentStoreKeyPrefix;
    if (documentStore && isSchema(schema)) derivedSchemas.set(schema, { prefix, resolvers: resolversOf(schema) });
    return derived;
  };
}

type Resolvers = ReadonlyMap<GraphQLField<unknown, unknown>, GraphQLField<unknown, unknown>["resolve"]>;

/** How each field is resolved. */
export function resolversOf(schema: GraphQLSchema): Resolvers {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  return new Map(types.flatMap((type) => Object.values(type.getFields())).map((field) => [field, field.resolve]));
}

/** Has the fields resolved as they were; says which were not. */
export function restoreResolvers(resolvers: Resolvers): string[] {
  const changed = [...resolvers].filter(([field, resolve]) => field.resolve !== resolve);
  for (const [field, resolve] of changed) Object.assign(field, { resolve });
  return changed.map(([{ name }]) => name);
}

/**
 * Files run one after the other in a process, over one schema and by one clock. One that leaves either changed makes others slow or
 * wrong that have nothing to do with it, so it ends in an error itself.
 */
export function failOnWhatIsLeft(): void {
  const { now } = performance;
  afterAll(() => {
    const changed = [...derivedSchemas.values()].flatMap(({ resolvers }) => restoreResolvers(resolvers));
    if (changed.length > 0) throw new Error(`this file leaves fields resolved by others: ${changed.join(", ")}`);
    if (performance.now !== now) throw new Error("this file leaves a clock of its own");
  });
}
