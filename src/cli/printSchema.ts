import { readFile, writeFile } from "node:fs/promises";
import { endWithReader, exitCodes, Misuse, runCommand } from "./runCommand.js";

const usage = `Usage: confluence-access-graph print-schema [options]        (in a clone: node dist/cli/printSchema.js [options])

Prints the subgraph's schema, as a composition takes it. It needs no site and no variable.

  --api           as clients see it: without the directives of a composition, for tools that know none of them
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
  readonly nodes?: string;
  readonly out?: string;
  readonly commit?: string;
  readonly check?: string;
}

/** Prints the subgraph's SDL; `--out FILE` writes it, `--check FILE` exits with 1 when the file differs. */
async function printSchema({ api = false, nodes = "on", out, commit, check }: Values): Promise<number> {
  if (nodes !== "on" && nodes !== "off") throw new Misuse("--nodes takes on or off.");
  // Half a second of libraries, of which nobody needs any who asks what the options are.
  const { buildGraphSchema } = await import("../graph/schema/buildGraphSchema.js");
  const { sdl, apiSdl } = buildGraphSchema({ hasNodeFields: nodes === "on" });
  const text = api ? apiSdl : sdl;
  const isPlain = !api && nodes === "on";
  const file = out ?? (isPlain ? commit : undefined);
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

endWithReader();
await runCommand({
  usage,
  options: {
    api: { type: "boolean" },
    nodes: { type: "string" },
    out: { type: "string" },
    commit: { type: "string" },
    check: { type: "string" },
  },
  run: printSchema,
});
