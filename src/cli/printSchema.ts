import { readFile, writeFile } from "node:fs/promises";
import type { SchemaConfig } from "../config/Config.js";
import { schemaSettings as settings } from "../config/settings/schemaSettings.js";
import { endWithReader, exitCodes, Misuse, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph print-schema [options]        (in a clone: node dist/cli/printSchema.js [options])

Prints the subgraph's schema, as a composition takes it. It needs no site and no variable.

  --api           as clients see it: without the directives of a composition, for tools that know none of them
  --prefix NAME   with a prefix, as SCHEMA_PREFIX names types and root fields; without node and nodes, unless --nodes on
  --own-identity  with --prefix: Identity has it too (SHARED_IDENTITY=off)
  --nodes off     without Query.node and Query.nodes (NODE_FIELDS)
  --out FILE      writes it to the file instead
  --commit FILE   writes it to the file, where no option asks for another form: that is printed
  --check FILE    says whether the file is the same, and writes nothing
  --help          this text
  --version       the version of this product

Ends with 0, with 1 when the file differs or cannot be written, and with 2 when the options are at fault.
`;

interface Values {
  readonly api?: boolean;
  readonly prefix?: string;
  readonly "own-identity"?: boolean;
  readonly nodes?: string;
  readonly out?: string;
  readonly commit?: string;
  readonly check?: string;
}

/** Prints the subgraph's SDL; `--out FILE` writes it, `--check FILE` exits with 1 when the file differs. */
async function printSchema({ api = false, prefix, nodes, out, commit, check, ...values }: Values): Promise<number> {
  const config = readSchemaConfig({ prefix, nodes, ownsIdentity: values["own-identity"] === true });
  // Half a second of libraries, of which nobody needs any who asks what the options are.
  const { printGraphSchema } = await import("../graph/schema/buildGraphSchema.js");
  const { hasNodeFields, ...naming } = config;
  const { sdl, apiSdl } = printGraphSchema({ naming, hasNodeFields });
  const text = api ? apiSdl : sdl;
  const isUsual = !api && prefix === undefined && nodes === undefined;
  const file = out ?? (isUsual ? commit : undefined);
  if (file !== undefined) {
    await writeFile(file, text);
    return exitCodes.fine;
  }
  if (check === undefined) {
    process.stdout.write(text);
    return exitCodes.fine;
  }
  if ((await readFile(check, "utf8").catch(() => "")) === text) return exitCodes.fine;
  process.stderr.write(`${check} is not what the code emits. Run: npm run schema\n`);
  return exitCodes.failed;
}

/** As the settings would have it; they are not read, for a schema is printed without any. */
function readSchemaConfig({
  prefix = "",
  nodes,
  ownsIdentity,
}: {
  readonly prefix: string | undefined;
  readonly nodes: string | undefined;
  readonly ownsIdentity: boolean;
}): SchemaConfig {
  if (prefix !== "" && !settings.SCHEMA_PREFIX.schema.safeParse(prefix).success) {
    throw new Misuse("--prefix takes a capital letter and up to 39 letters and digits.");
  }
  if (nodes !== undefined && nodes !== "on" && nodes !== "off") throw new Misuse("--nodes takes on or off.");
  return {
    prefix,
    sharesIdentity: !ownsIdentity,
    hasNodeFields: (nodes ?? (prefix === "" ? "on" : "off")) === "on",
  };
}

endWithReader();
await runCommand({
  usage,
  options: {
    api: { type: "boolean" },
    prefix: { type: "string" },
    "own-identity": { type: "boolean" },
    nodes: { type: "string" },
    out: { type: "string" },
    commit: { type: "string" },
    check: { type: "string" },
  },
  run: printSchema,
});
