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
import { Pace, type Pacing } from "../../../callers/Pace.js";
import { type Path, type Place, pathOf, placeOf } from "./FieldInfo.js";
import {
  argumentsOf,
  type CompositePlan,
  type FieldPlan,
  type LeafPlan,
  type OperationPlan,
  type SelectionPlan,
  type ValuePlan,
} from "./OperationPlan.js";
import { SharedTexts } from "./SharedTexts.js";
import { joined, ListText, PiecedText, type Text } from "./texts.js";
import { hearFailures, type InSlices, isInSlices, isIterable, isPromise, propertyOf } from "./values.js";
import { WrittenData } from "./WrittenData.js";

/** Fields of a root that are begun in one go, whoever else asks. */
const fieldsAtOnce = 16;

/** What one execution of a plan shares. */
interface Run {
  readonly plan: OperationPlan;
  readonly context: unknown;
  readonly variableValues: GraphQLResolveInfo["variableValues"];
  /** By the index of the field: the same for every object of the answer. */
  readonly args: (Readonly<Record<string, unknown>> | undefined)[];
  /** By the index of the value. */
  readonly shared: (SharedTexts | undefined)[];
  readonly errors: GraphQLError[];
  /** Where an error made the answer null: what fails below it later is not told. */
  readonly nulled: Set<Path | undefined>;
  /** How often something was done that is done for each place of the answer anew: a resolver was called, something failed. */
  deeds: number;
}

/**
 * Executes a planned query, and writes its answer on the way. What comes out, and in which order resolvers are called, errors are told
 * and promises settle, is what graphql-js 16.15 does, and the text what `JSON.stringify` makes of that; its structure is kept function by
 * function so that the two can be compared. What is saved: looking up fields and arguments for each object, paths, arguments and `info`
 * for plain properties, the objects of the answer, and the text of what is the same in many rows. Its data are a `WrittenData`.
 */
export function runPlan(
  plan: OperationPlan,
  context: unknown,
  variableValues: GraphQLResolveInfo["variableValues"],
  pacing: () => Pacing | null = Pace.besideOthers,
): ExecutionResult | Promise<ExecutionResult> {
  const run: Run = {
    plan,
    context,
    variableValues,
    args: [],
    shared: [],
    errors: [],
    nulled: new Set(),
    deeds: 0,
  };
  const failed = (error: unknown): ExecutionResult => {
    addError(run, error as GraphQLError, undefined);
    return resultOf(run, null);
  };
  try {
    const pace = plan.root.fields.length > fieldsAtOnce ? pacing() : null;
    const data = pace === null ? runSelection(run, plan.root, undefined, undefined) : runInTurns(run, plan.root, pace);
    return data instanceof Promise ? data.then((settled) => resultOf(run, settled), failed) : resultOf(run, data);
  } catch (error) {
    return failed(error);
  }
}

function resultOf({ errors, nulled }: Run, text: Text | null): ExecutionResult {
  const data = text === null ? null : new WrittenData(text, nulled);
  return errors.length === 0 ? { data } : { errors, data };
}

function runSelection(run: Run, { fields }: SelectionPlan, source: unknown, path: Path | undefined) {
  let text: Text = "";
  /** The values from the first on that has to be waited for. */
  let waiting: (Text | Promise<Text>)[] | null = null;
  try {
    for (const field of fields) {
      const value = runField(run, field, source, path);
      if (waiting !== null) waiting.push(value);
      else if (value instanceof Promise) waiting = [value];
      else text = append(text, field, value);
    }
  } catch (error) {
    if (waiting === null) throw error;
    // Those that were begun may fail too, and somebody has to hear it: no sooner than by graphql-js, which makes an object of them.
    return Promise.all(waiting)
      .then(() => undefined)
      .finally(() => {
        throw error;
      }) as Promise<never>;
  }
  if (waiting === null) return closed(text);
  const from = fields.length - waiting.length;
  return Promise.all(waiting).then((values) => {
    let whole = text;
    for (const [at, value] of values.entries()) whole = append(whole, fields[from + at] as FieldPlan, value);
    return closed(whole);
  });
}

/** The many fields of a root, one after the other as ever, with the turns of others between some of them. */
async function runInTurns(run: Run, { fields }: SelectionPlan, pace: Pacing): Promise<Text> {
  const values: (Text | Promise<Text>)[] = [];
  try {
    for (const field of fields) {
      const value = runField(run, field, undefined, undefined);
      values.push(value);
      hearFailures([value]);
      if (pace.isLate && !(await pace.next())) throw new GraphQLError("Nobody waits for the answer any more.");
    }
  } catch (error) {
    await Promise.all(values).catch(() => undefined);
    throw error;
  }
  // A promise for each that is there already would take longer than the field.
  const settled = (await Promise.all(values.filter((value) => value instanceof Promise))).values();
  const whole = new PiecedText();
  for (const [at, value] of values.entries()) {
    const text = value instanceof Promise ? (settled.next().value ?? "") : value;
    const field = fields[at];
    if (field === undefined || text === "") continue;
    whole.add(whole.isEmpty ? field.first : field.next);
    whole.add(text);
  }
  whole.add(whole.isEmpty ? "{}" : "}");
  return whole.end();
}

function append(text: Text, { first, next }: FieldPlan, value: Text): Text {
  if (value === "") return text;
  const before = text === "" ? first : next;
  if (typeof text === "string" && typeof value === "string") return text + before + value;
  return joined(joined(text, before), value);
}

function closed(text: Text): Text {
  return text === "" ? "{}" : joined(text, "}");
}

