import type { FragmentDefinitionNode, GraphQLResolveInfo, SelectionSetNode } from "graphql";

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/**
 * Whether the query selects, on objects of a type below the current field, any field besides `free`: fields that need no
 * call. It may say yes too often (it does not evaluate `@skip`), never no too often. `path` leads from the current field
 * to the objects: `["nodes"]`, `["edges", "node"]`, or nothing for the field's own object.
 */
export function selectsBeyond(
  info: GraphQLResolveInfo,
  typeName: string,
  free: ReadonlySet<string>,
  paths: readonly (readonly string[])[] = [[]],
): boolean {
  return info.fieldNodes.some(
    (field) =>
      field.selectionSet !== undefined &&
      paths.some((path) => anyBeyond(field.selectionSet, path, typeName, free, info.fragments)),
  );
}

function anyBeyond(
  selectionSet: SelectionSetNode | undefined,
  [step, ...rest]: readonly string[],
  typeName: string,
  free: ReadonlySet<string>,
  fragments: Fragments,
): boolean {
  return (selectionSet?.selections ?? []).some((selection) => {
    if (selection.kind === "Field") {
      const name = selection.name.value;
      if (step === undefined) return !free.has(name);
      return name === step && anyBeyond(selection.selectionSet, rest, typeName, free, fragments);
    }
    const fragment = selection.kind === "InlineFragment" ? selection : fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    const isElsewhere = step === undefined && condition !== undefined && condition !== typeName;
    const path = step === undefined ? [] : [step, ...rest];
    return !isElsewhere && anyBeyond(fragment?.selectionSet, path, typeName, free, fragments);
  });
}
