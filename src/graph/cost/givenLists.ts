import {
  type ArgumentNode,
  type GraphQLSchema,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  type TypeNode,
  type ValueNode,
} from "graphql";

/** What lists that are given hold, those within others too. */
export interface Given {
  readonly values: number;
  /** Of the longest of them. */
  readonly longest: number;
}

interface GivenInText extends Given {
  /** Variables that stand where a list may be. */
  readonly variables: readonly string[];
}

/** What a document itself gives in some arguments, and by which variables the rest of it comes. */
export function givenByText(givenArguments: readonly ArgumentNode[]): GivenInText {
  return givenIn(givenArguments.map(({ value }) => value));
}

/** What variables give that were not sent. */
export function givenByDefaults({ variableDefinitions = [] }: OperationDefinitionNode): ReadonlyMap<string, Given> {
  return new Map(
    variableDefinitions.flatMap(({ variable, defaultValue }): [string, Given][] =>
      defaultValue === undefined ? [] : [[variable.name.value, givenIn([defaultValue])]],
    ),
  );
}

function givenIn(texts: readonly ValueNode[]): GivenInText {
  let values = 0;
  let longest = 0;
  const variables: string[] = [];
  const open = [...texts];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.kind === Kind.VARIABLE) variables.push(value.name.value);
    else if (value.kind === Kind.OBJECT) for (const field of value.fields) open.push(field.value);
    else if (value.kind === Kind.LIST) {
      values += value.values.length;
      longest = Math.max(longest, value.values.length);
      for (const each of value.values) open.push(each);
    }
  }
  return { values, longest, variables };
}

/** What a variable gives, as it was sent, with nothing of it checked yet; `null` where it was not sent. It may be nested as deep as its text is long. */
export function givenByVariable(variable: unknown): Given | null {
  if (variable === undefined) return null;
  let values = 0;
  let longest = 0;
  const open: unknown[] = [variable];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      values += value.length;
      longest = Math.max(longest, value.length);
      for (const each of value) open.push(each);
    } else for (const each of Object.values(value)) open.push(each);
  }
  return { values, longest };
}

/**
 * Objects in what the variables of an operation give as inputs, until it is known that there are more than so many. Fitting one to its
 * type takes graphql-js some microseconds, all of them in one go, and lists within lists hold as many as there is room for in a body.
 */
export function objectsGiven(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  most: number,
): number {
  const open = variableDefinitions
    .filter(({ type }) => isInputObjectType(schema.getType(nameIn(type))))
    .map(({ variable }) => variables[variable.name.value]);
  let objects = 0;
  while (open.length > 0 && objects <= most) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) objects += 1;
    for (const held of Object.values(value)) if (typeof held === "object" && held !== null) open.push(held);
  }
  return objects;
}

function nameIn(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameIn(type.type);
}
