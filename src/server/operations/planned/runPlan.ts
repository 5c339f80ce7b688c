import {
  defaultTypeResolver,
  type ExecutionResult,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLResolveInfo,
  isObjectType,
  locatedError,
  responsePathAsArray,
} from "graphql";
import {
  argumentsOf,
  type FieldPlan,
  type OperationPlan,
  type SelectionPlan,
  type ValuePlan,
} from "./OperationPlan.js";
import { weigh, weightOfText } from "./weigh.js";

type Path = GraphQLResolveInfo["path"];
type Data = Record<string, unknown>;
type LeafPlan = Extract<ValuePlan, { kind: "leaf" }>;

/** What one execution of a plan shares. */
interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  readonly variableValues: GraphQLResolveInfo["variableValues"];
  /** By the index of the field: the same for every object of the answer. */
  readonly args: (Readonly<Record<string, unknown>> | undefined)[];
  readonly errors: GraphQLError[];
  /** Where an error made the answer null: what fails below it later is not told. */
  readonly nulled: Set<Path | undefined>;
  /** As how many values the answer counts so far when it is written. */
  weight: number;
}

/**
 * By the data of an answer: as how many values it counts when it is written, so that nobody has to count them again. What is short is
 * sooner counted again than noted, and is no work for the collector then.
 */
const weights = new WeakMap<object, number>();
const leastNoted = 200;

/** As how many values the data of an answer counts, where it was put together here. */
export function weightOf(data: object): number | undefined {
  return weights.get(data);
}

/**
 * Executes a planned query. What comes out, and in which order resolvers are called, errors are told and promises settle, is what
 * graphql-js 16.15 does; its structure is kept function by function so that the two can be compared. What is saved: looking up
 * fields and arguments for each object, and paths, arguments and `info` for plain properties.
 */
export function runPlan(
  plan: OperationPlan,
  context: unknown,
  variableValues: GraphQLResolveInfo["variableValues"],
): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = { plan, context, variableValues, args: [], errors: [], nulled: new Set(), weight: 0 };
  const failed = (error: unknown): ExecutionResult => {
    addError(run, error as GraphQLError, undefined);
    return resultOf(run, null);
  };
  try {
    const data = runSelection(run, plan.root, undefined, undefined);
    return isPromise(data) ? data.then((settled) => resultOf(run, settled as Data), failed) : resultOf(run, data);
  } catch (error) {
    return failed(error);
  }
}

function resultOf({ errors, weight }: Run, data: Data | null): ExecutionResult {
  if (data !== null && weight >= leastNoted) weights.set(data, weight);
  return errors.length === 0 ? { data } : { errors, data };
}

function runSelection(run: Run, { fields, weight }: SelectionPlan, source: unknown, path: Path | undefined) {
  // Property by property: copying one that has them all is slower where a process has answered more than a few selections (V8 11.3).
  const results: Data = {};
  run.weight += weight;
  let hasPromises = false;
  try {
    for (const field of fields) {
      const result = runField(run, field, source, path);
      results[field.responseName] = result;
      if (isPromise(result)) hasPromises = true;
    }
  } catch (error) {
    if (!hasPromises) throw error;
    // Those that were begun may fail too, and somebody has to hear it.
    return settleAll(results).finally(() => {
      throw error;
    });
  }
  return hasPromises ? settleAll(results) : results;
}

function settleAll(results: Data): Promise<Data> {
  return Promise.all(Object.values(results)).then((settled) => {
    for (const [index, name] of Object.keys(results).entries()) results[name] = settled[index];
    return results;
  });
}

