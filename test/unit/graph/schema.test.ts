import { readFileSync } from "node:fs";
import { type ASTNode, Kind, parse, type StringValueNode, visit } from "graphql";
import { describe, expect, it } from "vitest";
import { buildGraphSchema } from "../../../src/graph/schema/buildGraphSchema.js";

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
