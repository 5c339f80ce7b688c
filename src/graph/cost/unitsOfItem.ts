import { type GraphQLObjectType, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { itemUnits } from "./fieldCosts.js";
import { applies, factsOf, fieldOf, objectTypesOf } from "./fieldFacts.js";

type Of = Pick<GraphQLResolveInfo, "schema" | "fragments">;

/** What an object costs with what is selected of it. */
export interface ObjectUnits {
  /** What it counts in what an operation may cost. */
  readonly units: number;
  /** What it counts where work is divided into turns. */
  readonly steps: number;
}

const none: ObjectUnits = { units: 0, steps: 0 };

/** By selection and type: a selection is of one document. */
const sums = new WeakMap<SelectionSetNode, Map<GraphQLObjectType, ObjectUnits>>();

/** One item of the list that a field answers. */
export function unitsOfItem(info: GraphQLResolveInfo): ObjectUnits {
  const { units, steps } = unitsOfObject(info);
  return { units: itemUnits + units, steps: 1 + steps };
}

/**
 * One object that a field answers: all its fields, down to the lists within it, which count by themselves. Of the type that costs
 * most, and no field is left out for a condition: it may be too much, never too little.
 */
export function unitsOfObject(info: GraphQLResolveInfo): ObjectUnits {
  const types = objectTypesOf(info.schema, info.returnType);
  const sets = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return most(types.map((type) => sets.reduce((sum, set) => plus(sum, unitsOf(set, type, info)), none)));
}

function unitsOf(selectionSet: SelectionSetNode, type: GraphQLObjectType, info: Of): ObjectUnits {
  const ofSet = sums.get(selectionSet) ?? new Map<GraphQLObjectType, ObjectUnits>();
  sums.set(selectionSet, ofSet);
  const summed = ofSet.get(type);
  if (summed !== undefined) return summed;
  ofSet.set(type, none);
  let sum = none;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const field = fieldOf(info.schema, type, selection);
      if (field === undefined) continue;
      const facts = factsOf(info.schema, type, field);
      const { selectionSet: below } = selection;
      const isList = facts.times.kind !== "once";
      sum = plus(sum, facts);
      if (below === undefined || isList) continue;
      sum = plus(sum, most(facts.objectTypes.map((each) => unitsOf(below, each, info))));
      continue;
    }
    const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    if (spread !== undefined && applies(info.schema, spread.typeCondition?.name.value, type)) {
      sum = plus(sum, unitsOf(spread.selectionSet, type, info));
    }
  }
  ofSet.set(type, sum);
  return sum;
}

function plus(left: ObjectUnits, right: ObjectUnits): ObjectUnits {
  return { units: left.units + right.units, steps: left.steps + right.steps };
}

function most(all: readonly ObjectUnits[]): ObjectUnits {
  return {
    units: Math.max(0, ...all.map(({ units }) => units)),
    steps: Math.max(0, ...all.map(({ steps }) => steps)),
  };
}
