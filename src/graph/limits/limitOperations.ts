import {
  type ASTNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";
import { workForChange } from "../../http/Waiting.js";
import { AccessChangeNode } from "../change/AccessChangeNode.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { maxChangesPerRequest } from "./budgets.js";

/**
 * Refuses an operation whose changes do not fit into its HTTP request, each of its fields with `TOO_MANY_CHANGES`, before
 * anything is read: all its fields are counted when the first one is resolved. A field that is too long by itself says so itself.
 */
export function limitChanges(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve === undefined) continue;
    field.resolve = (source: unknown, args: Record<string, unknown>, context: GraphContext, info) => {
      const { asked, fits, pace } = context.changeBudget.mayChange(context, () => countOf(info));
      // Whoever asked may go meanwhile: a change is carried out to its end, and all that is read for it.
      if (fits || changesIn(args) > maxChangesPerRequest)
        return workForChange(context.caller.name, () => resolve(source, args, context, info));
      // Hundreds of fields are answered with this, one after the other in one go.
      return pace?.isLate ? pace.next().then(() => refused(asked)) : refused(asked);
    };
  }
}

/** What fits every payload: whatever of it the field's type has. */
function refused(asked: number): object {
  const message = `At most ${maxChangesPerRequest} changes are taken in one request, over all its fields and all operations of its batch, dry runs too; this operation asks for ${asked}. Send several requests.`;
  const fault = { code: "TOO_MANY_CHANGES", field: [], message } as const;
  const node = new AccessChangeNode({ outcome: "FAILED", faults: [fault], plan: [], changeId: null }, null);
  return Object.assign(node, { changes: [], affectedResources: [] });
}

type Fields = ReturnType<GraphQLObjectType["getFields"]>;

/** The changes of all fields of the operation; fields of one response name are one. */
function countOf(info: GraphQLResolveInfo): number {
  // By the names that the document knows them by.
  const fields: Fields = info.parentType.getFields();
  const counted = new Map<string, number>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, info)) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = info.fragments[selection.name.value];
        if (fragment !== undefined) visit(fragment.selectionSet);
      } else counted.set(selection.alias?.value ?? selection.name.value, changesOf(selection, info, fields));
    }
  };
  visit(info.operation.selectionSet);
  return [...counted.values()].reduce((sum, count) => sum + count, 0);
}

function changesOf(node: FieldNode, { variableValues }: GraphQLResolveInfo, fields: Fields): number {
  const field = fields[node.name.value];
  if (field === undefined) return 0;
  try {
    return changesIn(getArgumentValues(field, node, variableValues));
  } catch {
    // Its arguments are wrong: it is answered with that, and changes nothing.
    return 0;
  }
}

/** The lists that hold changes, whichever mutation they are of. */
const lists = ["changes", "grants", "accounts", "groups", "access"] as const;

export function changesIn({ input }: Record<string, unknown>): number {
  if (typeof input !== "object" || input === null) return 1;
  const given = lists.flatMap((name) => {
    const list = (input as Readonly<Record<string, unknown>>)[name];
    return Array.isArray(list) ? [list.length] : [];
  });
  return Math.max(
    1,
    given.reduce((sum, length) => sum + length, 0),
  );
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const { if: isSkipped } = getDirectiveValues(GraphQLSkipDirective, selection, variableValues) ?? {};
  const { if: isIncludedIf } = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues) ?? {};
  return isSkipped !== true && isIncludedIf !== false;
}

/**
 * A validation rule that bounds how many levels of fields an operation has, fragments included. Introspection is left
 * alone: its depth is its own, and GraphiQL needs it.
 */
export function limitDepth(maxDepth: number): ValidationRule {
  return (context) => {
    const fragmentDepths = new Map<string, number>();
    const depthOf = (selectionSet: SelectionSetNode | undefined): number => {
      let deepest = 0;
      for (const selection of selectionSet?.selections ?? []) {
        if (selection.kind === Kind.FIELD) {
          if (!selection.name.value.startsWith("__")) deepest = Math.max(deepest, 1 + depthOf(selection.selectionSet));
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          deepest = Math.max(deepest, depthOf(selection.selectionSet));
        } else deepest = Math.max(deepest, depthOfFragment(context.getFragment(selection.name.value)));
      }
      return deepest;
    };
    const depthOfFragment = (fragment: FragmentDefinitionNode | null | undefined): number => {
      if (!fragment) return 0;
      const name = fragment.name.value;
      const known = fragmentDepths.get(name);
      if (known !== undefined) return known;
      // A fragment that spreads itself is refused by another rule; it must not keep this one going round.
      fragmentDepths.set(name, 0);
      const depth = depthOf(fragment.selectionSet);
      fragmentDepths.set(name, depth);
      return depth;
    };
    return {
      OperationDefinition(operation) {
        // No rule of GraphQL's asks whether there are operations of that kind at all.
        if (context.getSchema().getRootType(operation.operation) == null) {
          const message = `This graph answers no operations of the kind ${operation.operation}. Ask for what is there by a query, again where it is to be followed.`;
          context.reportError(new GraphQLError(message, { nodes: [operation] }));
        }
        const depth = depthOf(operation.selectionSet);
        if (depth > maxDepth) context.reportError(tooDeep(depth, maxDepth, operation));
      },
    };
  };
}

function tooDeep(depth: number, maxDepth: number, node: ASTNode): GraphQLError {
  return new GraphQLError(
    `The operation is ${depth} levels of fields deep; at most ${maxDepth} are answered. Ask for the inner parts in a query of their own.`,
    { nodes: [node], extensions: { code: "QUERY_TOO_DEEP", maxDepth } },
  );
}
