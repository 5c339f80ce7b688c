import { readFile, writeFile } from "node:fs/promises";
import { renderSettingsType } from "../config/settings/renderType.js";
import { renderEnvExample, renderSettingsTable, settings } from "../config/settings/settings.js";
import { endWithReader, exitCodes, runCommand } from "./runCommand.js";

const usage = `Usage: node dist/cli/renderSettings.js [options]

Writes .env.example, docs/configuration.md and the type for those who embed the subgraph from the settings in the code, below the
working directory.

  --check    says whether they are the same, and writes nothing
  --help     this text
  --version  the version of this product

Ends with 0, with 1 when a file differs or cannot be written, and with 2 when the options are at fault.
`;

const preface = `# Configuration

Every setting is an environment variable; empty counts as unset. A start with faults lists all of them at once, each with
its variable, what is wrong and an example, and ends with 2. No value is ever quoted, and no secret is printed. A variable
that looks like one of these and is none is named in the log, with the name it may have meant.

This page and \`.env.example\` are rendered from \`src/config/settings/settings.ts\` by \`npm run settings\`. Nothing reads \`.env\` by
itself: \`node --env-file=.env dist/main.js\` does.

`;

/** Each file that is rendered from the settings, below the working directory. */
const files = [
  { path: ".env.example", text: renderEnvExample(settings) },
  { path: "docs/configuration.md", text: preface + renderSettingsTable(settings) },
  { path: "src/compose/embedding/SubgraphSettings.ts", text: renderSettingsType(settings) },
];

/** Writes the files; with `--check` writes nothing and answers 1 when one differs. */
async function renderSettings(isCheck: boolean): Promise<number> {
  if (!isCheck) {
    await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
    return exitCodes.fine;
  }
  const present = await Promise.all(files.map(({ path }) => readFile(path, "utf8").catch(() => "")));
  const different = files.filter(({ text }, index) => present[index] !== text);
  for (const { path } of different) {
    process.stderr.write(`${path} is not what the settings say. Run: npm run settings\n`);
  }
  return different.length === 0 ? exitCodes.fine : exitCodes.failed;
}

endWithReader();
await runCommand({ usage, options: { check: { type: "boolean" } }, run: ({ check = false }) => renderSettings(check) });
