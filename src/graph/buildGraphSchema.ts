import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, isAbstractType, parse } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import { limitRepresentations } from "./limits/limitRepresentations.js";
import { printSubgraphSdl } from "./printSubgraphSdl.js";
import { referenceResolvers } from "./references/referenceResolvers.js";
import { AccountResolver } from "./resolvers/AccountResolver.js";
import { GrantResolver } from "./resolvers/GrantResolver.js";
import { GroupResolver } from "./resolvers/GroupResolver.js";
import { SiteResolver } from "./resolvers/SiteResolver.js";
import { SpaceResolver } from "./resolvers/SpaceResolver.js";

/** Both libraries mean the same by a map of resolvers; their types differ in what may be undefined. */
type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>;
type SubgraphResolvers = NonNullable<SubgraphModule["resolvers"]>;

/** The executable subgraph and its SDL, both from the decorated classes. */
export function buildGraphSchema(): { readonly schema: GraphQLSchema; readonly sdl: string } {
  const decorated = buildSchemaSync({
    resolvers: [SiteResolver, AccountResolver, GroupResolver, SpaceResolver, GrantResolver],
    validate: false,
    skipCheck: true,
  });
  const sdl = printSubgraphSdl(decorated);
  const resolvers = createResolversMap(decorated) as SubgraphResolvers;
  for (const [typeName, resolveReference] of Object.entries(referenceResolvers)) {
    resolvers[typeName] = { ...(resolvers[typeName] as object), __resolveReference: resolveReference };
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  resolveTypesSynchronously(schema);
  limitRepresentations(schema);
  return { schema, sdl };
}

/**
 * type-graphql wraps every `resolveType` in an async function, which makes unions three times slower (2026-11-20). All our
 * nodes carry their type's name.
 */
function resolveTypesSynchronously(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) {
      type.resolveType = (value: { readonly __typename?: string }) => value.__typename;
    }
  }
}
