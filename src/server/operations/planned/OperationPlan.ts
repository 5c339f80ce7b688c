import {
  type DocumentNode,
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLFieldResolver,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  type InlineFragmentNode,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  typeFromAST,
  visit,
} from "graphql";
import { type WriteLeaf, writerOf } from "./leaves.js";

/** What the fields of an operation are once its variables that decide about `@skip` and `@include` are known. */
export class OperationPlan {
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly root: SelectionPlan;
  /** Its size when it was last weighed, by whoever keeps it. */
  weighedAs = 0;
  #fields = 0;
  #values = 0;

  constructor(
    readonly schema: GraphQLSchema,
    readonly operation: OperationDefinitionNode,
    document: DocumentNode,
    /** The variables that decide about fields; others are not looked at. */
    readonly conditions: Readonly<Record<string, unknown>>,
  ) {
    this.fragments = fragmentsOf(document);
    const type = schema.getQueryType();
    if (!type) throw new Error("The schema has no queries.");
    this.root = this.#select(type, [operation.selectionSet]);
  }

  /** The fields that it has so far, and one for itself. */
  get size(): number {
    return this.#fields + 1;
  }

  /** What is selected of an object of a type at a field; found once. */
  below(field: FieldPlan, type: GraphQLObjectType): SelectionPlan {
    const known = field.below.get(type.name);
    if (known !== undefined) return known;
    const made = this.#select(
      type,
      field.nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
    field.below.set(type.name, made);
    return made;
  }

  #select(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectionPlan {
    const collected = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, collected, visited);
    const fields: FieldPlan[] = [];
    for (const [responseName, nodes] of collected) {
      const [node] = nodes;
      const definition = node === undefined ? undefined : definitionOf(this.schema, type, node);
      if (node === undefined || definition === undefined) continue;
      const value = this.#planValue(definition.type);
      fields.push(planField({ index: this.#fields, responseName, nodes, node, definition, parent: type, value }));
      this.#fields += 1;
    }
    return { fields };
  }

  #planValue(type: GraphQLOutputType): ValuePlan {
    const inner = isNonNullType(type) ? type.ofType : type;
    const isNonNull = inner !== type;
    if (isLeafType(inner)) return { isNonNull, type, kind: "leaf", write: writerOf(inner) };
    const index = this.#values;
    this.#values += 1;
    if (isListType(inner)) return { isNonNull, type, index, kind: "list", item: this.#planValue(inner.ofType) };
    return isAbstractType(inner)
      ? { isNonNull, type, index, kind: "abstract", named: inner }
      : { isNonNull, type, index, kind: "object", named: inner };
  }

  #collect(
    type: GraphQLObjectType,
    selectionSet: SelectionSetNode,
    collected: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!this.#isIncluded(selection)) continue;
        const name = selection.alias?.value ?? selection.name.value;
        const nodes = collected.get(name);
        if (nodes === undefined) collected.set(name, [selection]);
        else nodes.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (this.#isIncluded(selection) && this.#fits(selection, type))
          this.#collect(type, selection.selectionSet, collected, visited);
      } else {
        const name = selection.name.value;
        if (visited.has(name) || !this.#isIncluded(selection)) continue;
        visited.add(name);
        const fragment = this.fragments[name];
        if (fragment !== undefined && this.#fits(fragment, type))
          this.#collect(type, fragment.selectionSet, collected, visited);
      }
    }
  }

  #isIncluded(node: Parameters<typeof getDirectiveValues>[1]): boolean {
    if (node.directives === undefined || node.directives.length === 0) return true;
    const skip = getDirectiveValues(GraphQLSkipDirective, node, this.conditions);
    const include = getDirectiveValues(GraphQLIncludeDirective, node, this.conditions);
    return skip?.if !== true && include?.if !== false;
  }

  #fits({ typeCondition }: FragmentDefinitionNode | InlineFragmentNode, type: GraphQLObjectType): boolean {
    if (typeCondition === undefined) return true;
    const wanted = typeFromAST(this.schema, typeCondition);
    return wanted === type || (isAbstractType(wanted) && this.schema.isSubType(wanted, type));
  }
}

/** What is selected of an object of one type, in the order of the answer. */
export interface SelectionPlan {
  readonly fields: readonly FieldPlan[];
}

/** One field of the answer, with all that is the same for every object that has it. */
export interface FieldPlan {
  readonly index: number;
  readonly responseName: string;
  /** What stands in the text of an answer before its value, where it is the first of its object and where it is not. */
  readonly first: string;
  readonly next: string;
  readonly name: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parent: GraphQLObjectType;
  readonly value: ValuePlan;
  /** Of `__typename`: the text of its value, whatever the object. */
  readonly constant: string | null;
  /** `null`: the property of that name. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  /** Of a property: for which values a resolver is called after all. */
  readonly exception: PropertyException | null;
  readonly argumentsAre: "none" | "constant" | "variable";
  /** Arguments that are the same in every request, and that nobody can change; found at first use. */
  constants: Readonly<Record<string, unknown>> | null;
  /** What is selected of its value, by the name of the value's type. */
  readonly below: Map<string, SelectionPlan>;
}

