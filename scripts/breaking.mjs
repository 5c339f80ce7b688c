// What breaks whoever built against the released schema. `schema.released.graphql` is the schema as of the last release, `schema.breaks` the
// changes since then that are meant, one a line as they are printed here, each below a `#` line that says why.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { buildASTSchema, findBreakingChanges, Kind, parse, visit } from "graphql";

/** The changes that are not declared, and the declared ones that are none. */
export function compareToRelease({ released, current, declared }) {
  const [before, after] = [parse(released), parse(current)];
  const found = new Set([
    ...findBreakingChanges(apiOf(before), apiOf(after)).map(({ description }) => description),
    ...keysOf(before)
      .filter((key) => !keysOf(after).includes(key))
      .map((key) => `${key} was removed.`),
  ]);
  const meant = new Set(
    declared
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
  return {
    undeclared: [...found].filter((change) => !meant.has(change)),
    stale: [...meant].filter((change) => !found.has(change)),
  };
}

/** As clients see it: graphql-js knows no directive of a composition, and `extend schema` extends nothing there. */
function apiOf(document) {
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION);
  const ofGraphql = ["deprecated", "specifiedBy"];
  return buildASTSchema(
    visit(
      { ...document, definitions },
      { Directive: ({ name }) => (ofGraphql.includes(name.value) ? undefined : null) },
    ),
  );
}

/** By which other subgraphs name our entities: a client does not see them, and a supergraph breaks without one. */
function keysOf(document) {
  return document.definitions.flatMap(({ name, directives = [] }) =>
    directives
      .filter((directive) => directive.name.value === "key")
      .map(({ arguments: [fields] }) => `${name.value} @key(fields: "${fields.value.value}")`),
  );
}

function tell(sentence) {
  process.stderr.write(`${sentence}\n`);
}

async function main() {
  const [released, current, declared] = await Promise.all(
    ["schema.released.graphql", "schema.graphql", "schema.breaks"].map((path) => readFile(path, "utf8")),
  );
  const { undeclared, stale } = compareToRelease({ released, current, declared });
  for (const change of undeclared) tell(`Breaks the released schema: ${change}`);
  for (const change of stale) tell(`Declared in schema.breaks, and not so: ${change}`);
  if (undeclared.length > 0) {
    tell("Deprecate instead; or declare it in schema.breaks, with its reason, and in CHANGELOG.md.");
  }
  process.exitCode = undeclared.length + stale.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
