import { getDocumentNodeFromSchema } from "@graphql-tools/utils";
import {
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  print,
  type StringValueNode,
  visit,
} from "graphql";

const federationLink =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/**
 * The schema as SDL with its federation directives, which type-graphql keeps on the `astNode`s of types and fields, and
 * graphql-js does not print. Types stand in the order of their names, root fields in an order of their own, whichever file is
 * loaded first.
 */
export function printSubgraphSdl(schema: GraphQLSchema): string {
  const document = visit(getDocumentNodeFromSchema(schema), {
    ObjectTypeDefinition: (node) =>
      rootDescriptions.has(node.name.value)
        ? { ...node, ...descriptionOf(node.name.value), fields: [...(node.fields ?? [])].sort(byRootOrder) }
        : node,
    FieldDefinition: (node) => ({ ...node, arguments: inOrder(node.arguments ?? []) }),
  });
  const types = document.definitions
    .filter(isTypeDefinitionNode)
    .sort((left, right) => (left.name.value < right.name.value ? -1 : 1));
  return `${[federationLink, ...types.map(print)].join("\n\n")}\n`;
}

/** What is asked first, and what is changed first; a field that is not here stands before them all. */
export const rootFieldOrder: readonly string[] = [
  ...["checkAccess", "checkAccesses", "compareAccess", "previewChanges"],
  ...["changes", "change", "changeRequest", "recordEntries"],
  ...["accounts", "account", "grants", "grant", "groups", "group", "identity", "sites", "site", "spaces", "space"],
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
