import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { buildGraphSchema } from "../graph/buildGraphSchema.js";

/** Prints the subgraph's SDL; `--out FILE` writes it, `--check FILE` exits with 1 when the file differs. */
async function printSchema(): Promise<number> {
  const { values } = parseArgs({ options: { out: { type: "string" }, check: { type: "string" } } });
  const { sdl } = buildGraphSchema();
  if (values.out !== undefined) {
    await writeFile(values.out, sdl);
    return 0;
  }
  if (values.check === undefined) {
    process.stdout.write(sdl);
    return 0;
  }
  if ((await readFile(values.check, "utf8").catch(() => "")) === sdl) return 0;
  process.stderr.write(`${values.check} is not what the code emits. Run: npm run schema\n`);
  return 1;
}

process.exitCode = await printSchema();
