import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { renderEnvExample } from "../config/renderEnvExample.js";
import { renderSettingsTable } from "../config/renderSettingsTable.js";
import { settings } from "../config/settings.js";

const preface = `# Configuration

Every setting is an environment variable; empty counts as unset. A start with faults lists all of them at once, each with
its variable, what is wrong and an example, and ends with 2. No value is ever quoted, and no secret is printed. A variable
that looks like one of these and is none is named in the log, with the name it may have meant.

This page and \`.env.example\` are rendered from \`src/config/settings.ts\` by \`npm run settings\`. Nothing reads \`.env\` by
itself: \`node --env-file=.env dist/main.js\` does.

`;

/** Each file that is rendered from the settings, below the working directory. */
const files = [
  { path: ".env.example", text: renderEnvExample(settings) },
  { path: "docs/configuration.md", text: preface + renderSettingsTable(settings) },
];

/** Writes the files; with `--check` writes nothing and answers 1 when one differs. */
async function renderSettings(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: "boolean" } } });
  if (values.check !== true) {
    await Promise.all(files.map(({ path, text }) => writeFile(path, text)));
    return 0;
  }
  const present = await Promise.all(files.map(({ path }) => readFile(path, "utf8").catch(() => "")));
  const different = files.filter(({ text }, index) => present[index] !== text);
  for (const { path } of different) {
    process.stderr.write(`${path} is not what the settings say. Run: npm run settings\n`);
  }
  return different.length === 0 ? 0 : 1;
}

process.exitCode = await renderSettings();
