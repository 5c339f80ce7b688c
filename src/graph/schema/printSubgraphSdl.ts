import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  print,
  printType,
  type StringValueNode,
  visit,
} from "graphql";

const federationLink =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/**
 * The schema as SDL with its federation directives. graphql-js prints no applied directives, and type-graphql keeps them
 * on the `astNode`s of types and fields, so they are put back onto what graphql-js prints.
 */
export function printSubgraphSdl(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return `${[federationLink, ...types.map(printWithDirectives)].join("\n\n")}\n`;
}

/** The root types have no class to be described at. */
const rootDescriptions: ReadonlyMap<string, string> = new Map([
  ["Query", "Who has access to what, read live from Confluence. Every list says whether it was read whole."],
  [
    "Mutation",
    "Changes of accounts, groups and access. Each reads what is there, writes the fewest calls, reads back, and answers from that.",
  ],
]);

function descriptionOf(typeName: string): { readonly description?: StringValueNode } {
  const value = rootDescriptions.get(typeName);
  return value === undefined ? {} : { description: { kind: Kind.STRING, value, block: true } };
}

function printWithDirectives(type: GraphQLNamedType): string {
  const onType = type.astNode?.directives ?? [];
  const fields = isObjectType(type) ? type.getFields() : {};
  const withDirectives = visit(parse(printType(type)), {
    ObjectTypeDefinition: (node) => ({
      ...node,
      ...descriptionOf(node.name.value),
      directives: merge(node.directives, onType),
    }),
    FieldDefinition: (node) => ({
      ...node,
      arguments: inOrder(node.arguments ?? []),
      directives: merge(node.directives, fields[node.name.value]?.astNode?.directives ?? []),
    }),
  });
  return print(withDirectives);
}

/** What narrows a list stands behind what names a thing, and the page comes last. */
const firstArguments = ["id", "siteId"];
const lastArguments = ["filter", "first", "after"];

/** type-graphql lists single arguments from the last one to the first. */
function inOrder(args: readonly InputValueDefinitionNode[]): readonly InputValueDefinitionNode[] {
  const named = (names: readonly string[]) =>
    names.flatMap((name) => args.find((argument) => argument.name.value === name) ?? []);
  const others = args.filter(({ name }) => ![...firstArguments, ...lastArguments].includes(name.value)).reverse();
  return [...named(firstArguments), ...others, ...named(lastArguments)];
}

/** Directives that graphql-js printed itself (`@deprecated`) stay; those on the `astNode` are added once. */
function merge(
  printed: readonly ConstDirectiveNode[] | undefined,
  applied: readonly ConstDirectiveNode[],
): readonly ConstDirectiveNode[] {
  const names = new Set(printed?.map((directive) => print(directive)));
  return [...(printed ?? []), ...applied.filter((directive) => !names.has(print(directive)))];
}
