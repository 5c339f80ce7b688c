import { readFile, writeFile } from "node:fs/promises";
import { endWithReader, exitCodes, runCommand } from "./runCommand.js";

const usage = `Usage: node dist/cli/printSchema.js [options]

Prints the subgraph's schema, as a composition takes it. It needs no site and no variable.

  --out FILE      writes it to the file instead
  --check FILE    says whether the file is the same, and writes nothing
  --help          this text
  --version       the version of this product

Ends with 0, with 1 when the file differs or cannot be written, and with 2 when the options are at fault.
`;

/** Prints the subgraph's SDL; `--out FILE` writes it, `--check FILE` exits with 1 when the file differs. */
async function printSchema(values: { readonly out?: string; readonly check?: string }): Promise<number> {
  // Half a second of libraries, of which nobody needs any who asks what the options are.
  const { buildGraphSchema } = await import("../graph/schema/buildGraphSchema.js");
  const { sdl } = buildGraphSchema();
  if (values.out !== undefined) {
    await writeFile(values.out, sdl);
    return exitCodes.fine;
  }
  if (values.check === undefined) {
    process.stdout.write(sdl);
    return exitCodes.fine;
  }
  if ((await readFile(values.check, "utf8").catch(() => "")) === sdl) return exitCodes.fine;
  process.stderr.write(`${values.check} is not what the code emits. Run: npm run schema\n`);
  return exitCodes.failed;
}

endWithReader();
await runCommand({ usage, options: { out: { type: "string" }, check: { type: "string" } }, run: printSchema });
