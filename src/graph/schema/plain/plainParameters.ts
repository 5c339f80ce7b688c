import type { GraphQLResolveInfo } from "graphql";
import { getMetadataStorage } from "type-graphql";

type Storage = ReturnType<typeof getMetadataStorage>;
type Parameter = NonNullable<Storage["fieldResolvers"][number]["params"]>[number];
type Arguments = Readonly<Record<string, unknown>>;

/** What a resolver is called with by graphql-js. */
export interface Given {
  readonly root: unknown;
  readonly args: Arguments;
  readonly context: unknown;
  readonly info: GraphQLResolveInfo;
}

/** How one parameter of a method comes out of what its resolver is called with. */
interface PlainParameter {
  readonly name: "root" | "context" | "info" | "argument";
  of(given: Given): unknown;
  /** The argument, where it is an input object: where one is given, type-graphql makes it an instance of its class. */
  readonly input: string | null;
}

/** The parameters of a method, in their order; `null` where one is for type-graphql to make. */
export function plainParametersOf(params: readonly Parameter[]): readonly PlainParameter[] | null {
  const plain: PlainParameter[] = [];
  for (const param of [...params].sort((left, right) => left.index - right.index)) {
    const made = plainParameterOf(param);
    if (made === null) return null;
    plain.push(made);
  }
  return plain;
}

function plainParameterOf(param: Parameter): PlainParameter | null {
  const isPart = "propertyName" in param && param.propertyName !== undefined;
  const isChecked = "validateFn" in param && (param.validateFn ?? param.validateSettings ?? false) !== false;
  if (isPart || isChecked) return null;
  switch (param.kind) {
    case "root":
      return param.getType === undefined ? { name: "root", input: null, of: ({ root }) => root } : null;
    case "context":
      return { name: "context", input: null, of: ({ context }) => context };
    case "info":
      return { name: "info", input: null, of: ({ info }) => info };
    case "arg": {
      const { name } = param;
      const input = isInput(param.getType()) ? name : null;
      return { name: "argument", input, of: ({ args }) => args[name] };
    }
    case "args":
      return plainArguments(param.getType());
    default:
      return null;
  }
}

function isInput(type: unknown): boolean {
  return getMetadataStorage().inputTypes.some(({ target }) => target === type);
}

/** Arguments that a class collects, where it does nothing but that: no methods, no values of its own, no input objects. */
function plainArguments(type: unknown): PlainParameter | null {
  const fields = getMetadataStorage().argumentTypes.find(({ target }) => target === type)?.fields;
  if (fields === undefined || typeof type !== "function" || !isBlank(type, Reflect.construct(type, []))) return null;
  if (fields.some((field) => isInput(field.getType()))) return null;
  const names = fields.map(({ name }) => name);
  const of = ({ args }: Given) => {
    const collected: Record<string, unknown> = {};
    for (const name of names) if (args[name] !== undefined) collected[name] = args[name];
    return collected;
  };
  return { name: "argument", input: null, of };
}

function isBlank(type: object, made: object): boolean {
  return (
    Object.getPrototypeOf(type) === Function.prototype &&
    Object.getOwnPropertyNames(Object.getPrototypeOf(made)).every((name) => name === "constructor") &&
    Object.values(made).every((value) => value === undefined)
  );
}
