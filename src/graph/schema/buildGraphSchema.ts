import "reflect-metadata";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { GraphQLSchema, isAbstractType, type TypeDefinitionNode } from "graphql";
import { buildSchemaSync, createResolversMap } from "type-graphql";
import { AccessClassResolver } from "../access/AccessClassResolver.js";
import { CheckAccessResolver } from "../access/CheckAccessResolver.js";
import { CompareResolver, PermissionDifferenceResolver } from "../access/CompareResolver.js";
import {
  AccessClassMembersResolver,
  AccountEffectiveAccessResolver,
  SpaceEffectiveAccessResolver,
} from "../access/effective/EffectiveAccessResolver.js";
import { FindingFieldsResolver, FindingRemedyResolver, SiteFindingsResolver } from "../access/FindingResolver.js";
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
import { Naming, type NamingChoice, ownNaming } from "./naming/Naming.js";
import { renameOperation } from "./naming/renameOperation.js";
import { renameDefinitions, renameSchema } from "./naming/renameSchema.js";
import { NodeResolver, nodeFields } from "./nodes/NodeResolver.js";
import { resolvePlainly } from "./plain/resolvePlainly.js";
import { annotate } from "./sdl/annotate.js";
import { printApi, printSubgraph, subgraphDocument, typeDefinitionsOf, withoutFields } from "./sdl/printSubgraphSdl.js";

/** Both libraries mean the same by a map of resolvers; their types differ in what may be undefined. */
type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>;
type SubgraphResolvers = NonNullable<SubgraphModule["resolvers"]>;

interface PrintedSchema {
  /** The subgraph as a composition takes it. */
  readonly sdl: string;
  /** The same as clients see it. */
  readonly apiSdl: string;
}

interface GraphSchema extends PrintedSchema {
  readonly schema: GraphQLSchema;
  /** A document in the names of the code as one in those of this schema. */
  readonly renameOperation: (text: string) => string;
}

/** What a schema is built with. */
export interface SchemaForm {
  readonly naming: NamingChoice;
  /** Whether anything can be asked for by its id alone, by `node` and `nodes`. */
  readonly hasNodeFields: boolean;
}

const built = new Map<string, GraphSchema>();

/** The executable subgraph and its SDL, both from the decorated classes. Each form is built once a process. */
export function buildGraphSchema(form: Partial<SchemaForm> = {}): GraphSchema {
  const whole = { ...usualForm, ...form };
  const key = JSON.stringify(whole);
  const known = built.get(key);
  if (known !== undefined) return known;
  const made = build(whole);
  built.set(key, made);
  return made;
}

/** The texts alone, which take a tenth of the time. */
export function printGraphSchema(form: Partial<SchemaForm> = {}): PrintedSchema {
  const shown = renameDefinitions(annotate(definitionsOf(form)), new Naming({ ...usualForm, ...form }.naming));
  return { sdl: printSubgraph(shown), apiSdl: printApi(shown) };
}

const usualForm: SchemaForm = { naming: ownNaming, hasNodeFields: true };

interface Decorated {
  readonly definitions: readonly TypeDefinitionNode[];
  readonly resolvers: SubgraphResolvers;
}

let read: Decorated | null = null;

/**
 * What the decorated classes say. Once a process: type-graphql sorts a resolver's parameters in place when it first runs
 * (2.0.0-rc.4), and a schema built after that would print its arguments in another order.
 */
function readDecorated(): Decorated {
  read ??= decorate();
  return read;
}

function decorate(): Decorated {
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
      FindingRemedyResolver,
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
      NodeResolver,
    ],
    orphanedTypes: [],
    validate: false,
    skipCheck: true,
  });
  return {
    definitions: typeDefinitionsOf(decorated),
    resolvers: createResolversMap(decorated) as SubgraphResolvers,
  };
}

function definitionsOf(form: Partial<SchemaForm>): readonly TypeDefinitionNode[] {
  const { definitions } = readDecorated();
  return (form.hasNodeFields ?? true) ? definitions : withoutFields(definitions, "Query", nodeFields);
}

function build(form: SchemaForm): GraphSchema {
  const naming = new Naming(form.naming);
  const typeDefs = subgraphDocument(definitionsOf(form));
  const checked = buildSubgraphSchema([{ typeDefs, resolvers: readDecorated().resolvers }]);
  // The library has looked at every type: whoever executes need not do so again.
  const schema = new GraphQLSchema({ ...checked.toConfig(), assumeValid: true });
  // Nobody waits for the texts at the start, and few ask for them later.
  let printed: PrintedSchema | null = null;
  const print = () => {
    printed ??= printGraphSchema(form);
    return printed;
  };
  publish(schema, () => print().sdl);
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
  return {
    // At the very end: all that is done to fields is done by the names of the code.
    schema: naming.isOwn ? schema : renameSchema(schema, naming),
    get sdl() {
      return print().sdl;
    },
    get apiSdl() {
      return print().apiSdl;
    },
    renameOperation: (text) => renameOperation(text, { schema, naming }),
  };
}

/** What the server says of itself is what is printed, to the letter: the library would print it anew in another way. */
function publish(schema: GraphQLSchema, sdl: () => string): void {
  const field = schema.getQueryType()?.getFields()._service;
  if (field === undefined) throw new Error("The schema has no `_service`: it is no subgraph.");
  field.resolve = () => ({ sdl: sdl() });
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
