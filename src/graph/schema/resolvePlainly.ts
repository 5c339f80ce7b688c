import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";

type Storage = ReturnType<typeof getMetadataStorage>;
type FieldMetadata = Storage["fieldResolvers"][number];
type Resolve = GraphQLFieldResolver<unknown, unknown>;
type Given = "root" | "info" | "context";
type Method = (...given: readonly unknown[]) => unknown;

/**
 * type-graphql puts five functions, and a list of parameters made anew, around every call of a resolver of ours (2.0.0-rc.4): in a
 * list of a thousand grants that takes as long as answering. A resolver of a field without arguments, which is given the object,
 * the query and the context as they are, is called plainly instead. Whatever asks for more of type-graphql keeps its way:
 * arguments, middleware, roles.
 */
export function resolvePlainly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  const names = new Map(objectTypes.map(({ target, name }) => [target as unknown, name]));
  const instances = new Map<unknown, unknown>();
  for (const metadata of fieldResolvers) {
    const type = schema.getType(names.get(metadata.getObjectType?.()) ?? "");
    const field = isObjectType(type) ? type.getFields()[metadata.schemaName] : undefined;
    const given = givenTo(metadata);
    if (given === null || field === undefined) continue;
    const { methodName } = metadata;
    if (metadata.kind === "internal") {
      // A getter of the object itself is a property like any other.
      if (given.length === 0 && methodName === metadata.schemaName) delete field.resolve;
      else if (given.length > 0)
        field.resolve = callWith((root, ...rest) => methodOf(root, methodName)(...rest), ["root", ...given]);
      continue;
    }
    const instance = instances.get(metadata.target) ?? Reflect.construct(metadata.target, []);
    instances.set(metadata.target, instance);
    field.resolve = callWith(methodOf(instance, methodName), given);
  }
}

function methodOf(owner: unknown, name: string): Method {
  const method: unknown = (owner as Readonly<Record<string, unknown>>)[name];
  if (typeof method !== "function") throw new Error(`${name} is no method.`);
  return method.bind(owner) as Method;
}

/** What a resolver is given, in its order; `null` where that is for type-graphql to make. */
function givenTo({ params = [], middlewares = [], roles }: FieldMetadata): readonly Given[] | null {
  if (middlewares.length > 0 || roles !== undefined) return null;
  const given: Given[] = [];
  for (const param of [...params].sort((left, right) => left.index - right.index)) {
    const isPart = "propertyName" in param && param.propertyName !== undefined;
    const isConverted = "getType" in param && param.getType !== undefined;
    if (isPart || isConverted) return null;
    if (param.kind !== "root" && param.kind !== "info" && param.kind !== "context") return null;
    given.push(param.kind);
  }
  return given;
}

function callWith(method: Method, given: readonly Given[]): Resolve {
  switch (given.join()) {
    case "root":
      return (root) => method(root);
    case "root,info":
      return (root, _args, _context, info) => method(root, info);
    case "root,context":
      return (root, _args, context) => method(root, context);
    case "root,context,info":
      return (root, _args, context, info) => method(root, context, info);
    default:
      return (root, _args, context, info) => method(...given.map((each) => ({ root, info, context })[each]));
  }
}