function runField(run: Run, field: FieldPlan, source: unknown, parentPath: Path | undefined): unknown {
  let path: Path | undefined;
  try {
    let info: GraphQLResolveInfo | undefined;
    let value: unknown;
    if (field.resolve !== null) {
      path = pathOf(field, parentPath);
      info = infoOf(run, field, path);
      value = field.resolve(source, argumentsFor(run, field), run.context, info);
    } else {
      // An argument that is wrong fails the field, whoever reads it.
      const args = field.argumentsAre === "none" ? nothing : argumentsFor(run, field);
      value = propertyOf(source, field.name);
      if (typeof value === "function") {
        path = pathOf(field, parentPath);
        info = infoOf(run, field, path);
        value = value.call(source, args, run.context, info);
      } else if (field.exception?.isAsked(value, source)) {
        path = pathOf(field, parentPath);
        info = infoOf(run, field, path);
        value = field.exception.resolve(source, args, run.context, info);
      }
    }
    const { value: plan } = field;
    if (plan.kind === "leaf" && !isPromise(value)) return completeLeaf(run, plan, field, value);
    path ??= pathOf(field, parentPath);
    return completeField(run, { field, path, info }, value);
  } catch (error) {
    return handleError(run, error, field, field.value, path ?? pathOf(field, parentPath));
  }
}

function completeLeaf(run: Run, { serialize, isNonNull }: LeafPlan, field: FieldPlan, value: unknown): unknown {
  if (typeof value === "string") {
    run.weight += weightOfText(value);
    return serialize(value);
  }
  if (value instanceof Error) throw value;
  if (value !== null && value !== undefined) {
    const serialized = serialize(value);
    if (typeof serialized === "object") run.weight += weigh(serialized, Number.POSITIVE_INFINITY);
    return serialized;
  }
  if (isNonNull) throw nullError(field);
  return null;
}

/** The field that a value is the answer to. */
interface Place {
  readonly field: FieldPlan;
  readonly path: Path;
  /** Made where it is needed; one for all items of a list. */
  info: GraphQLResolveInfo | undefined;
}

function completeField(run: Run, at: Place, value: unknown): unknown {
  const { field, path } = at;
  const completed = isPromise(value)
    ? value.then((settled) => complete(run, field.value, at, path, settled))
    : complete(run, field.value, at, path, value);
  if (!isPromise(completed)) return completed;
  return completed.then(undefined, (error: unknown) => handleError(run, error, field, field.value, path));
}

function complete(run: Run, plan: ValuePlan, at: Place, path: Path, value: unknown): unknown {
  if (plan.kind === "leaf") return completeLeaf(run, plan, at.field, value);
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (plan.isNonNull) throw nullError(at.field);
    return null;
  }
  switch (plan.kind) {
    case "list":
      return completeList(run, plan.item, at, path, value);
    case "abstract":
      return completeAbstract(run, plan.named, at, path, value);
    case "object":
      return runSelection(run, run.plan.below(at.field, plan.named), value, path);
  }
}

/** A list that lets others have their turn between some of its items. */
interface InSlices {
  inSlices(complete: (item: unknown, at: number) => unknown): readonly unknown[] | Promise<readonly unknown[]>;
}

function completeList(run: Run, plan: ValuePlan, at: Place, path: Path, value: unknown): unknown {
  if (isInSlices(value)) {
    return value.inSlices((item, key) => completeItem(run, plan, at, { prev: path, key, typename: undefined }, item));
  }
  if (!isIterable(value)) {
    const { parent, name } = at.field;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parent.name}.${name}".`);
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : Array.from(value);
  const completed: unknown[] = [];
  run.weight += plan.kind === "leaf" ? 1 + items.length : 1;
  let hasPromises = false;
  for (let index = 0; index < items.length; index += 1) {
    const one = completeItem(run, plan, at, { prev: path, key: index, typename: undefined }, items[index]);
    if (isPromise(one)) hasPromises = true;
    completed.push(one);
  }
  return hasPromises ? Promise.all(completed) : completed;
}

function completeItem(run: Run, plan: ValuePlan, at: Place, path: Path, item: unknown): unknown {
  try {
    const one = isPromise(item)
      ? item.then((settled) => complete(run, plan, at, path, settled))
      : complete(run, plan, at, path, item);
    if (!isPromise(one)) return one;
    return one.then(undefined, (error: unknown) => handleError(run, error, at.field, plan, path));
  } catch (error) {
    return handleError(run, error, at.field, plan, path);
  }
}

