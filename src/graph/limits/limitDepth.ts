import {
  type ASTNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";

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
