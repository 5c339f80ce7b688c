import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { generateQueries, type Samples, type SweptQuery } from "./generateQueries.js";

/** A query made ready: its fragments with it, and every list asked how far it can be trusted. */
export interface PreparedQuery {
  readonly name: string;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

const operationsFolder = join(import.meta.dirname, "../operations");

/** The operations of the tests, the examples of GraphiQL, and what is made from the schema. */
export function collectQueries(schema: GraphQLSchema, samples: Samples): readonly PreparedQuery[] {
  const all = [
    ...operations(samples),
    ...exampleQueries
      .filter(({ query }) => !query.startsWith("mutation"))
      .map(({ title, query }) => ({
        name: `example ${title}`,
        text: query,
        variables: exampleVariables(samples),
      })),
    ...generateQueries(schema, samples),
  ];
  return all.map(({ name, text, variables = {} }) => ({ name, document: prepare(schema, text), variables }));
}

function operations(samples: Samples): SweptQuery[] {
  const texts = readdirSync(operationsFolder)
    .filter((name) => name.endsWith(".graphql"))
    .map((name) => ({ name, text: readFileSync(join(operationsFolder, name), "utf8") }));
  const fragments = texts.filter(({ text }) => /^fragment /m.test(text) && !/^(query|mutation) /m.test(text));
  return texts
    .filter(({ text }) => /^query /m.test(text))
    .map(({ name, text }) => ({
      name: `operation ${name}`,
      text: [
        text,
        ...needed(
          text,
          fragments.map((each) => each.text),
        ),
      ].join("\n"),
      variables: {
        siteId: samples.siteId,
        accountId: samples.entities.Account?.[0]?.accountId,
        key: samples.entities.Space?.[0]?.key,
        text: "a",
      },
    }));
}

/** The fragments that a text spreads, and those that they spread. */
function needed(text: string, fragments: readonly string[]): string[] {
  const found = new Set<string>();
  for (let seen = text; ; ) {
    const more = fragments.filter(
      (fragment) => !found.has(fragment) && seen.includes(`...${/^fragment (\w+)/m.exec(fragment)?.[1]}`),
    );
    if (more.length === 0) return [...found];
    for (const fragment of more) found.add(fragment);
    seen = more.join("\n");
  }
}

function exampleVariables(samples: Samples): Record<string, unknown> {
  const keys = (samples.entities.Space ?? []).map(({ key }) => key).slice(0, 2);
  const [space, group] = [samples.entities.Space?.[0]?.id, samples.entities.Group?.[0]?.id];
  return { text: "e", email: samples.email, keys, space, group };
}

/** Adds `completeness` to every list and `id` to everything that has one: the one is judged, the other tells items apart. */
function prepare(schema: GraphQLSchema, text: string): DocumentNode {
  const info = new TypeInfo(schema);
  return visit(
    parse(text),
    visitWithTypeInfo(info, {
      SelectionSet: {
        leave(node): SelectionSetNode | undefined {
          const type = getNamedType(info.getParentType());
          if (!isObjectType(type)) return undefined;
          const fields = type.getFields();
          const more = [
            ...(fields.completeness !== undefined && fields.nodes !== undefined
              ? ["sweptCompleteness: completeness { isComplete gaps { missing code } }"]
              : []),
            ...(fields.id === undefined ? [] : ["sweptId: id"]),
          ];
          if (more.length === 0) return undefined;
          const added = parse(`{ ${more.join(" ")} }`).definitions[0];
          if (added?.kind !== Kind.OPERATION_DEFINITION) return undefined;
          return { ...node, selections: [...node.selections, ...added.selectionSet.selections] };
        },
      },
    }),
  );
}