function completeAbstract(run: Run, type: GraphQLAbstractType, at: Place, path: Path, value: unknown): unknown {
  const resolve = type.resolveType ?? defaultTypeResolver;
  at.info ??= infoOf(run, at.field, at.path);
  const named = resolve(value, run.context, at.info, type);
  return isPromise(named)
    ? named.then((name) => runSelection(run, selectionOf(run, type, at.field, name), value, path))
    : runSelection(run, selectionOf(run, type, at.field, named), value, path);
}

function selectionOf(run: Run, abstract: GraphQLAbstractType, field: FieldPlan, name: unknown): SelectionPlan {
  const known = typeof name === "string" ? field.below.get(name) : undefined;
  return known ?? run.plan.below(field, objectTypeOf(run, abstract, field, name));
}

function objectTypeOf({ plan: { schema } }: Run, abstract: GraphQLAbstractType, field: FieldPlan, name: unknown) {
  const place = `for field "${field.parent.name}.${field.name}"`;
  const mustResolve = `Abstract type "${abstract.name}" must resolve to an Object type at runtime ${place}`;
  const advice = `Either the "${abstract.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`;
  const refused = (message: string) => new GraphQLError(message, { nodes: field.nodes });
  if (name === undefined || name === null) throw refused(`${mustResolve}. ${advice}`);
  if (typeof name !== "string") throw refused(`${mustResolve}, not to a value that is no name.`);
  const type = schema.getType(name);
  const resolved = `Abstract type "${abstract.name}" was resolved to a`;
  if (type === undefined) throw refused(`${resolved} type "${name}" that does not exist inside the schema.`);
  if (!isObjectType(type)) throw refused(`${resolved} non-object type "${name}".`);
  if (schema.isSubType(abstract, type)) return type;
  throw refused(`Runtime Object type "${name}" is not a possible type for "${abstract.name}".`);
}

function handleError(run: Run, raw: unknown, { nodes }: FieldPlan, { isNonNull }: ValuePlan, path: Path): null {
  const error = locatedError(raw, nodes, responsePathAsArray(path));
  if (isNonNull) throw error;
  addError(run, error, path);
  return null;
}

function addError({ errors, nulled }: Run, error: GraphQLError, path: Path | undefined): void {
  for (let step: Path | undefined = path; step !== undefined; step = step.prev) if (nulled.has(step)) return;
  if (nulled.has(undefined)) return;
  nulled.add(path);
  errors.push(error);
}

function nullError({ parent, name }: FieldPlan): Error {
  return new Error(`Cannot return null for non-nullable field ${parent.name}.${name}.`);
}

const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

function argumentsFor(run: Run, field: FieldPlan): Readonly<Record<string, unknown>> {
  if (field.argumentsAre === "none") return nothing;
  const known = run.args[field.index];
  if (known !== undefined) return known;
  const made = argumentsOf(field, run.variableValues);
  run.args[field.index] = made;
  return made;
}

function pathOf({ responseName, parent }: FieldPlan, prev: Path | undefined): Path {
  return { prev, key: responseName, typename: parent.name };
}

/** What graphql-js tells: the typings of another package add two members, which nothing of this version has. */
type Told = Pick<
  GraphQLResolveInfo,
  | ("fieldName" | "fieldNodes" | "returnType" | "parentType" | "path")
  | ("schema" | "fragments" | "rootValue" | "operation" | "variableValues")
>;

function infoOf({ plan, variableValues }: Run, field: FieldPlan, path: Path): GraphQLResolveInfo {
  const info: Told = {
    fieldName: field.name,
    fieldNodes: field.nodes,
    returnType: field.value.type,
    parentType: field.parent,
    path,
    schema: plan.schema,
    fragments: plan.fragments,
    rootValue: undefined,
    operation: plan.operation,
    variableValues,
  };
  return info as GraphQLResolveInfo;
}

function propertyOf(source: unknown, name: string): unknown {
  if ((typeof source !== "object" || source === null) && typeof source !== "function") return undefined;
  return (source as Readonly<Record<string, unknown>>)[name];
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function isInSlices(value: unknown): value is InSlices {
  return typeof value === "object" && value !== null && "inSlices" in value;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === "function"
  );
}
