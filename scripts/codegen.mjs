import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { codegen } from "@graphql-codegen/core";
import * as fragmentMatcher from "@graphql-codegen/fragment-matcher";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";
import { loadConfigFromFile } from "vite";

// Runs codegen.ts with the generator's core: the CLI that usually does brings 230 packages more. `--check` writes nothing
// and exits with 1 when a file is not what would be written.

const pluginMap = {
  "fragment-matcher": fragmentMatcher,
  "typed-document-node": typedDocumentNode,
  "typescript-operations": typescriptOperations,
};
const header = "// Made by `npm run codegen` from schema.graphql and the operations that codegen.ts names.\n";

/** The files that a pattern such as `folder/*.graphql` names, in order; the core takes documents, not patterns. */
async function findFiles(pattern) {
  const [folder, name] = [dirname(pattern), basename(pattern)];
  if (!name.startsWith("*.") || folder.includes("*")) throw new Error(`codegen.ts: ${pattern} is not folder/*.ending.`);
  const files = (await readdir(folder)).filter((file) => file.endsWith(name.slice(1)));
  if (files.length === 0) throw new Error(`codegen.ts: no file is named by ${pattern}.`);
  return files.sort().map((file) => join(folder, file));
}

async function readDocument(location) {
  return { location, document: parse(await readFile(location, "utf8")) };
}

async function generate(config) {
  const schema = parse(await readFile(config.schema, "utf8"));
  return Promise.all(
    Object.entries(config.generates).map(async ([filename, target]) => {
      const paths = (await Promise.all((target.documents ?? []).map(findFiles))).flat();
      const documents = await Promise.all(paths.map(readDocument));
      const plugins = target.plugins.map((name) => ({ [name]: {} }));
      const text = await codegen({ filename, schema, documents, plugins, pluginMap, config: target.config ?? {} });
      return { filename, text: `${header}\n${text.trim()}\n` };
    }),
  );
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
// Node 20 reads no TypeScript, and vite reads its own configuration files in it.
const loaded = await loadConfigFromFile({ command: "build", mode: "production" }, "codegen.ts");
if (loaded === null) throw new Error("codegen.ts is not there.");
for (const { filename, text } of await generate(loaded.config)) {
  if (!values.check) {
    await writeFile(filename, text);
  } else if ((await readFile(filename, "utf8").catch(() => "")) !== text) {
    process.stderr.write(`${filename} is not what its schema and operations give. Run: npm run codegen\n`);
    process.exitCode = 1;
  }
}
