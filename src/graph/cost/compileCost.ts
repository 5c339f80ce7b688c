import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { type Condition, CostShape, nothing, once, type Part } from "./CostShape.js";
import { givenUnits } from "./fieldCosts.js";
import { type AnyField, applies, factsOf, fieldOf, placeOf } from "./fieldFacts.js";
import { givenByText } from "./givenLists.js";

/** Selections that are looked at to count fields of one response name as one. Beyond it each is counted by itself. */
const maxMerged = 10_000;

/**
 * The cost of an operation as a function of its variables. It takes as long as the document is: fields of one response name are
 * counted once, as they are answered, unless fragments are so entangled that finding that out would cost more than it is worth.
 */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CostShape {
  const type = schema.getRootType(operation.operation);
  if (!type) return new CostShape({ plain: nothing, terms: [] }, operation);
  const fragments = new Map(
    document.definitions.flatMap((each): [string, FragmentDefinitionNode][] =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const merged = new Compiler(schema, fragments, maxMerged).partOf([operation.selectionSet], type);
  return new CostShape(merged ?? new Compiler(schema, fragments, null).sumOf(operation.selectionSet, type), operation);
}

/** A field with the conditions under which it is selected. */
interface Selected {
  readonly node: FieldNode;
  readonly conditions: readonly Condition[];
}

class Compiler {
  readonly #parts = new Map<string, Part>();
  readonly #ids = new Map<object, number>();
  readonly #sums = new Map<SelectionSetNode, Map<GraphQLObjectType, Part>>();
  #looked = 0;

  constructor(
    readonly schema: GraphQLSchema,
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    readonly maxLooked: number | null,
  ) {}

  /** What selections of one object come to, merged as they are answered; `null` where that is not worth its while. */
  partOf(selectionSets: readonly SelectionSetNode[], type: GraphQLObjectType): Part | null {
    const key = `${type.name}:${[...new Set(selectionSets.map((each) => this.#idOf(each)))].sort().join()}`;
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const selected = new Map<string, Selected[]>();
    for (const selectionSet of selectionSets) this.#collect(selectionSet, type, [], new Set(), selected);
    if (this.#isSpent()) return null;
    const part: Part = { plain: nothing, terms: [] };
    // Known before it is whole: a fragment that spreads itself has been refused, and must not keep this going round.
    this.#parts.set(key, part);
    for (const same of selected.values()) {
      const field = fieldOf(this.schema, type, same[0]?.node);
      if (field === undefined) continue;
      const below: Part[] = [];
      for (const objectType of factsOf(this.schema, type, field).objectTypes) {
        const sets = same.flatMap(({ node }) => node.selectionSet ?? []);
        const part = this.partOf(sets, objectType);
        if (part === null) return null;
        below.push(part);
      }
      // Selected twice, it is answered where either condition holds: taken as always.
      const conditions = same.length === 1 ? (same[0]?.conditions ?? []) : [];
      addField(part, this.schema, type, field, same[0]?.node, conditions, below);
    }
    return part;
  }

  /** The same, each selection by itself: too much where they overlap, and never longer than the document. */
  sumOf(selectionSet: SelectionSetNode, type: GraphQLObjectType): Part {
    const ofSet = this.#sums.get(selectionSet) ?? new Map<GraphQLObjectType, Part>();
    this.#sums.set(selectionSet, ofSet);
    const known = ofSet.get(type);
    if (known !== undefined) return known;
    const part: Part = { plain: nothing, terms: [] };
    ofSet.set(type, part);
    for (const selection of selectionSet.selections) {
      const conditions = conditionsOf(selection.directives);
      if (conditions === null) continue;
      if (selection.kind === Kind.FIELD) {
        const field = fieldOf(this.schema, type, selection);
        if (field === undefined) continue;
        const { selectionSet: inner } = selection;
        const below =
          inner === undefined
            ? []
            : factsOf(this.schema, type, field).objectTypes.map((each) => this.sumOf(inner, each));
        addField(part, this.schema, type, field, selection, conditions, below);
        continue;
      }
      const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      if (spread === undefined || !applies(this.schema, spread.typeCondition?.name.value, type)) continue;
      // Through a fragment a connection's page is still the connection's.
      part.terms.push({
        own: nothing,
        conditions,
        given: [],
        times: once,
        page: null,
        below: [this.sumOf(spread.selectionSet, type)],
        isSpread: true,
      });
    }
    return part;
  }

  #collect(
    selectionSet: SelectionSetNode,
    type: GraphQLObjectType,
    outer: readonly Condition[],
    visited: Set<string>,
    into: Map<string, Selected[]>,
  ): void {
    for (const selection of selectionSet.selections) {
      this.#looked += 1;
      if (this.#isSpent()) return;
      const own = conditionsOf(selection.directives);
      if (own === null) continue;
      const conditions = own.length === 0 ? outer : [...outer, ...own];
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value;
        const same = into.get(name);
        if (same === undefined) into.set(name, [{ node: selection, conditions }]);
        else same.push({ node: selection, conditions });
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        // Under a condition it may be left out here and wanted elsewhere.
        if (conditions.length === 0 && visited.has(selection.name.value)) continue;
        if (conditions.length === 0) visited.add(selection.name.value);
      }
      const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      if (spread === undefined || !applies(this.schema, spread.typeCondition?.name.value, type)) continue;
      this.#collect(spread.selectionSet, type, conditions, visited, into);
    }
  }

  #isSpent(): boolean {
    return this.maxLooked !== null && this.#looked > this.maxLooked;
  }

  #idOf(selectionSet: SelectionSetNode): number {
    const known = this.#ids.get(selectionSet);
    if (known !== undefined) return known;
    this.#ids.set(selectionSet, this.#ids.size);
    return this.#ids.size - 1;
  }
}

