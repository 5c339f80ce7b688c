import type { OperationDefinitionNode, ValueNode } from "graphql";
import { argumentLists, givenUnits, itemUnits } from "./fieldCosts.js";
import { type Given, givenByDefaults, givenByVariable } from "./givenLists.js";

/** What an operation asks for at most, as far as that can be told before it runs. */
export interface OperationCost {
  /** Units of work: see `fieldCosts`. What bounds are about. */
  readonly cost: number;
  /** Values in the answer, objects too. */
  readonly fields: number;
  /** Items of lists among them. */
  readonly items: number;
  /** Characters of the answer. */
  readonly bytes: number;
  /** Fields in the document, at each place that a fragment with them is spread: each is planned, however many objects have it. */
  readonly places: number;
  /** Values in the longest list that an argument holds, but for those that have a bound of their own. */
  readonly longestGiven: number;
}

export type Variables = Readonly<Record<string, unknown>>;

export const nothing: OperationCost = { cost: 0, fields: 0, items: 0, bytes: 0, places: 0, longestGiven: 0 };

function add(left: OperationCost, right: OperationCost, times = 1): OperationCost {
  return {
    cost: left.cost + right.cost * times,
    fields: left.fields + right.fields * times,
    items: left.items + right.items * times,
    bytes: left.bytes + right.bytes * times,
    places: left.places + right.places,
    longestGiven: Math.max(left.longestGiven, right.longestGiven),
  };
}

function most(left: OperationCost, right: OperationCost): OperationCost {
  return {
    cost: Math.max(left.cost, right.cost),
    fields: Math.max(left.fields, right.fields),
    items: Math.max(left.items, right.items),
    bytes: Math.max(left.bytes, right.bytes),
    places: Math.max(left.places, right.places),
    longestGiven: Math.max(left.longestGiven, right.longestGiven),
  };
}

/** How many objects a field stands for. */
export type Times =
  | { readonly kind: "once" }
  /** A list without pages. */
  | { readonly kind: "usual"; readonly items: number }
  /** `nodes` and `edges`: as many as the page holds that they are of. */
  | { readonly kind: "page" }
  /** A list whose own argument says how long it is at most. */
  | { readonly kind: "first"; readonly page: PageSize }
  /** A list as long as one that an argument holds. */
  | { readonly kind: "argument"; readonly of: string; readonly value: ValueNode | undefined };

/** A field of one value. */
export const once: Times = { kind: "once" };

/** How many items the page of a connection, or a list of its own, holds at most. */
export interface PageSize {
  readonly first: ValueNode | undefined;
  readonly default: number;
  readonly max: number;
  /** How many it usually has: counts where it stands below another list, so that there are many of it, and where nobody asked. */
  readonly usual: number;
}

/** A condition of `@skip` or `@include` that a variable decides. */
export interface Condition {
  readonly variable: string;
  readonly isWanted: boolean;
}

/** One field of a selection with all below it. */
export interface Term {
  readonly own: OperationCost;
  readonly conditions: readonly Condition[];
  /** Variables in its arguments, each of which may hold lists. */
  readonly given: readonly string[];
  readonly times: Times;
  /** Of a connection: the page that `nodes` and `edges` below it hold. */
  readonly page: PageSize | null;
  /** One for each type that the object may be of; none for a plain value. */
  readonly below: readonly Part[];
  /** A fragment, whose fields are those of the object that it is spread in. */
  readonly isSpread: boolean;
}

/** What is selected of an object of one type. */
export interface Part {
  /** Fields without conditions and without anything below, taken together. */
  plain: OperationCost;
  readonly terms: Term[];
}

/** Of a part: what it costs by itself, and for each item of the page whose connection it selects from. */
interface Amount {
  readonly once: OperationCost;
  readonly eachItem: OperationCost;
}

/**
 * What an operation of a document costs, as a function of its variables: made once a document, evaluated in microseconds. A
 * fragment is one part however often it is spread, so that fragments that spread each other cost no more than their text.
 */
export class CostShape {
  readonly #defaults: Variables;
  readonly #givenByDefaults: ReadonlyMap<string, Given>;
  /** Set where no variable was looked at: then none ever is. */
  #always: OperationCost | null = null;

  constructor(
    readonly root: Part,
    operation: OperationDefinitionNode,
  ) {
    this.#defaults = defaultsOf(operation);
    this.#givenByDefaults = givenByDefaults(operation);
  }

