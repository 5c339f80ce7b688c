import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  type VariableDefinitionNode,
} from "graphql";

type Values = Readonly<Record<string, unknown>>;

/** What a value comes to as a type; throws `misfit` where graphql-js has to say what is wrong, or to decide. */
type Fit = (value: unknown) => unknown;

const misfit = new Error("It does not fit.");

const fits = new WeakMap<GraphQLInputType, Fit>();

/**
 * How the variables of an operation are fitted to their types, as graphql-js does, which makes a path for each value and looks up the
 * fields of each object anew: that takes many times as long. What comes back tells `null` where not everything fits, or a variable is
 * not as plain as most are: graphql-js decides then, and says why.
 */
export function fitOfVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): (variables: Values) => Values | null {
  const declared = definitions.map(({ variable, type, defaultValue }) => {
    const named = typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]);
    const isKnown = named !== undefined && isInputType(named);
    return {
      name: variable.name.value,
      fit: isKnown ? fitOf(named) : fail,
      // Defaults stand in the document.
      mayBeLeftOut: isKnown && defaultValue === undefined && !isNonNullType(named),
    };
  });
  return (variables) => {
    const fitted: Record<string, unknown> = {};
    try {
      for (const { name, fit, mayBeLeftOut } of declared) {
        if (Object.hasOwn(variables, name)) fitted[name] = fit(variables[name]);
        else if (!mayBeLeftOut) return null;
      }
      return fitted;
    } catch {
      return null;
    }
  };
}

function fitOf(type: GraphQLInputType): Fit {
  const known = fits.get(type);
  if (known !== undefined) return known;
  // A type may hold itself.
  let made: Fit = (value) => made(value);
  fits.set(type, (value) => made(value));
  made = makeFit(type);
  fits.set(type, made);
  return made;
}

function makeFit(type: GraphQLInputType): Fit {
  if (isNonNullType(type)) {
    const inner = fitOf(type.ofType);
    return (value) => (value === null || value === undefined ? fail() : inner(value));
  }
  const fit = makePresent(type);
  return (value) => (value === null || value === undefined ? null : fit(value));
}

function makePresent(type: GraphQLInputType): Fit {
  if (isListType(type)) {
    const item = fitOf(type.ofType);
    // What is one item by itself, or a list of another kind, is rare.
    return (value) => (Array.isArray(value) ? value.map((each) => item(each)) : fail());
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).map((field) => ({
      name: field.name,
      fit: fitOf(field.type),
      defaultValue: field.defaultValue,
      isRequired: isRequiredInputField(field),
    }));
    const names = new Set(fields.map(({ name }) => name));
    const { isOneOf } = type;
    return (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return fail();
      const given = value as Values;
      const fitted: Record<string, unknown> = Object.create(null);
      for (const { name, fit, defaultValue, isRequired } of fields) {
        const held = given[name];
        if (held !== undefined) fitted[name] = fit(held);
        else if (defaultValue !== undefined) fitted[name] = defaultValue;
        else if (isRequired) return fail();
      }
      for (const name in given) if (!names.has(name)) return fail();
      if (isOneOf) {
        const [only, ...others] = Object.values(fitted);
        if (only === undefined || only === null || others.length > 0) return fail();
      }
      return fitted;
    };
  }
  if (!isLeafType(type)) return fail;
  return (value) => {
    const parsed: unknown = type.parseValue(value);
    return parsed === undefined ? fail() : parsed;
  };
}

function fail(): never {
  throw misfit;
}