function addField(
  part: Part,
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: AnyField,
  node: FieldNode | undefined,
  conditions: readonly Condition[],
  below: readonly Part[],
): void {
  const { units, valueBytes, isPlain, times, argument, pages, isPaged } = factsOf(schema, type, field);
  const bytes = (node?.alias?.value ?? field.name).length + 4 + valueBytes;
  const { plain } = part;
  if (isPlain && conditions.length === 0) {
    const { cost, fields, items } = plain;
    part.plain = {
      cost: cost + units,
      fields: fields + 1,
      items,
      bytes: plain.bytes + bytes,
      places: plain.places + 1,
      longestGiven: 0,
    };
    return;
  }
  const page = pages === null ? null : { ...pages, first: argumentOf(node, "first") };
  // What has a price of its own is not counted twice.
  const given = givenByText((node?.arguments ?? []).filter(({ name }) => name.value !== argument));
  part.terms.push({
    own: {
      cost: units + given.values * givenUnits,
      fields: 1,
      items: 0,
      bytes,
      places: 1,
      longestGiven: given.longest,
    },
    conditions,
    given: given.variables,
    times:
      argument !== null
        ? { kind: "argument", of: placeOf(type, field), value: argumentOf(node, argument) }
        : isPaged && page !== null
          ? { kind: "first", page }
          : isPlain
            ? once
            : times,
    page: isPaged ? null : page,
    below,
    isSpread: false,
  });
}

function argumentOf(node: FieldNode | undefined, argument: string) {
  return node?.arguments?.find(({ name }) => name.value === argument)?.value;
}

/** Under which conditions something is selected; `null` where it never is. */
function conditionsOf(directives: readonly DirectiveNode[] | undefined): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== "skip" && name.value !== "include") continue;
    const isWanted = name.value === "include";
    const value = given?.[0]?.value;
    if (value?.kind === Kind.BOOLEAN && value.value !== isWanted) return null;
    if (value?.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, isWanted });
  }
  return conditions;
}
