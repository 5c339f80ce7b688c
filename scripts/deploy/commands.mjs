/**
 * The commands of docs/operating.md, each of them: done as they stand, in a folder of their own and over the made-up Confluence; those of
 * Docker and of a cluster compared with the files that they name; those that `npm run package:check` does left to it. A command that is
 * none of these is an error, so that none stands there untried.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root, start } from "../package/consumer.mjs";
import { checkCache } from "./cache.mjs";
import { startDatabase } from "./database.mjs";

const commandsOf = (text) =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block.trim().split("\n"));

export async function checkCommands(folder, note) {
  const place = join(folder, "commands");
  mkdirSync(place);
  const commands = commandsOf(readFileSync(join(root, "docs/operating.md"), "utf8"));
  assert.ok(commands.length > 20);
  const database = await startDatabase(join(folder, "database"));
  if (database === null) note("There are no programs of PostgreSQL here: pg_dump and pg_restore were not tried.");
  const context = { place, database, stateDir: join(folder, "state"), servers: [] };
  try {
    for (const command of commands) {
      const kind = kinds.find(({ pattern }) => pattern.test(command));
      assert.ok(kind !== undefined, `nothing tries this command of docs/operating.md: ${command}`);
      await kind.run(command, context);
    }
    await checkCache(place, note);
  } finally {
    for (const { kill } of context.servers) kill();
    await database?.stop();
  }
}

const byPackageCheck = () => undefined;

const kinds = [
  { pattern: /^npm pack$|^npm install \.\/confluence-access-graph-[\d.]+\.tgz$/, run: byPackageCheck },
  { pattern: /^npx --no-install confluence-access-graph( |$)/, run: runProgram },
  { pattern: /^(mkdir|printf|openssl) /, run: runHere },
  { pattern: /^npm run --silent callers -- /, run: runCallers },
  { pattern: /^docker /, run: checkDocker },
  { pattern: /^kubectl /, run: checkKubectl },
  { pattern: /^pg_dump /, run: dumpAndRestore },
  { pattern: /^pg_restore /, run: () => undefined },
  { pattern: /^tar /, run: packState },
  { pattern: /^npm run audit -- /, run: runAudit },
];

function runHere(command, { place }) {
  execFileSync("sh", ["-euc", command], { cwd: place });
}

function nodeOf(file, args) {
  return [process.execPath, join(root, "dist", file), ...args];
}

/** The word behind the program, as it stands; without one it serves. */
async function runProgram(command, { place, servers }) {
  const args = command.split(" ").slice(3);
  if (args.includes("schema.graphql")) cpSync(join(root, "schema.graphql"), join(place, "schema.graphql"));
  const program = start(place, nodeOf("main.js", args), { PORT: "0" });
  servers.push(program);
  if (args.length === 0) {
    await program.says(/^GraphQL +\S+/m);
    assert.equal((await program.stop()).code, 0);
  } else assert.equal((await program.ended).code, 0, command);
}

async function runCallers(command, { place }) {
  const args = command.replace(/^npm run --silent callers -- /, "").split(" ");
  const { code, out } = await start(place, nodeOf("cli/callers.js", args)).ended;
  assert.deepEqual([code, /^cag_\S+\n$/.test(out)], [0, true], command);
}

function checkDocker(command) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const compose = parse(readFileSync(join(root, "deploy/compose.yaml"), "utf8"));
  if (command === `docker build --tag ${compose.services.graph.image} .`) {
    assert.ok(compose.services.graph.image.endsWith(`:${version}`));
    return;
  }
  assert.equal(command, "docker compose -f deploy/compose.yaml up --build");
}

