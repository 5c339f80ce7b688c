import { type GraphQLObjectType, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { applies, factsOf, fieldOf, objectTypesOf } from "./fieldFacts.js";

type Of = Pick<GraphQLResolveInfo, "schema" | "fragments">;

/** By selection and type: a selection is of one document. */
const sums = new WeakMap<SelectionSetNode, Map<GraphQLObjectType, number>>();

/**
 * Units of one item of the list that a field answers: of all its fields, down to the lists within it, which count by themselves.
 * Of the type that costs most, and no field is left out for a condition: it may be too much, never too little.
 */
export function unitsOfItem(info: GraphQLResolveInfo): number {
  const types = objectTypesOf(info.schema, info.returnType);
  const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return 1 + Math.max(0, ...types.map((type) => sets.reduce((sum, set) => sum + unitsOf(set, type, info), 0)));
}

function unitsOf(selectionSet: SelectionSetNode, type: GraphQLObjectType, info: Of): number {
  const ofSet = sums.get(selectionSet) ?? new Map<GraphQLObjectType, number>();
  sums.set(selectionSet, ofSet);
  const summed = ofSet.get(type);
  if (summed !== undefined) return summed;
  ofSet.set(type, 0);
  let sum = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const field = fieldOf(info.schema, type, selection);
      if (field === undefined) continue;
      const { units, objectTypes, times } = factsOf(info.schema, type, field);
      const { selectionSet: below } = selection;
      const isList = times.kind !== "once";
      sum += units;
      if (below === undefined || isList) continue;
      sum += Math.max(0, ...objectTypes.map((each) => unitsOf(below, each, info)));
      continue;
    }
    const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    if (spread !== undefined && applies(info.schema, spread.typeCondition?.name.value, type)) {
      sum += unitsOf(spread.selectionSet, type, info);
    }
  }
  ofSet.set(type, sum);
  return sum;
}
