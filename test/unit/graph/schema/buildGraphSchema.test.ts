import { readFileSync } from "node:fs";
import {
  type ASTNode,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type StringValueNode,
  validate,
  validateSchema,
  visit,
} from "graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";

const published = readFileSync("schema.graphql", "utf8");

/** What people see in GraphiQL: everything that can carry a description. */
const described: ReadonlySet<string> = new Set([
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
  Kind.FIELD_DEFINITION,
  Kind.INPUT_VALUE_DEFINITION,
  Kind.ENUM_VALUE_DEFINITION,
]);

interface DescribedNode {
  readonly name: { readonly value: string };
  readonly description?: StringValueNode;
}

/** Every element of a schema by its path, with its description. */
function describeElements(sdl: string): Map<string, string> {
  const elements = new Map<string, string>();
  const path: string[] = [];
  visit(parse(sdl), {
    enter(node: ASTNode) {
      if (!described.has(node.kind)) return;
      const { name, description } = node as ASTNode & DescribedNode;
      path.push(name.value);
      elements.set(path.join("."), description?.value.trim() ?? "");
    },
    leave(node: ASTNode) {
      if (described.has(node.kind)) path.pop();
    },
  });
  return elements;
}

describe("the published schema", () => {
  it("is what the code emits", () => {
    expect(published).toBe(buildGraphSchema().sdl);
  });

  it("describes every type, field, argument, input field and enum value", () => {
    const elements = [...describeElements(published)];
    expect(elements.length).toBeGreaterThan(200);
    expect(elements.map(([path]) => path)).toEqual(
      expect.arrayContaining(["Account.groups.first", "GrantFilter.roles", "AccountKind.GUEST", "DateTime"]),
    );
    expect(elements.filter(([, description]) => description === "").map(([path]) => path)).toEqual([]);
  });

  it("describes in sentences, without naming what a reader cannot see", () => {
    const offending = [...describeElements(published)].filter(
      ([, text]) => !/[.:`)]$/.test(text) || /\b(TODO|FIXME|undefined)\b/.test(text),
    );
    expect(offending).toEqual([]);
  });

  it("holds no directive that a gateway would refuse or ignore: authorization is enforced here", () => {
    expect(published).not.toMatch(/@(authenticated|requiresScopes|policy)\b/);
  });
});

const { schema } = buildGraphSchema();
const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
const objects = types.filter((type): type is GraphQLObjectType => isObjectType(type));
const inputs = types.filter((type): type is GraphQLInputObjectType => isInputObjectType(type));
const fieldsOf = (name: string) => Object.values(objects.find((type) => type.name === name)?.getFields() ?? {});

describe("one name means one thing", () => {
  it("an input that takes a global id says what it names; what ends in Id is an id of the site's or the caller's own", () => {
    const named = inputs.flatMap((type) => Object.keys(type.getFields()).filter((name) => /Ids?$/.test(name)));
    expect([...new Set(named)].sort()).toEqual([
      "accessClassId",
      "accountId",
      "callerRequestId",
      "requestId",
      "siteId",
    ]);
  });

  it("the name of whatever a grant is on can be asked for at once", () => {
    const names = "... on Group { name } ... on Space { name } ... on Site { name }";
    const document = `{ grants { nodes { resource { ${names} } principal { ... on Group { name } ... on AccessClass { name } } } } }`;
    expect(validate(schema, parse(document))).toEqual([]);
  });
});

describe("a schema that other subgraphs can live with", () => {
  it.each(["Query", "Mutation"])(
    "every field of %s is nullable, so that it takes nobody else's answer with it",
    (root) => {
      const fields = fieldsOf(root).filter(({ name }) => !name.startsWith("_"));
      expect(fields.length).toBeGreaterThan(10);
      expect(fields.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)).toEqual([]);
    },
  );

  it("no argument with a default is of a type that reads as required", () => {
    const args = objects.flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.map((arg) => ({ at: `${type}.${field.name}`, arg })),
      ),
    );
    expect(args.filter(({ arg }) => arg.name === "first").length).toBeGreaterThan(10);
    const offending = args.filter(({ arg }) => arg.defaultValue !== undefined && isNonNullType(arg.type));
    expect(offending.map(({ at, arg }) => `${at}(${arg.name}:)`)).toEqual([]);
  });

  it("`id` stands first among the arguments of a look-up, and the page last", () => {
    const lookups = fieldsOf("Query").filter(({ args }) => args.some(({ name }) => name === "id"));
    expect(lookups.map(({ args }) => args[0]?.name)).toEqual(lookups.map(() => "id"));
    const account = fieldsOf("Query").find(({ name }) => name === "account");
    expect(account?.args.map(({ name }) => name)).toEqual(["id", "siteId", "accountId", "username"]);
    const accounts = fieldsOf("Query").find(({ name }) => name === "accounts");
    expect(accounts?.args.map(({ name }) => name)).toEqual(["siteId", "orderBy", "filter", "first", "after"]);
  });

  it("every mutation has a payload of its own, and none shares it with a field elsewhere", () => {
    const mutations = fieldsOf("Mutation");
    const expected = mutations.map(({ name }) => `${name[0]?.toUpperCase()}${name.slice(1)}Payload`);
    expect(mutations.map(({ type }) => getNamedType(type).name)).toEqual(expected);
    const elsewhere = objects
      .filter(({ name }) => name !== "Mutation")
      .flatMap((type) => Object.values(type.getFields()).map((field) => getNamedType(field.type).name));
    expect(expected.filter((name) => elsewhere.includes(name))).toEqual([]);
  });
});

describe("the schema that is executed", () => {
  it("is valid as graphql-js sees it too, which need not look at each start", () => {
    const { schema } = buildGraphSchema();
    expect(validateSchema(new GraphQLSchema({ ...schema.toConfig(), assumeValid: false }))).toEqual([]);
  });
});