/** Without a cluster: what the command names is there, and kubectl, where the machine has it, makes of it what it would send. */
function checkKubectl(command, { place }) {
  const read = (file) => parse(readFileSync(join(root, "deploy/kubernetes", file), "utf8"));
  const { spec, metadata } = read("deployment.yaml");
  const { namespace } = read("kustomization.yaml");
  assert.equal(read("namespace.yaml").metadata.name, namespace);
  const [volume] = spec.template.spec.volumes;
  const secret = `kubectl -n ${namespace} create secret generic ${volume.secret.secretName} --from-file=deploy/secrets`;
  const known = [
    "kubectl apply -f deploy/kubernetes/namespace.yaml",
    secret,
    "kubectl apply -k deploy/kubernetes",
    `kubectl -n ${namespace} rollout status deployment/${metadata.name}`,
  ];
  assert.ok(known.includes(command), command);
  if (command === secret) {
    const files = spec.template.spec.containers[0].env.filter(({ name }) => name.endsWith("_FILE"));
    const made = readdirSync(join(place, "deploy/secrets"));
    assert.deepEqual(
      files.map(({ value }) => value.split("/").at(-1)).filter((name) => !made.includes(name)),
      [],
    );
  }
  if (/apply -k/.test(command) && spawnSync("kubectl", ["version", "--client"]).status === 0) {
    execFileSync("kubectl", ["kustomize", join(root, "deploy/kubernetes")]);
  }
}

/** A server that changes something, whose record is then copied, put back, and found whole by another. */
async function serve({ place, servers }, variables) {
  const server = start(place, nodeOf("main.js", []), {
    PORT: "0",
    AUDIT_LOG: join(place, "audit.jsonl"),
    ...variables,
  });
  servers.push(server);
  return { server, url: await server.says(/^GraphQL +(\S+)/m) };
}

async function change(url, name) {
  const query = `mutation { createGroup(input: { siteId: "sandbox-cloud", name: "${name}" }) { outcome } }`;
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  assert.deepEqual(await response.json(), { data: { createGroup: { outcome: "CREATED" } } });
}

async function verify(place, args) {
  const { code, out, err } = await start(place, nodeOf("cli/audit.js", ["verify", ...args])).ended;
  assert.equal(code, 0, out + err);
  assert.match(out, /^sandbox-cloud: 2 entries, newest 2:/m);
}

async function dumpAndRestore(command, context) {
  const { place, database } = context;
  if (database === null) return;
  const env = { ...process.env, DATABASE_URL: database.url, PATH: `${database.programs}:${process.env.PATH}` };
  const restore = commandsOf(readFileSync(join(root, "docs/operating.md"), "utf8")).find((each) =>
    each.startsWith("pg_restore"),
  );
  const before = await serve(context, { DATABASE_URL: database.url });
  await change(before.url, "before the copy");
  execFileSync("sh", ["-euc", command], { cwd: place, env });
  await change(before.url, "after the copy");
  await before.server.stop();
  execFileSync("sh", ["-euc", restore], { cwd: place, env });
  const after = await serve(context, { DATABASE_URL: database.url });
  await verify(place, ["--url", after.url]);
  await after.server.stop();
}

async function packState(command, context) {
  const { place, stateDir } = context;
  const before = await serve(context, { STATE_DIR: stateDir });
  await change(before.url, "in a directory");
  await before.server.stop();
  execFileSync("sh", ["-euc", command], { cwd: place, env: { ...process.env, STATE_DIR: stateDir } });
  const copy = join(place, "state");
  mkdirSync(copy, { mode: 0o700 });
  execFileSync("tar", ["-xzf", join(place, "record.tar.gz"), "-C", copy]);
  context.audited = await serve(context, { STATE_DIR: copy });
}

/** Over the server whose record was put back. */
async function runAudit(command, { place, audited }) {
  assert.ok(audited !== undefined, "the record is put back before it is verified");
  const [action, ...args] = command.replace("npm run audit -- ", "").split(" ");
  if (action === "verify") return verify(place, args.length === 0 ? ["--url", audited.url] : args);
  assert.equal((await start(place, nodeOf("cli/audit.js", [action, ...args, "--url", audited.url])).ended).code, 0);
  assert.ok(existsSync(join(place, "record.jsonl")));
}
