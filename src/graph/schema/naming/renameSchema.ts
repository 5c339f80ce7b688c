import { MapperKind, mapSchema, renameType } from "@graphql-tools/utils";
import {
  type GraphQLSchema,
  isAbstractType,
  isSpecifiedScalarType,
  Kind,
  type NameNode,
  type TypeDefinitionNode,
  visit,
} from "graphql";
import { type Naming, noteNaming } from "./Naming.js";

/**
 * The same schema under other names, its resolvers as they are: nothing is done a row. Each type and field that is called otherwise says
 * what the code knows it by (`ownNameOf`).
 */
export function renameSchema(schema: GraphQLSchema, naming: Naming): GraphQLSchema {
  const owns = new Map<string, string>();
  const renamed = mapSchema(schema, {
    [MapperKind.TYPE]: (type) => {
      if (isSpecifiedScalarType(type) || type.name.startsWith("__")) return undefined;
      const shown = naming.typeName(type.name);
      owns.set(shown, type.name);
      return shown === type.name ? undefined : renameType(type, shown);
    },
    [MapperKind.OBJECT_FIELD]: (field, name, ownType) => {
      const shown = naming.fieldName(ownType, name);
      if (shown === name) return undefined;
      return [shown, { ...field, extensions: { ...field.extensions, ownName: name } }];
    },
  });
  for (const [shown, own] of owns) {
    const type = renamed.getType(shown);
    if (type === undefined) throw new Error(`No type ${shown} came of ${own}.`);
    if (shown !== own) type.extensions = { ...type.extensions, ownName: own };
    if (isAbstractType(type)) {
      type.resolveType = ({ __typename }: { readonly __typename?: string }) =>
        __typename === undefined ? undefined : naming.typeName(__typename);
    }
  }
  noteNaming(renamed, naming);
  return renamed;
}

/** The definitions of a schema under other names, and what their descriptions say of these. */
export function renameDefinitions(
  definitions: readonly TypeDefinitionNode[],
  naming: Naming,
): readonly TypeDefinitionNode[] {
  if (naming.isOwn) return definitions;
  const types = new Set(definitions.map(({ name }) => name.value));
  const inWords = wordsOf(definitions, types, naming);
  const named = <Node extends { readonly name: NameNode }>(node: Node): Node => ({
    ...node,
    name: { ...node.name, value: naming.typeName(node.name.value) },
  });
  return definitions.map((definition) =>
    visit(definition, {
      NamedType: named,
      ScalarTypeDefinition: named,
      UnionTypeDefinition: named,
      EnumTypeDefinition: named,
      InterfaceTypeDefinition: named,
      InputObjectTypeDefinition: named,
      ObjectTypeDefinition: (node) => ({
        ...named(node),
        fields: (node.fields ?? []).map((field) => ({
          ...field,
          name: { ...field.name, value: naming.fieldName(node.name.value, field.name.value) },
        })),
      }),
      StringValue: (node) => ({ ...node, value: inWords(node.value) }),
    }),
  );
}

/** Renames what a description names: `Site.index`, `Query.accounts`, `GrantFilter`, `undo`. What is a field elsewhere too is left. */
function wordsOf(
  definitions: readonly TypeDefinitionNode[],
  types: ReadonlySet<string>,
  naming: Naming,
): (text: string) => string {
  const roots = new Map<string, string>();
  const elsewhere = new Set<string>();
  for (const definition of definitions) {
    const { name } = definition;
    const isRoot = name.value === "Query" || name.value === "Mutation";
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION)
      continue;
    for (const { name: field } of definition.fields ?? []) {
      if (isRoot) roots.set(field.value, name.value);
      else elsewhere.add(field.value);
    }
  }
  const rename = (word: string): string => {
    const [type = "", field] = word.split(".");
    if (field !== undefined && types.has(type)) return `${naming.typeName(type)}.${naming.fieldName(type, field)}`;
    if (field !== undefined) return word;
    if (types.has(word)) return naming.typeName(word);
    const root = roots.get(word);
    // A mutation is meant wherever its name stands; what can be asked of other types as well is mostly theirs.
    const isMeant = root === "Mutation" || (root === "Query" && !elsewhere.has(word));
    return isMeant ? naming.fieldName(root, word) : word;
  };
  return (text) => text.replace(/(?<=`)\w+(?:\.\w+)?(?=[`(])|(?<=\.\.\. on )\w+/g, rename);
}