function runField(run: Run, field: FieldPlan, source: unknown, parentPath: Path | undefined): Text | Promise<Text> {
  if (field.constant !== null) return field.constant;
  let at: Place | undefined;
  try {
    let value: unknown;
    if (field.resolve !== null) {
      at = placeOf(run, field, parentPath);
      run.deeds += 1;
      value = field.resolve(source, argumentsFor(run, field), run.context, at);
    } else {
      // An argument that is wrong fails the field, whoever reads it.
      const args = field.argumentsAre === "none" ? nothing : argumentsFor(run, field);
      value = propertyOf(source, field.name);
      if (typeof value === "function") {
        at = placeOf(run, field, parentPath);
        run.deeds += 1;
        value = value.call(source, args, run.context, at);
      } else if (field.exception?.isAsked(value, source)) {
        at = placeOf(run, field, parentPath);
        run.deeds += 1;
        value = field.exception.resolve(source, args, run.context, at);
      }
    }
    const { value: plan } = field;
    if (plan.kind === "leaf" && !isPromise(value)) return completeLeaf(plan, field, value);
    at ??= placeOf(run, field, parentPath);
    return completeField(run, at, value);
  } catch (error) {
    return handleError(run, error, field, field.value, at?.path ?? pathOf(field, parentPath));
  }
}

function completeLeaf({ write, isNonNull }: LeafPlan, field: FieldPlan, value: unknown): Text {
  if (typeof value === "string") return write(value);
  if (value instanceof Error) throw value;
  if (value !== null && value !== undefined) return write(value);
  if (isNonNull) throw nullError(field);
  return "null";
}

function completeField(run: Run, at: Place, value: unknown): Text | Promise<Text> {
  const { field } = at;
  const completed = isPromise(value)
    ? value.then((settled) => complete(run, field.value, at, null, settled))
    : complete(run, field.value, at, null, value);
  if (!(completed instanceof Promise)) return completed;
  return completed.then(undefined, (error: unknown) => handleError(run, error, field, field.value, at.path));
}

/** @param path where the value stands: `null` for that of the field itself, which need not be known where the text of the value is */
function complete(run: Run, plan: ValuePlan, at: Place, path: Path | null, value: unknown): Text | Promise<Text> {
  if (plan.kind === "leaf") return completeLeaf(plan, at.field, value);
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (plan.isNonNull) throw nullError(at.field);
    return "null";
  }
  // What is read but once may hold something else then.
  if (typeof value !== "object" || (plan.kind === "list" && !Array.isArray(value)))
    return completeComposite(run, plan, at, path ?? at.path, value);
  let shared = run.shared[plan.index];
  if (shared === undefined) {
    shared = new SharedTexts();
    run.shared[plan.index] = shared;
  }
  const known = shared.find(value);
  if (known !== undefined) return known;
  const before = run.deeds;
  const text = completeComposite(run, plan, at, path ?? at.path, value);
  if (before === run.deeds && typeof text === "string") shared.keep(value, text);
  return text;
}

function completeComposite(run: Run, plan: CompositePlan, at: Place, path: Path, value: unknown): Text | Promise<Text> {
  switch (plan.kind) {
    case "list":
      return completeList(run, plan.item, at, path, value);
    case "abstract":
      return completeAbstract(run, plan.named, at, path, value);
    case "object":
      return runSelection(run, run.plan.below(at.field, plan.named), value, path);
  }
}

function completeList(run: Run, plan: ValuePlan, at: Place, path: Path, value: unknown): Text | Promise<Text> {
  if (isInSlices(value)) return completeInSlices(run, plan, at, path, value);
  if (!isIterable(value)) {
    const { parent, name } = at.field;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parent.name}.${name}".`);
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : Array.from(value);
  const list = new ListText();
  /** The items from the first on that has to be waited for. */
  let waiting: (Text | Promise<Text>)[] | null = null;
  try {
    for (let index = 0; index < items.length; index += 1) {
      const one = completeItem(run, plan, at, { prev: path, key: index, typename: undefined }, items[index]);
      if (waiting !== null) waiting.push(one);
      else if (one instanceof Promise) waiting = [one];
      else list.add(one);
    }
  } catch (error) {
    hearFailures(waiting ?? []);
    throw error;
  }
  return waiting === null ? list.end() : list.endWhenSettled(waiting);
}

function completeInSlices(run: Run, plan: ValuePlan, at: Place, path: Path, value: InSlices): Text | Promise<Text> {
  const list = new ListText();
  let written = 0;
  const texts = value.inSlices<Text>((item, key) => {
    const one = completeItem(run, plan, at, { prev: path, key, typename: undefined }, item);
    if (one instanceof Promise || written < key) return one;
    // Nothing before it has to be waited for.
    list.add(one);
    written += 1;
    return "";
  });
  return texts instanceof Promise ? texts.then((all) => list.end(all.slice(written))) : list.end();
}

function completeItem(run: Run, plan: ValuePlan, at: Place, path: Path, item: unknown): Text | Promise<Text> {
  try {
    const one = isPromise(item)
      ? item.then((settled) => complete(run, plan, at, path, settled))
      : complete(run, plan, at, path, item);
    if (!(one instanceof Promise)) return one;
    return one.then(undefined, (error: unknown) => handleError(run, error, at.field, plan, path));
  } catch (error) {
    return handleError(run, error, at.field, plan, path);
  }
}

function completeAbstract(
  run: Run,
  type: GraphQLAbstractType,
  at: Place,
  path: Path,
  value: unknown,
): Text | Promise<Text> {
  const resolve = type.resolveType ?? defaultTypeResolver;
  const named = resolve(value, run.context, at, type);
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

function handleError(run: Run, raw: unknown, { nodes }: FieldPlan, { isNonNull }: ValuePlan, path: Path): Text {
  run.deeds += 1;
  const error = locatedError(raw, nodes, responsePathAsArray(path));
  if (isNonNull) throw error;
  addError(run, error, path);
  return "null";
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
