/**
 * `npm run package:check`: packs the server and the sandbox, and uses the files as somebody would who has nothing else: each command, the
 * server without the sandbox and with it, the examples of docs/embedding.md, and the types in a strict project. Needs no network.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProject, install, linkInto, namesIn, pack, root, start } from "./consumer.mjs";

const folder = mkdtempSync(join(tmpdir(), "package-"));
const running = new Set();
try {
  const packed = join(folder, "packed");
  mkdirSync(packed);
  const tarballs = pack(packed);
  checkFiles(tarballs);
  const project = createProject(join(folder, "project"));
  install(project, tarballs.server);
  await checkCommands(project);
  checkTypes(project);
  install(project, tarballs.sandbox);
  await checkServing(project);
  await checkEmbedding(project);
  process.stdout.write("The packed files do what the documents say.\n");
} finally {
  for (const { kill } of running) kill();
  rmSync(folder, { recursive: true, force: true });
}

function begin(...parts) {
  const started = start(...parts);
  running.add(started);
  started.ended.then(() => running.delete(started));
  return started;
}

/** What is in the files: what runs, its types, and what is read. */
function checkFiles({ server, sandbox }) {
  const names = namesIn(server);
  const kinds = [
    /^dist\/.*\.js$/,
    /^dist\/(index|compose\/embedding\/\w+)\.d\.ts$/,
    /^docs\/[\w-]+\.md$/,
    /^operations\//,
  ];
  const alone = ["package.json", "README.md", "LICENSE", "CHANGELOG.md", ".env.example", "schema.graphql"];
  const strangers = names.filter((name) => !alone.includes(name) && !kinds.some((kind) => kind.test(name)));
  assert.deepEqual(strangers, [], "the server's file holds nothing else");
  assert.deepEqual(
    alone.filter((name) => !names.includes(name)),
    [],
    "the server's file holds these",
  );
  assert.deepEqual(
    namesIn(sandbox).filter((name) => !/^(package\.json|dist\/.*\.(js|d\.ts))$/.test(name)),
    [],
  );
}

async function checkCommands(project) {
  const run = (...args) => begin(project, ["node_modules/.bin/confluence-access-graph", ...args]).ended;
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const viaNpx = begin(project, ["npx", "--no-install", "confluence-access-graph", "--version"], process.env).ended;
  const helps = ["serve", "doctor", "export", "audit", "callers", "print-schema"].map(async (word) => {
    const { code, out } = await run(word, "--help");
    assert.equal(code, 0, word);
    assert.match(out, new RegExp(`^Usage: confluence-access-graph \\[?${word}`));
  });
  await Promise.all(helps);
  assert.equal((await viaNpx).out, `${version}\n`);
  assert.equal((await run("no-such-command")).code, 2);
  assert.equal((await run("print-schema")).out, readFileSync(join(root, "schema.graphql"), "utf8"));
  for (const word of ["serve", "sandbox"]) {
    const { code, err } = await run(word);
    assert.equal(code, 2, word);
    assert.match(err, /confluence-access-graph-sandbox, which is not installed here/);
  }
}

async function checkServing(project) {
  const env = { PORT: "0" };
  const server = begin(project, ["node_modules/.bin/confluence-access-graph"], env);
  const address = await server.says(/^GraphQL +(\S+)\/graphql$/m);
  assert.ok((await countSpaces(`${address}/graphql`)) > 50);
  const page = await (await fetch(`${address}/graphiql`)).text();
  for (const [, asset] of page.matchAll(/(?:src|href)="(graphiql[^"]+)"/g)) {
    assert.equal((await fetch(`${address}/${asset}`)).status, 200, asset);
  }
  assert.equal((await server.stop()).code, 0);
}

/** Each example as it stands in the document, the first over a site of its own. */
async function checkEmbedding(project) {
  const document = readFileSync(join(root, "docs/embedding.md"), "utf8");
  const examples = [...document.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.equal(examples.length, 2);
  const command = ["node_modules/.bin/confluence-access-graph", "sandbox", "--port", "0", "--dc-port", "0"];
  const own = begin(project, [...command, "--email", "access-review@acme.example"]);
  const url = await own.says(/(http:\/\/[^\s/]+)\S*[\s\S]*__sandbox\/world/);
  const token = "0123456789-0123456789-0123456789-0123456789";
  const env = { PORT: "0", WIKI_URL: url, WIKI_TOKEN: "sandbox-token", GATEWAY_TOKEN: token };
  for (const [number, code] of examples.entries()) {
    writeFileSync(join(project, `example-${number}.mjs`), code);
    const example = begin(project, [process.execPath, `example-${number}.mjs`], env);
    const port = await example.says(/listening on (?:http:\/\/[^\s]*:)?(\d+)$/m);
    assert.ok((await countSpaces(`http://127.0.0.1:${port}/graphql`, token)) > 20, code);
    assert.equal((await example.stop()).code, 0);
  }
  await own.stop();
}

async function countSpaces(url, token) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: "{ spaces { totalCount nodes { key } } }" }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  return answer.data.spaces.nodes.length;
}

/** A program that uses all that is exported, under the strictest rules, with the declarations of libraries checked too. */
function checkTypes(project) {
  linkInto(project, "@types/node");
  linkInto(project, "undici-types");
  const program = `import { createServer } from "node:http";
import { createSubgraph, type Subgraph, type SubgraphLogger, type SubgraphOptions, type SubgraphSettings } from "confluence-access-graph";

const settings: SubgraphSettings = { CONFLUENCE_URL: "https://acme.atlassian.net", PROVISIONING: true, CACHE_TTL_GRANTS: 60 };
const logger: SubgraphLogger = { debug() {}, info() {}, warn() {}, error() {} };
const options: SubgraphOptions = { settings, logger, variables: { TOKEN: "t" } };
const subgraph: Subgraph = await createSubgraph(options);
const reasons: (string | null)[] = subgraph.readiness().sites.map(({ reason }) => reason);
createServer(subgraph.handler).once("close", () => void subgraph.close());
await subgraph.reload();
// @ts-expect-error: no setting is called so.
await createSubgraph({ settings: { CONFLUENCE_ULR: subgraph.sdl + reasons.join() } });
// @ts-expect-error: whoever listens has the port.
await createSubgraph({ settings: { PORT: 80 } });
`;
  writeFileSync(join(project, "program.mts"), program);
  const compilerOptions = {
    ...{
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    },
    ...{ module: "NodeNext", moduleResolution: "NodeNext", target: "ES2022", types: ["node"], noUnusedLocals: true },
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.mts"] }));
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", project], { stdio: "inherit" });
}