  evaluate(variables: Variables): OperationCost {
    if (this.#always !== null) return this.#always;
    let dependsOnVariables = false;
    const variable = (name: string) => {
      dependsOnVariables = true;
      return ownValue(variables, name) ?? ownValue(this.#defaults, name);
    };
    const given = (name: string) => {
      dependsOnVariables = true;
      return givenByVariable(ownValue(variables, name)) ?? this.#givenByDefaults.get(name) ?? null;
    };
    const evaluation = new Evaluation(variable, given);
    const cost = evaluation.amountOf(this.root, false).once;
    if (!dependsOnVariables) this.#always = cost;
    return cost;
  }
}

class Evaluation {
  readonly #known: readonly [Map<Part, Amount>, Map<Part, Amount>] = [new Map(), new Map()];
  readonly #given = new Map<string, Given | null>();

  constructor(
    readonly variable: (name: string) => unknown,
    readonly given: (name: string) => Given | null,
  ) {}

  amountOf(part: Part, isNested: boolean): Amount {
    const memo = this.#known[isNested ? 1 : 0];
    const known = memo.get(part);
    if (known !== undefined) return known;
    let once = part.plain;
    let eachItem = nothing;
    for (const term of part.terms) {
      if (!this.#isWanted(term)) continue;
      if (term.isSpread) {
        for (const spread of term.below) {
          const amount = this.amountOf(spread, isNested);
          once = add(once, amount.once);
          eachItem = add(eachItem, amount.eachItem);
        }
        continue;
      }
      if (term.times.kind === "page") {
        // The key stands once, whatever the page holds.
        once = this.#withGiven(add(once, term.own), term);
        eachItem = add(eachItem, this.#itemOf(term, true));
        continue;
      }
      const times = this.#timesOf(term.times, isNested);
      const isList = term.times.kind !== "once";
      once = this.#withGiven(add(add(once, term.own), this.#itemOf(term, isNested || isList), times), term);
      if (term.times.kind === "argument") once = add(once, argumentCost(term.times.of), times);
    }
    const amount = { once, eachItem };
    memo.set(part, amount);
    return amount;
  }

  /** What the variables of its arguments hold is gone through once for each field. */
  #withGiven(cost: OperationCost, { given }: Term): OperationCost {
    if (given.length === 0) return cost;
    let sum = cost;
    for (const name of given) {
      const known = this.#given.get(name) ?? this.given(name);
      this.#given.set(name, known);
      if (known !== null) sum = add(sum, { ...nothing, cost: known.values * givenUnits, longestGiven: known.longest });
    }
    return sum;
  }

  /** One object of a term, of the type that costs most. */
  #itemOf({ below, page, times }: Term, isNested: boolean): OperationCost {
    const item = times.kind === "once" ? nothing : { ...nothing, cost: itemUnits, fields: 1, items: 1, bytes: 3 };
    let costliest = nothing;
    for (const part of below) {
      const { once, eachItem } = this.amountOf(part, isNested);
      costliest = most(costliest, page === null ? once : add(once, eachItem, this.#sizeOf(page, isNested)));
    }
    return add(item, costliest);
  }

  #timesOf(times: Times, isNested: boolean): number {
    switch (times.kind) {
      case "usual":
        return times.items;
      case "first":
        return this.#sizeOf(times.page, isNested);
      case "argument":
        return this.#lengthOf(times.value);
      default:
        return 1;
    }
  }

  #sizeOf(page: PageSize, isNested: boolean): number {
    const asked = this.#numberOf(page.first);
    const first = Math.min(Math.max(asked ?? page.default, 0), page.max);
    return isNested || asked === null ? Math.min(first, page.usual) : first;
  }

  #numberOf(value: ValueNode | undefined): number | null {
    if (value?.kind === "IntValue") return Number(value.value);
    const given = value?.kind === "Variable" ? this.variable(value.name.value) : undefined;
    return typeof given === "number" ? given : null;
  }

  #lengthOf(value: ValueNode | undefined): number {
    if (value?.kind === "ListValue") return value.values.length;
    if (value?.kind !== "Variable") return 1;
    const given = this.variable(value.name.value);
    return Array.isArray(given) ? given.length : 1;
  }

  #isWanted({ conditions }: Term): boolean {
    return conditions.every(({ variable, isWanted }) => (this.variable(variable) === true) === isWanted);
  }
}

function argumentCost(field: string): OperationCost {
  return { ...nothing, cost: argumentLists[field]?.unitsEach ?? 0 };
}

/** Whatever it is called: nothing that all objects have is the value of a variable. */
function ownValue(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** Of the variables that decide something here: numbers, truths, and the lengths of lists. What else is preset is counted in the document. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }): [string, unknown][] => {
      const name = variable.name.value;
      if (defaultValue?.kind === "IntValue") return [[name, Number(defaultValue.value)]];
      if (defaultValue?.kind === "BooleanValue") return [[name, defaultValue.value]];
      return defaultValue?.kind === "ListValue" ? [[name, defaultValue.values]] : [];
    }),
  );
}
