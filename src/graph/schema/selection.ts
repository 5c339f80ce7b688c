import {
  type FieldNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from "graphql";
import type { SiteError } from "../../domain/SiteError.js";
import { whenRead } from "../../loaders/engine/SiteLoaders.js";
import { namingOf } from "./naming/Naming.js";

/** Where the nodes of a connection stand below its field. */
export const connectionPaths = [["nodes"], ["edges", "node"]] as const;

/** To the field's own object. */
export const ownPath: readonly (readonly string[])[] = [[]];

/**
 * Whether the query selects, on objects of a type below the current field, any field besides `free`: fields that need no
 * call. It may say yes too often (it does not evaluate `@skip`), never no too often. `path` leads from the current field
 * to the objects: `["nodes"]`, `["edges", "node"]`, or nothing for the field's own object.
 */
export function selectsBeyond(
  info: GraphQLResolveInfo,
  typeName: string,
  free: ReadonlySet<string>,
  paths: readonly (readonly string[])[] = ownPath,
): boolean {
  for (const field of info.fieldNodes) {
    if (field.selectionSet !== undefined && fieldSelectsBeyond(field, info, typeName, free, paths)) return true;
  }
  return false;
}

/** Whether nothing stands below any field that the query selects on the objects at these places. */
export function selectsOnlyLeaves(info: GraphQLResolveInfo, paths: readonly (readonly string[])[]): boolean {
  return info.fieldNodes.every(({ selectionSet }) => paths.every((path) => onlyLeaves(selectionSet, path, info)));
}

function onlyLeaves(
  selectionSet: SelectionSetNode | undefined,
  path: readonly string[],
  info: Pick<GraphQLResolveInfo, "fragments">,
): boolean {
  const [step, ...rest] = path;
  return (selectionSet?.selections ?? []).every((selection) => {
    if (selection.kind === "Field") {
      if (step === undefined) return selection.selectionSet === undefined;
      return selection.name.value !== step || onlyLeaves(selection.selectionSet, rest, info);
    }
    const fragment = selection.kind === "InlineFragment" ? selection : info.fragments[selection.name.value];
    return onlyLeaves(fragment?.selectionSet, path, info);
  });
}

/** By the field of a document, which is the same for every row of a list: what it selects in a place is looked for once. */
const selecting = new Map<unknown, WeakMap<FieldNode, Map<ReadonlySet<string>, boolean>>>([
  [ownPath, new WeakMap()],
  [connectionPaths, new WeakMap()],
]);

function fieldSelectsBeyond(
  field: FieldNode,
  info: GraphQLResolveInfo,
  typeName: string,
  free: ReadonlySet<string>,
  paths: readonly (readonly string[])[],
): boolean {
  const look = () => paths.some((path) => anyBeyond(field.selectionSet, path, typeName, free, info));
  const inPlace = selecting.get(paths);
  if (inPlace === undefined) return look();
  const known = inPlace.get(field) ?? new Map<ReadonlySet<string>, boolean>();
  const answer = known.get(free) ?? look();
  if (known.size === 0) inPlace.set(field, known);
  known.set(free, answer);
  return answer;
}

function anyBeyond(
  selectionSet: SelectionSetNode | undefined,
  [step, ...rest]: readonly string[],
  typeName: string,
  free: ReadonlySet<string>,
  info: Pick<GraphQLResolveInfo, "fragments" | "schema">,
): boolean {
  return (selectionSet?.selections ?? []).some((selection) => {
    if (selection.kind === "Field") {
      const name = selection.name.value;
      if (step === undefined) return !free.has(name);
      return name === step && anyBeyond(selection.selectionSet, rest, typeName, free, info);
    }
    const fragment = selection.kind === "InlineFragment" ? selection : info.fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    const isElsewhere = step === undefined && condition !== undefined && !covers(info.schema, condition, typeName);
    const path = step === undefined ? [] : [step, ...rest];
    return !isElsewhere && anyBeyond(fragment?.selectionSet, path, typeName, free, info);
  });
}

/** Whether a fragment on `condition` applies to objects of a type: the type itself, or a union or interface that has it. */
function covers(schema: GraphQLSchema, condition: string, ownTypeName: string): boolean {
  const typeName = namingOf(schema).typeName(ownTypeName);
  if (condition === typeName) return true;
  const [wide, narrow] = [schema.getType(condition), schema.getType(typeName)];
  return isAbstractType(wide) && isObjectType(narrow) && schema.isSubType(wide, narrow);
}

/**
 * The node of one thing. Its facts are read only where they are wanted, and the node is there at once where they are at hand; one
 * whose facts could not be read says why in each of them.
 */
export function nodeOf<Facts, Node>(
  wantsFacts: boolean,
  read: () => Facts | Promise<Facts>,
  make: (facts: Facts | null | SiteError) => Node,
): Node | Promise<Node> {
  return wantsFacts ? whenRead(read(), make, make) : make(null);
}
