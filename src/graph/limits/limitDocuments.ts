import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type Location,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";

/** What one document may have validation compare, and go through: some ten milliseconds of it. */
const most = {
  /**
   * Pairs of fields of one response name, which have to be the same field, and of fragments spread at one place. Each pair counts more
   * the longer its arguments are.
   */
  comparisons: 10_000,
  /** Fields, counted at each place that a fragment with them is spread. */
  fields: 30_000,
} as const;

/** The whole schema is told in one piece, which takes as long as this many fields: at most four times in one document. */
const fieldsOfSchema = 7_000;

/** Characters of a fragment that take as long to go through once more, for one more operation, as a field. */
const fragmentCharacters = 10;

/** Each further operation is gone through by itself for its variables, which takes as long as this many fields. */
const fieldsOfOperation = 50;

/** Characters of arguments that take as long to compare as a field. */
const argumentCharacters = 40;

/**
 * Refuses a document that would take long to validate, before any other rule looks at it: GraphQL compares all fields that are
 * answered under one name with each other, and all fragments of one place, so that some thousand of them take seconds.
 */
export const limitDocuments: ValidationRule = (context) => {
  const document = context.getDocument();
  const work = new ValidationWork(document);
  if (work.isTooMuch()) {
    context.reportError(
      new GraphQLError(
        `The document repeats too much to be checked: fields of one name and fragments of one place make more than ${most.comparisons.toLocaleString("en-US")} pairs, or its fragments come to more than ${most.fields.toLocaleString("en-US")} fields, of which \`__schema\` alone is ${fieldsOfSchema.toLocaleString("en-US")} and each further operation ${fieldsOfOperation}. Write each field once, under aliases of its own, or send several documents.`,
        { extensions: { code: "QUERY_TOO_COMPLEX" } },
      ),
    );
    // The rules walk the document after all of them are made: they find it empty, and nobody else is given what did not pass.
    Object.assign(document, { definitions: [] });
  }
  return {};
};

/** Fields that are answered as one, to be looked into: all that is selected of one object. */
type Selections = readonly SelectionSetNode[];

/** How much of it there is to compare, counted no further than it may come to. */
class ValidationWork {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #ids = new Map<SelectionSetNode, number>();
  readonly #known = new Set<string>();
  readonly #waiting: Selections[] = [];
  #comparisons = 0;
  #fields = 0;

  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
    let operations = 0;
    for (const definition of document.definitions) {
      if ("selectionSet" in definition) this.#await([definition.selectionSet]);
      if (definition.kind === Kind.OPERATION_DEFINITION) operations += 1;
    }
    const characters = [...this.#fragments.values()].reduce((sum, { loc }) => sum + lengthOf(loc, loc), 0);
    this.#fields = (Math.max(1, operations) - 1) * (fieldsOfOperation + characters / fragmentCharacters);
  }

  isTooMuch(): boolean {
    // A list and no recursion: the depth of the document is not known to be bounded yet.
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#compareWithin(next);
      if (this.#comparisons > most.comparisons || this.#fields > most.fields) return true;
    }
    return false;
  }

  #await(asked: Selections): void {
    const selections = asked.length === 1 ? asked.map((each) => this.#within(each)) : asked;
    const ids = [...new Set(selections.map((each) => this.#idOf(each)))];
    const key = ids.sort((left, right) => left - right).join();
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#waiting.push(selections);
  }

  /** Counts the pairs among what is selected of one object, and has those of what is below looked at. */
  #compareWithin(selections: Selections): void {
    const named = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const sets = [...selections];
    for (let set = sets.pop(); set !== undefined && this.#fields <= most.fields; set = sets.pop()) {
      for (const selection of set.selections) {
        const isSchema = selection.kind === Kind.FIELD && selection.name.value === "__schema";
        this.#fields += isSchema ? fieldsOfSchema : 1;
        if (selection.kind === Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value;
          const same = named.get(name);
          if (same === undefined) named.set(name, [selection]);
          else same.push(selection);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) sets.push(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = this.#fragments.get(selection.name.value);
          if (fragment !== undefined) sets.push(fragment.selectionSet);
        }
      }
    }
    this.#comparisons += (spread.size * (spread.size - 1)) / 2;
    for (const same of named.values()) {
      if (same.length > 1)
        this.#comparisons += ((same.length - 1) * same.reduce((sum, each) => sum + weightOf(each), 0)) / 2;
      if (this.#comparisons > most.comparisons) return;
      const below = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) this.#await(below);
    }
  }

  /** What only spreads a fragment holds nothing to compare: the fragment is gone through once, wherever it is spread. */
  #within(set: SelectionSetNode): SelectionSetNode {
    const [only, ...others] = set.selections;
    if (only?.kind !== Kind.FRAGMENT_SPREAD || others.length > 0) return set;
    return this.#fragments.get(only.name.value)?.selectionSet ?? set;
  }

  #idOf(set: SelectionSetNode): number {
    const known = this.#ids.get(set) ?? this.#ids.size;
    this.#ids.set(set, known);
    return known;
  }
}

function weightOf({ arguments: given = [] }: FieldNode): number {
  return 1 + lengthOf(given[0]?.loc, given.at(-1)?.loc) / argumentCharacters;
}

function lengthOf(first: Location | undefined, last: Location | undefined): number {
  return first === undefined || last === undefined ? 0 : last.end - first.start;
}
