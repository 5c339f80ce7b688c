import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";
import { type Given, plainParametersOf } from "./plainParameters.js";

type Storage = ReturnType<typeof getMetadataStorage>;
type Metadata = Pick<Storage["fieldResolvers"][number], "params" | "middlewares" | "roles">;
type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Method = (...given: readonly unknown[]) => unknown;
type Parameters = NonNullable<ReturnType<typeof plainParametersOf>>;

/**
 * type-graphql puts five functions, and a list of parameters made anew, around every call of a resolver of ours (2.0.0-rc.4), and a
 * promise for each argument: in a list of a thousand grants that takes as long as answering. A query, or a resolver of a field, is
 * called plainly instead, with the parameters that were worked out once. Whatever asks for more of type-graphql keeps its way:
 * input objects where they are given, middleware, roles, and mutations.
 */
export function resolvePlainly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes, queries } = getMetadataStorage();
  const names = new Map(objectTypes.map(({ target, name }) => [target as unknown, name]));
  const instances = new Map<unknown, unknown>();
  const instanceOf = (target: NonNullable<(typeof queries)[number]["target"]>): unknown => {
    const instance = instances.get(target) ?? Reflect.construct(target, []);
    instances.set(target, instance);
    return instance;
  };
  for (const metadata of queries) {
    const field = schema.getQueryType()?.getFields()[metadata.schemaName];
    const parameters = parametersOf(metadata);
    if (parameters === null || field === undefined) continue;
    field.resolve = callWith(methodOf(instanceOf(metadata.target), metadata.methodName), parameters, field.resolve);
  }
  for (const metadata of fieldResolvers) {
    const type = schema.getType(names.get(metadata.getObjectType?.()) ?? "");
    const field = isObjectType(type) ? type.getFields()[metadata.schemaName] : undefined;
    const parameters = parametersOf(metadata);
    if (parameters === null || field === undefined) continue;
    const { methodName } = metadata;
    if (metadata.kind === "internal") {
      // A getter of the object itself is a property like any other.
      if (parameters.length === 0 && methodName === metadata.schemaName) delete field.resolve;
      else if (parameters.length > 0) {
        const root = { name: "root", input: null, of: (given: Given) => given.root } as const;
        const call: Method = (object, ...rest) => methodOf(object, methodName)(...rest);
        field.resolve = callWith(call, [root, ...parameters], field.resolve);
      }
      continue;
    }
    field.resolve = callWith(methodOf(instanceOf(metadata.target), methodName), parameters, field.resolve);
  }
}

function methodOf(owner: unknown, name: string): Method {
  const method: unknown = (owner as Readonly<Record<string, unknown>>)[name];
  if (typeof method !== "function") throw new Error(`${name} is no method.`);
  return method.bind(owner) as Method;
}

/** What a resolver is given, in its order; `null` where that is for type-graphql to make. */
function parametersOf({ params = [], middlewares = [], roles }: Metadata): Parameters | null {
  return middlewares.length > 0 || roles !== undefined ? null : plainParametersOf(params);
}

function callWith(method: Method, parameters: Parameters, wrapped: Resolve | undefined): Resolve {
  switch (parameters.map(({ name }) => name).join()) {
    case "root":
      return (root) => method(root);
    case "root,info":
      return (root, _args, _context, info) => method(root, info);
    case "root,context":
      return (root, _args, context) => method(root, context);
    case "root,context,info":
      return (root, _args, context, info) => method(root, context, info);
  }
  const inputs = parameters.flatMap(({ input }) => input ?? []);
  return (root, args: Readonly<Record<string, unknown>>, context, info) => {
    for (const name of inputs) {
      if (args[name] !== undefined && args[name] !== null && wrapped !== undefined)
        return wrapped(root, args, context, info);
    }
    const given: Given = { root, args, context, info };
    return method(...parameters.map(({ of }) => of(given)));
  };
}
