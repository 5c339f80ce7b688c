import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type GraphQLSchema, isAbstractType, parse } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import { AccessClassResolver } from "../access/AccessClassResolver.js";
import { CheckAccessResolver } from "../access/CheckAccessResolver.js";
import { CompareResolver, PermissionDifferenceResolver } from "../access/CompareResolver.js";
import {
  AccessClassMembersResolver,
  AccountEffectiveAccessResolver,
  SpaceEffectiveAccessResolver,
} from "../access/effective/EffectiveAccessResolver.js";
import { FindingFieldsResolver, SiteFindingsResolver } from "../access/FindingResolver.js";
import {
  AccessEffectResolver,
  CreationPreviewResolver,
  DeletionPreviewResolver,
  GrantPreviewResolver,
  PreviewResolver,
  ProvisionPreviewResolver,
  RemovalPreviewResolver,
  RestorationPreviewResolver,
  RevokePreviewResolver,
  SuspensionPreviewResolver,
} from "../access/preview/PreviewResolver.js";
import { AccountMutations } from "../account/AccountMutations.js";
import { AccountResolver } from "../account/AccountResolver.js";
import { IdentityResolver } from "../account/IdentityResolver.js";
import { ChangeFields, ChangeQueries, ChangeSubjectFields, SiteRecordResolver } from "../audit/ChangeResolver.js";
import { ChangeUndoFields, UndoMutation } from "../audit/UndoMutation.js";
import {
  AccessChangeFieldsResolver,
  AccessChangeResolver,
  GrantSpaceAccessResolver,
  RevokeSpaceAccessResolver,
} from "../change/AccessChangeResolver.js";
import { AccessMutations } from "../change/AccessMutations.js";
import { showPolicyAnswers } from "../change/policyAnswers.js";
import { watchReadings } from "../completeness/watchReadings.js";
import { watchFields } from "../cost/watchFields.js";
import { GrantResolver } from "../grant/GrantResolver.js";
import { GroupMutations } from "../group/GroupMutations.js";
import { GroupResolver } from "../group/GroupResolver.js";
import { limitWrites } from "../limits/limitCallers.js";
import { limitChanges } from "../limits/limitOperations.js";
import { SiteAccessIndexResolver } from "../site/SiteAccessIndexNode.js";
import { SiteResolver } from "../site/SiteResolver.js";
import { SpaceHoldersResolver } from "../space/SpaceHolders.js";
import { SpaceResolver } from "../space/SpaceResolver.js";
import { enforceScopes } from "./authorization/enforceScopes.js";
import { answerReferences } from "./entityReferences.js";
import { watchLiveFields } from "./liveFields.js";
import { printSubgraphSdl } from "./printSubgraphSdl.js";
import { resolvePlainly } from "./resolvePlainly.js";

/** Both libraries mean the same by a map of resolvers; their types differ in what may be undefined. */
type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>;
type SubgraphResolvers = NonNullable<SubgraphModule["resolvers"]>;

interface GraphSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

let built: GraphSchema | null = null;

/**
 * The executable subgraph and its SDL, both from the decorated classes. Built once a process: type-graphql sorts a
 * resolver's parameters in place when it first runs (2.0.0-rc.4), and a schema built after that would print its
 * arguments in another order.
 */
export function buildGraphSchema(): GraphSchema {
  built ??= build();
  return built;
}

function build(): GraphSchema {
  const decorated = buildSchemaSync({
    resolvers: [
      SiteResolver,
      AccountResolver,
      GroupResolver,
      SpaceResolver,
      GrantResolver,
      IdentityResolver,
      CheckAccessResolver,
      AccessClassResolver,
      CompareResolver,
      PermissionDifferenceResolver,
      PreviewResolver,
      GrantPreviewResolver,
      RevokePreviewResolver,
      SuspensionPreviewResolver,
      RestorationPreviewResolver,
      RemovalPreviewResolver,
      DeletionPreviewResolver,
      CreationPreviewResolver,
      ProvisionPreviewResolver,
      AccessEffectResolver,
      SpaceEffectiveAccessResolver,
      AccountEffectiveAccessResolver,
      AccessClassMembersResolver,
      SiteAccessIndexResolver,
      SpaceHoldersResolver,
      SiteFindingsResolver,
      FindingFieldsResolver,
      AccessMutations,
      GroupMutations,
      AccountMutations,
      AccessChangeFieldsResolver,
      AccessChangeResolver,
      GrantSpaceAccessResolver,
      RevokeSpaceAccessResolver,
      ChangeQueries,
      UndoMutation,
      ChangeUndoFields,
      ChangeFields,
      ChangeSubjectFields,
      SiteRecordResolver,
    ],
    orphanedTypes: [],
    validate: false,
    skipCheck: true,
  });
  const sdl = printSubgraphSdl(decorated);
  const resolvers = createResolversMap(decorated) as SubgraphResolvers;
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  resolvePlainly(schema);
  resolveTypesSynchronously(schema);
  answerReferences(schema);
  watchReadings(schema);
  watchLiveFields(schema);
  watchFields(schema);
  showPolicyAnswers(schema);
  limitChanges(schema);
  limitWrites(schema);
  // Outside all others: what is refused is neither counted nor read.
  enforceScopes(schema);
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