/** A type as values are completed by it, without asking each time what kind of type it is. */
export type ValuePlan = LeafPlan | CompositePlan;

interface Typed {
  readonly isNonNull: boolean;
  readonly type: GraphQLOutputType;
}

export interface LeafPlan extends Typed {
  readonly kind: "leaf";
  readonly write: WriteLeaf;
}

/** `index`: which of those of its operation it is. */
export type CompositePlan = Typed & { readonly index: number } & (
    | { readonly kind: "list"; readonly item: ValuePlan }
    | { readonly kind: "abstract"; readonly named: GraphQLAbstractType }
    | { readonly kind: "object"; readonly named: GraphQLObjectType }
  );

interface PropertyException {
  readonly resolve: GraphQLFieldResolver<unknown, unknown>;
  isAsked(value: unknown, source: unknown): boolean;
}

/**
 * A field may say of its resolver that it answers with the property of its name, but for some values. That holds for as long as
 * nothing was put around the resolver.
 */
function exceptionOf(
  said: unknown,
  resolve: GraphQLFieldResolver<unknown, unknown> | undefined,
): PropertyException | null {
  if (typeof said !== "object" || said === null || resolve === undefined) return null;
  if (!("resolve" in said && said.resolve === resolve && "isAsked" in said)) return null;
  const { isAsked } = said;
  if (typeof isAsked !== "function") return null;
  return { resolve, isAsked: (value, source) => isAsked(value, source) === true };
}

interface FieldParts {
  readonly index: number;
  readonly responseName: string;
  readonly nodes: readonly FieldNode[];
  readonly node: FieldNode;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parent: GraphQLObjectType;
  readonly value: ValuePlan;
}

/**
 * Property by property: what is added to a spread object gives each a shape of its own (V8 11.3), and every field of every row is
 * answered by looking at these.
 */
function planField({ index, node, definition, responseName, nodes, parent, value }: FieldParts): FieldPlan {
  const { resolve, name, extensions } = definition;
  const exception = exceptionOf(extensions.asProperty, resolve);
  // A name of the language holds nothing that JSON escapes.
  const key = `"${responseName}":`;
  return {
    responseName,
    nodes,
    parent,
    index,
    name,
    definition,
    value,
    first: `{${key}`,
    next: `,${key}`,
    constant: definition === TypeNameMetaFieldDef ? `"${parent.name}"` : null,
    resolve: resolve === undefined || resolve === defaultFieldResolver || exception !== null ? null : resolve,
    exception,
    argumentsAre: definition.args.length === 0 ? "none" : usesVariables(node) ? "variable" : "constant",
    constants: null,
    below: new Map(),
  };
}

/** The arguments of a field in one request. Those that are made of nothing but numbers and texts are kept for all. */
export function argumentsOf(
  field: FieldPlan,
  variableValues: GraphQLResolveInfo["variableValues"],
): Readonly<Record<string, unknown>> {
  if (field.constants !== null) return field.constants;
  const [node] = field.nodes;
  if (node === undefined) throw new Error("A field without a place in the document.");
  const values = getArgumentValues(field.definition, node, variableValues);
  const isPlain = Object.values(values).every((value) => typeof value !== "object" || value === null);
  if (field.argumentsAre === "constant" && isPlain) field.constants = Object.freeze(values);
  return values;
}

/** The names of the variables that decide about fields, anywhere in a document. */
export function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: (directive) => {
      visit(directive, { Variable: ({ name }) => void names.add(name.value) });
    },
  });
  return [...names];
}

/**
 * Whether a document is answered by a plan as by graphql-js. A response name that every object has by nature is not: what is
 * planned makes ordinary objects.
 */
export function isPlannable(schema: GraphQLSchema, document: DocumentNode): boolean {
  let isOrdinary = true;
  visit(document, {
    Field: ({ name, alias }) => {
      if ((alias ?? name).value === "__proto__") isOrdinary = false;
    },
  });
  return isOrdinary && !checksTypes(schema);
}

const checking = new WeakMap<GraphQLSchema, boolean>();

/** Whether any type of a schema has a check of its own for its objects. */
function checksTypes(schema: GraphQLSchema): boolean {
  const known = checking.get(schema);
  if (known !== undefined) return known;
  const found = Object.values(schema.getTypeMap()).some((type) => isObjectType(type) && Boolean(type.isTypeOf));
  checking.set(schema, found);
  return found;
}

function usesVariables(node: FieldNode): boolean {
  let isFound = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      Variable: () => {
        isFound = true;
      },
    });
  }
  return isFound;
}

function definitionOf(
  schema: GraphQLSchema,
  parent: GraphQLObjectType,
  { name: { value: name } }: FieldNode,
): GraphQLField<unknown, unknown> | undefined {
  const isRoot = schema.getQueryType() === parent;
  if (isRoot && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (isRoot && name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  return parent.getFields()[name];
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  return fragments;
}
