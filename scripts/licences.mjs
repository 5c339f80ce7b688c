/**
 * `npm run licences`: docs/licences.md, from what the lock file installs at run time; `--check` writes nothing and ends with 1 where the
 * page is not that, and a licence that nobody looked at yet is an error either way.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = `${root}docs/licences.md`;

/** Those that ask for no more than that their text and their notices are kept, by SPDX. */
const permissive = new Set([
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT", "(MIT AND BSD-3-Clause)"],
  "Python-2.0",
]);
/** Those that ask for more: the page says what. */
const explained = new Set(["Elastic-2.0"]);

const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8"));
const byLicence = new Map();
for (const [path, { dev, devOptional, link, optional }] of Object.entries(packages)) {
  if (!path.startsWith("node_modules/") || dev || devOptional || link) continue;
  const name = path.replace(/^.*node_modules\//, "");
  const licence = packages[path].license ?? licenceOf(path, optional);
  if (licence === null) continue;
  byLicence.set(licence, (byLicence.get(licence) ?? new Set()).add(name));
}

/** Where the lock does not say it, the package does; one for another system is not there. */
function licenceOf(path, optional) {
  try {
    return JSON.parse(readFileSync(`${root}${path}/package.json`, "utf8")).license ?? "none";
  } catch (error) {
    if (optional) return null;
    throw error;
  }
}

const unknown = [...byLicence.keys()].filter((licence) => !permissive.has(licence) && !explained.has(licence));
for (const licence of unknown) {
  process.stderr.write(`Nobody has looked at ${licence} yet, of ${[...byLicence.get(licence)].join(", ")}.\n`);
  process.exitCode = 1;
}

const count = [...byLicence.values()].reduce((sum, names) => sum + names.size, 0);
const lists = [...byLicence]
  .sort(([left, some], [right, others]) => others.size - some.size || (left < right ? -1 : 1))
  .map(([licence, names]) => `## ${licence} (${names.size})\n\n${wrap([...names].sort())}\n`);
const text = `# Licences

The server is under the Apache License 2.0 (\`LICENSE\`). At run time it needs ${count} packages, all of them listed below by \`npm run licences\` from
the lock file; the image and whoever installs the packed file have their texts in \`node_modules\`.
All but one ask for no more than that their notices are kept.

## The one under the Elastic License 2.0

\`@apollo/federation-internals\` comes with \`@apollo/subgraph\` (MIT), whose \`buildSubgraphSchema\` makes the schema a subgraph. Its licence lets anybody use,
change and pass it on, and forbids three things: to offer *it* to third parties as a hosted or managed service that gives them a substantial set of its
features, to get round licence keys, and to remove its notices.

| who | what that means |
|---|---|
| a company that runs the server for itself, or for its own subsidiaries and customers of another product | nothing beyond keeping the notices |
| somebody who passes on the image or the packed file with its packages | the licence goes with them, as it stands in the package |
| somebody who sells the graph as a hosted service | what third parties are given are answers about their Confluence, not the tools of federation (composition, schema transformations) that the package consists of; whether that is "a substantial set of the features" is a question for one's own lawyers, not for this page |
| somebody whose rules admit licences of the Open Source Initiative alone | it is none of these: \`@apollo/subgraph\` would have to be replaced |

It can be avoided. Used of it is what \`src/graph/schema/buildGraphSchema.ts\` asks of \`buildSubgraphSchema\`: the definitions of the federation directives, \`_service\`
with the SDL that is printed here, and \`_entities\`, which is answered here already. That is some hundred lines of one's own, to be held to three composers as the
present ones are. As long as the package is the reference that composers are tested with, it is kept. The routers that are tried in the
tests, and the composers, are under licences of their own, are no part of what is shipped, and are not listed here.

${lists.join("\n")}`;

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  process.stderr.write("docs/licences.md is not what the lock file says. Run: npm run licences\n");
  process.exitCode = 1;
}

function wrap(names) {
  const lines = [""];
  for (const name of names) {
    const last = lines.at(-1);
    if (last.length + name.length + 2 > 140) lines.push(name);
    else lines[lines.length - 1] = last === "" ? name : `${last}, ${name}`;
  }
  return lines.map((line, at) => (at < lines.length - 1 ? `${line},` : line)).join("\n");
}
