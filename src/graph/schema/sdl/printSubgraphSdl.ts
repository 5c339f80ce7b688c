import { getDocumentNodeFromSchema } from "@graphql-tools/utils";
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  type StringValueNode,
  specifiedDirectives,
  type TypeDefinitionNode,
  visit,
} from "graphql";

/** By way of federation, 2.9 on, the three composers that the tests run know `@cost`; by a link of its own only one does (2026-11-30). */
const links =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@cost", "@listSize"])';

/**
 * The types of a schema with their federation directives, which type-graphql keeps on the `astNode`s of types and fields, and
 * graphql-js does not print. Types stand in the order of their names, root fields in an order of their own, whichever file is
 * loaded first.
 */
export function typeDefinitionsOf(schema: GraphQLSchema): readonly TypeDefinitionNode[] {
  const document = visit(getDocumentNodeFromSchema(schema), {
    ObjectTypeDefinition: (node) =>
      rootDescriptions.has(node.name.value)
        ? { ...node, ...descriptionOf(node.name.value), fields: [...(node.fields ?? [])].sort(byRootOrder) }
        : node,
    ScalarTypeDefinition: (node) => {
      const url = specifications[node.name.value];
      const isTold = node.directives?.some(({ name }) => name.value === "specifiedBy") ?? false;
      return url === undefined || isTold
        ? node
        : { ...node, directives: [...(node.directives ?? []), specifiedBy(url)] };
    },
    FieldDefinition: (node) => ({ ...node, arguments: inOrder(node.arguments ?? []) }),
  });
  return document.definitions.filter(isTypeDefinitionNode).sort(byName);
}

/** The same types, one of them without some of its fields. */
export function withoutFields(
  definitions: readonly TypeDefinitionNode[],
  type: string,
  names: readonly string[],
): readonly TypeDefinitionNode[] {
  return definitions.map((definition) =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && definition.name.value === type
      ? { ...definition, fields: definition.fields?.filter(({ name }) => !names.includes(name.value)) ?? [] }
      : definition,
  );
}

/** A subgraph as it is built from, without being printed and parsed for that. */
export function subgraphDocument(definitions: readonly TypeDefinitionNode[]): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: [...parse(links).definitions, ...definitions] };
}

/** A subgraph as a composition takes it. */
export function printSubgraph(definitions: readonly TypeDefinitionNode[]): string {
  return `${[links, ...definitions.map(print)].join("\n\n")}\n`;
}

/** What a client sees: no directive of a composition, which tools that know none of them choke on. */
export function printApi(definitions: readonly TypeDefinitionNode[]): string {
  const plain = definitions.map((definition) =>
    visit(definition, { Directive: ({ name }) => (ofGraphql.has(name.value) ? undefined : null) }),
  );
  return `${plain.map(print).join("\n\n")}\n`;
}

/** Where a scalar of a library is specified, of which the library does not say so. */
const specifications: Readonly<Record<string, string>> = {
  DateTime: "https://scalars.graphql.org/andimarek/date-time.html",
};

function specifiedBy(url: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: "specifiedBy" },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: "url" }, value: { kind: Kind.STRING, value: url } },
    ],
  };
}

const ofGraphql: ReadonlySet<string> = new Set(specifiedDirectives.map(({ name }) => name));

function byName({ name: left }: TypeDefinitionNode, { name: right }: TypeDefinitionNode): number {
  return left.value < right.value ? -1 : 1;
}

/** What is asked first, and what is changed first; a field that is not here stands before them all. */
export const rootFieldOrder: readonly string[] = [
  ...["checkAccess", "checkAccesses", "compareAccess", "previewChanges"],
  ...["changes", "change", "changeRequest", "recordEntries"],
  ...[
    "accounts",
    "account",
    "grants",
    "grant",
    "groups",
    "group",
    "identity",
    "sites",
    "site",
    "spaces",
    "space",
    "node",
    "nodes",
  ],
  ...["undo", "grantSpaceAccess", "revokeSpaceAccess", "grantGroupMembership", "revokeGroupMembership", "revokeGrants"],
  ...["applyAccessChanges", "provisionAccount", "suspendAccount", "restoreAccount", "removeAccount", "updateAccount"],
  ...["createGroup", "deleteGroup"],
];

function byRootOrder(left: FieldDefinitionNode, right: FieldDefinitionNode): number {
  return rootFieldOrder.indexOf(left.name.value) - rootFieldOrder.indexOf(right.name.value);
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
