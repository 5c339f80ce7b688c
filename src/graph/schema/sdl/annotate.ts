import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
} from "graphql";
import { fieldCosts, mutationCost, usualLists } from "../../cost/fieldCosts.js";

/** What a composition may leave out of a contract, by its tag: everything that changes something. */
const changes = "provisioning";

/** The lists of a page, as connections and the record have them. */
const pageFields: ReadonlySet<string> = new Set(["nodes", "edges", "entries"]);

/**
 * Says of fields what a router may count and a contract may choose: `@cost` and `@listSize` out of the same tables that the server counts
 * by, and `@tag`. By the names of the code.
 */
export function annotate(definitions: readonly TypeDefinitionNode[]): readonly TypeDefinitionNode[] {
  const fieldsOf = new Map(
    definitions.flatMap((each): [string, ReadonlySet<string>][] =>
      each.kind === Kind.OBJECT_TYPE_DEFINITION
        ? [[each.name.value, new Set(each.fields?.map(({ name }) => name.value))]]
        : [],
    ),
  );
  return definitions.map((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition;
    const fields = definition.fields?.map((field) => ({
      ...field,
      directives: [...(field.directives ?? []), ...saidOf(definition, field, fieldsOf)],
    }));
    return { ...definition, fields: fields ?? [] };
  });
}

function saidOf(
  { name: type }: ObjectTypeDefinitionNode,
  field: FieldDefinitionNode,
  fieldsOf: ReadonlyMap<string, ReadonlySet<string>>,
): readonly ConstDirectiveNode[] {
  const place = `${type.value}.${field.name.value}`;
  const isChange = type.value === "Mutation";
  const units = isChange ? mutationCost : (fieldCosts[place] ?? fieldCosts[field.name.value]);
  const isPaged = field.arguments?.some(({ name }) => name.value === "first") ?? false;
  const usual = usualLists[place];
  const sized = [...(fieldsOf.get(namedTypeOf(field.type)) ?? [])].filter((name) => pageFields.has(name));
  return [
    ...(isChange ? [directive("tag", { name: text(changes) })] : []),
    ...(units === undefined ? [] : [directive("cost", { weight: whole(units) })]),
    ...(isPaged ? [directive("listSize", sizeOfPage(sized))] : []),
    ...(usual === undefined || isPaged ? [] : [directive("listSize", { assumedSize: whole(usual) })]),
  ];
}

/** As long as `first` says: it has a default, and a composer refuses a size assumed beside that. */
function sizeOfPage(sizedFields: readonly string[]): Readonly<Record<string, ConstValueNode>> {
  return {
    slicingArguments: { kind: Kind.LIST, values: [text("first")] },
    ...(sizedFields.length === 0 ? {} : { sizedFields: { kind: Kind.LIST, values: sizedFields.map(text) } }),
    requireOneSlicingArgument: { kind: Kind.BOOLEAN, value: false },
  };
}

function whole(value: number): ConstValueNode {
  return { kind: Kind.INT, value: String(value) };
}

function namedTypeOf(type: FieldDefinitionNode["type"]): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

function directive(name: string, args: Readonly<Record<string, ConstValueNode>>): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value,
    })),
  };
}

function text(value: string): ConstValueNode {
  return { kind: Kind.STRING, value };
}
