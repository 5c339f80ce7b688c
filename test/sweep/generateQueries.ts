import {
  assertInterfaceType,
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from "graphql";

/** What a site holds, as arguments need it. */
export interface Samples {
  readonly siteId: string;
  /** Keys of each entity: `id`, `accountId`, `key`, `name`, … */
  readonly entities: Readonly<Record<string, readonly Readonly<Record<string, string | null>>[]>>;
  readonly email: string;
}

export interface SweptQuery {
  readonly name: string;
  readonly text: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Not what was read of Confluence, or different by the moment. */
const left = new Set(["asOf", "upstreamBudget", "cursor", "pageInfo", "edges", "leftOut"]);

/**
 * Queries made from the schema, so that a new field is asked for unasked: every root field, with each of its filters and each of
 * its keys; below it every list and every object, alone; and every key of every entity, as a gateway sends it.
 */
export function generateQueries(schema: GraphQLSchema, samples: Samples): readonly SweptQuery[] {
  const root = schema.getQueryType();
  const fields = Object.values(root?.getFields() ?? {}).filter(({ name }) => !name.startsWith("_"));
  return [
    ...fields.flatMap((field) => rootQueries(schema, field, samples)),
    ...nodesOf(schema, samples),
    ...references(schema, samples),
  ];
}

function rootQueries(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, samples: Samples): SweptQuery[] {
  const item = itemOf(field);
  if (item === null) return [];
  const isPaged = connectionOf(field) !== null;
  const calls = isPaged ? ["", ...filtersOf(field, samples)] : keysOf(field, item, samples);
  const wrap = (call: string, inner: string) =>
    `{ ${field.name}${call === "" ? "" : `(${call})`} ${isPaged ? page(inner) : `{ ${inner} }`} }`;
  return calls.flatMap((call, at) => {
    const name = call === "" ? field.name : `${field.name}(${call})`;
    const plain = { name, text: wrap(call, leaves(item)) };
    // What hangs below is asked for once a root field, and not for every filter.
    if (at > 0) return [plain];
    return [
      plain,
      ...below(schema, item).map(([part, inner]) => ({ name: `${name}.${part}`, text: wrap(call, inner) })),
    ];
  });
}

/** Every field of a type that is no leaf, by itself. */
function below(schema: GraphQLSchema, type: GraphQLObjectType): (readonly [string, string])[] {
  return Object.values(type.getFields()).flatMap((field): (readonly [string, string])[] => {
    if (isLeafType(getNamedType(field.type)) || left.has(field.name) || needsArguments(field)) return [];
    return [[field.name, `${keysIn(type)} ${field.name} ${content(schema, field, 1)}`]];
  });
}

function content(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, depth: number): string {
  const named = getNamedType(field.type);
  if (isUnionType(named)) {
    const parts = named
      .getTypes()
      .map((type) => `... on ${type.name} { ${depth > 0 ? leaves(type, `${type.name}_`) : keysIn(type)} }`);
    return `{ __typename ${parts.join(" ")} }`;
  }
  const item = itemOf(field);
  if (item === null) return "{ __typename }";
  const inner = depth > 0 ? `${leaves(item)} ${objectsIn(schema, item)}` : keysIn(item);
  return connectionOf(field) === null ? `{ ${inner} }` : page(inner);
}

/** What an item without keys is made of: the account of a membership, the principal of a grant. */
function objectsIn(schema: GraphQLSchema, type: GraphQLObjectType): string {
  return Object.values(type.getFields())
    .filter((field) => !isLeafType(getNamedType(field.type)) && !left.has(field.name) && !needsArguments(field))
    .filter((field) => connectionOf(field) === null && field.name !== "site" && type.getFields().id === undefined)
    .map((field) => `${field.name} ${content(schema, field, 0)}`)
    .join(" ");
}

function page(inner: string): string {
  return `{ nodes { ${inner} } totalCount pageInfo { hasNextPage } }`;
}

function leaves(type: GraphQLObjectType, prefix = ""): string {
  const fields = Object.values(type.getFields()).filter(
    (field) => isLeafType(getNamedType(field.type)) && !left.has(field.name) && !needsArguments(field),
  );
  const named = fields.map(({ name }) => (prefix === "" || name === "id" ? name : `${prefix}${name}: ${name}`));
  return ["__typename", ...named].join(" ");
}

function keysIn(type: GraphQLObjectType): string {
  return type.getFields().id === undefined ? "__typename" : "__typename id";
}

function connectionOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType | null {
  const named = getNamedType(field.type);
  return isObjectType(named) && named.getFields().completeness !== undefined && named.getFields().nodes ? named : null;
}

function itemOf(field: GraphQLField<unknown, unknown>): GraphQLObjectType | null {
  const nodes = connectionOf(field)?.getFields().nodes;
  const named: GraphQLNamedType = nodes === undefined ? getNamedType(field.type) : getNamedType(nodes.type);
  return isObjectType(named) ? named : null;
}

function needsArguments({ args }: GraphQLField<unknown, unknown>): boolean {
  return args.some((argument) => isNonNullType(argument.type) && argument.defaultValue === undefined);
}

/** Each part of the filter of a list, alone, with what the site really holds. */
function filtersOf(field: GraphQLField<unknown, unknown>, samples: Samples): string[] {
  const filter = getNamedType(field.args.find(({ name }) => name === "filter")?.type);
  if (!isInputObjectType(filter)) return [];
  return Object.values(filter.getFields()).flatMap((part) =>
    valuesFor(part, samples).map((value) => `filter: { ${part.name}: ${value} }`),
  );
}

function valuesFor(part: GraphQLInputField, samples: Samples): string[] {
  const named = getNamedType(part.type);
  const isList = isListType(isNonNullType(part.type) ? part.type.ofType : part.type);
  const written = (values: readonly string[]) => (isList ? `[${values.join(", ")}]` : (values[0] ?? ""));
  if (isEnumType(named)) return enumValues(named).map((value) => written([value]));
  const values = textsFor(part.name, samples);
  if (values.length === 0) return [];
  return isList && values.length > 1 ? [written(values.slice(0, 1)), written(values)] : [written(values.slice(0, 1))];
}

function enumValues(type: GraphQLEnumType): string[] {
  return type
    .getValues()
    .map(({ name }) => name)
    .filter((name) => name !== "UNKNOWN");
}

function textsFor(name: string, samples: Samples): string[] {
  const quoted = (values: readonly (string | null | undefined)[]) =>
    values
      .filter((value) => typeof value === "string")
      .slice(0, 3)
      .map((value) => JSON.stringify(value));
  const ids = (type: string) => quoted((samples.entities[type] ?? []).map(({ id }) => id));
  if (/email/i.test(name)) return quoted([samples.email]);
  if (/operation/i.test(name)) return ['"read"', '"administer"'];
  if (/target/i.test(name)) return ['"space"'];
  if (/key/i.test(name)) return quoted((samples.entities.Space ?? []).map(({ key }) => key));
  if (/text/i.test(name)) return ['"a"'];
  if (/role/i.test(name)) return ids("SpaceRole");
  if (/principal|account/i.test(name)) return [...ids("Account").slice(0, 1), ...ids("Group").slice(0, 1)];
  if (/group/i.test(name)) return ids("Group");
  if (/space/i.test(name)) return ids("Space");
  return [];
}

/** Every way to name one thing: `id: …`, `siteId: … key: …`. Fields without arguments are asked for as they are. */
function keysOf(field: GraphQLField<unknown, unknown>, item: GraphQLObjectType, samples: Samples): string[] {
  const own = field.args.filter(({ name }) => name !== "siteId");
  if (field.args.length === 0) return [""];
  const held = samples.entities[item.name] ?? [];
  const values = (argument: GraphQLArgument): (string | null | undefined)[] => {
    if (argument.name === "email") return [samples.email];
    if (argument.name === "atlassianAccountId") return [samples.entities.Account?.[0]?.accountId];
    // The first and the last, which differ most.
    return [...new Set([held[0]?.[argument.name], held.at(-1)?.[argument.name]])];
  };
  const hasSite = field.args.some(({ name }) => name === "siteId");
  return own.flatMap((argument) =>
    values(argument)
      .filter((value) => typeof value === "string")
      .map(
        (value) =>
          `${argument.name}: ${JSON.stringify(value)}${hasSite && argument.name !== "id" ? `, siteId: ${JSON.stringify(samples.siteId)}` : ""}`,
      ),
  );
}

/** One thing of each type, by their ids alone. */
function nodesOf(schema: GraphQLSchema, samples: Samples): SweptQuery[] {
  const types = schema.getPossibleTypes(assertInterfaceType(schema.getType("Node")));
  const ids = types.flatMap(({ name }) => samples.entities[name]?.slice(0, 1).map(({ id }) => id) ?? []);
  const parts = types.map((type) => `... on ${type.name} { ${leaves(type, `${type.name}_`)} }`);
  const text = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ${parts.join(" ")} } }`;
  return ids.length === 0 ? [] : [{ name: "nodes(ids)", text, variables: { ids } }];
}

/** Entities as a gateway asks for them: by `id`, all that a site holds at once. */
function references(schema: GraphQLSchema, samples: Samples): SweptQuery[] {
  return Object.entries(samples.entities).flatMap(([typeName, held]) => {
    const type = schema.getType(typeName);
    const entity = schema.getType("_Entity");
    if (!isObjectType(type) || !isUnionType(entity) || !entity.getTypes().includes(type) || held.length === 0)
      return [];
    const representations = held.slice(0, 6).map(({ id }) => ({ __typename: typeName, id }));
    const ask = (name: string, inner: string): SweptQuery => ({
      name: `_entities ${name}`,
      text: `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${typeName} { ${inner} } } }`,
      variables: { representations },
    });
    return [
      ask(typeName, leaves(type)),
      ...below(schema, type).map(([part, inner]) => ask(`${typeName}.${part}`, inner)),
    ];
  });
}
