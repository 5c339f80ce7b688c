import { execute, isObjectType, parse } from "graphql";
import { getMetadataStorage } from "type-graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";
import { plainParametersOf } from "../../../../src/graph/schema/plain/plainParameters.js";

describe("a resolver of a field without arguments", () => {
  const { schema } = buildGraphSchema();

  it("is called without type-graphql's wrappers, which know themselves by the data they make for each call", () => {
    const { fieldResolvers, objectTypes } = getMetadataStorage();
    const names = new Map(objectTypes.map(({ target, name }) => [target as unknown, name]));
    const wrapped: string[] = [];
    let plain = 0;
    for (const { params = [], schemaName, getObjectType } of fieldResolvers) {
      if (params.some(({ kind }) => kind === "arg" || kind === "args")) continue;
      const type = schema.getType(names.get(getObjectType?.()) ?? "");
      const resolve = isObjectType(type) ? type.getFields()[schemaName]?.resolve : undefined;
      if (resolve?.toString().includes("resolverData")) wrapped.push(`${type?.name}.${schemaName}`);
      else plain += 1;
    }
    expect(wrapped).toEqual([]);
    expect(plain).toBeGreaterThan(60);
  });

  it("is given what it asks for, in its order, and answers for the object of the row", async () => {
    const grant = { kind: "role", siteId: "acme", spaceId: "1", key: "k", asOfMs: 0, roleId: "r", principal: {} };
    const type = schema.getType("Grant");
    const fields = isObjectType(type) ? type.getFields() : {};
    const info = Object.create(null);
    const site = fields.site?.resolve?.({ grant, loaders: { store: { site: { siteId: "acme" } } } }, {}, {}, info);
    expect(site).toMatchObject({ __typename: "Site", siteId: "acme" });
    const { data, errors } = await execute({ schema, document: parse("{ __typename }"), contextValue: {} });
    expect({ data, errors }).toEqual({ data: { __typename: "Query" }, errors: undefined });
  });
});

describe("a resolver with arguments", () => {
  const { schema } = buildGraphSchema();
  const { queries, fieldResolvers } = getMetadataStorage();

  it("is called plainly, in every query and field of the graph, with what it asks for in its order", () => {
    const intricate = [...queries, ...fieldResolvers].filter(({ params = [] }) => plainParametersOf(params) === null);
    expect(intricate.map(({ methodName }) => methodName)).toEqual([]);
    const spaces = queries.find(({ schemaName }) => schemaName === "spaces");
    const parameters = plainParametersOf(spaces?.params ?? []) ?? [];
    const given = {
      ...{ root: "the root", context: "the context", info: Object.create(null) },
      args: { siteId: null, first: 5, after: undefined, unknown: 1, filter: undefined },
    };
    expect(parameters.map(({ of }) => of(given))).toStrictEqual([
      ...[null, { first: 5 }, undefined, undefined],
      "the context",
    ]);
    // Where one of these is given, type-graphql makes it an instance.
    expect(parameters.map(({ input }) => input)).toEqual([null, null, "filter", "orderBy", null]);
  });

  it("fails and answers in the turn that it is asked in: no argument is waited for", () => {
    const identity = schema.getQueryType()?.getFields().identity;
    // As in an item of a list, where the list has counted what it costs.
    const info = Object.assign(Object.create(null), { path: { key: 0 } });
    const refused = () =>
      identity?.resolve?.(undefined, {}, { access: null, errorBudget: { tells: () => true } }, info);
    expect(refused).toThrow(/exactly one|one of/i);
  });
});
