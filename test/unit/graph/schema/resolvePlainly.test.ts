import { execute, isObjectType, parse } from "graphql";
import { getMetadataStorage } from "type-graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";

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
