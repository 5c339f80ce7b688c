import { type DirectiveNode, Kind, parse, print } from "graphql";
import { describe, expect, it } from "vitest";
import { fieldCosts, mutationCost, usualLists } from "../../../../src/graph/cost/fieldCosts.js";
import { printGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";

const { sdl, apiSdl } = printGraphSchema();

/** Every directive of a field, by its place. */
function directivesOf(text: string, name: string): Map<string, DirectiveNode> {
  return new Map(
    parse(text).definitions.flatMap((type) =>
      type.kind === Kind.OBJECT_TYPE_DEFINITION
        ? (type.fields ?? []).flatMap((field): [string, DirectiveNode][] => {
            const found = field.directives?.find((directive) => directive.name.value === name);
            return found === undefined ? [] : [[`${type.name.value}.${field.name.value}`, found]];
          })
        : [],
    ),
  );
}

/** What a field costs beside what every one does: by its type, else by its name alone. */
const unitsOf = (place: string) =>
  place.startsWith("Mutation.") ? mutationCost : (fieldCosts[place] ?? fieldCosts[place.split(".")[1] ?? ""]);

describe("what the schema says to routers", () => {
  it("tells the costs that the server counts by, of queries, fields and mutations", () => {
    const told = [...directivesOf(sdl, "cost")].map(([place, node]) => [place, print(node)] as const);
    expect(told).toEqual(told.map(([place]) => [place, `@cost(weight: ${unitsOf(place)})`]));
    const isTold = (key: string) => told.some(([place]) => place === key || place.endsWith(`.${key}`));
    expect(Object.keys(fieldCosts).filter((key) => !isTold(key))).toEqual([]);
  });

  it("says of every list with `first` that it is as long as that, and of others how long they usually are", () => {
    const sizes = directivesOf(sdl, "listSize");
    expect(print(sizes.get("Query.accounts") ?? { kind: Kind.NULL })).toBe(
      '@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"], requireOneSlicingArgument: false)',
    );
    expect(print(sizes.get("Site.capabilities") ?? { kind: Kind.NULL })).toBe(
      `@listSize(assumedSize: ${usualLists["Site.capabilities"]})`,
    );
    expect([...sdl.matchAll(/^ {4}first: Int/gm)].length).toBe(
      [...sizes.values()].filter((node) => print(node).includes("slicingArguments")).length,
    );
  });

  it("marks what changes something, and nothing else, so that a contract can leave it out", () => {
    const tagged = [...directivesOf(sdl, "tag")];
    expect(
      tagged.every(([place, node]) => place.startsWith("Mutation.") && print(node) === '@tag(name: "provisioning")'),
    ).toBe(true);
    const isMutation = ([place]: [string, DirectiveNode]) => place.startsWith("Mutation.");
    expect(tagged.length).toBe([...directivesOf(sdl, "cost")].filter(isMutation).length);
  });

  it("says nothing of it to clients", () => {
    expect(apiSdl).not.toMatch(/@(?!deprecated|specifiedBy)\w+\(/);
    expect(apiSdl).not.toMatch(/@link|_Entity|_service/);
    expect(apiSdl).toMatch(/scalar DateTime @specifiedBy\(url: "https:/);
  });
});
