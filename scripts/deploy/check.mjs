/**
 * `npm run deploy:check`: the manifests of deploy/kubernetes against Kubernetes' own types, unknown fields included, and the steps of the
 * Dockerfile done here, without a container: the files that it copies, what it installs, its environment, its command as a user without
 * rights in a folder that cannot be written, its health check, and its end by SIGTERM; and the commands of docs/operating.md. Needs no
 * network, no Docker and no cluster.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { createProject, root, start } from "../package/consumer.mjs";
import { checkCommands } from "./commands.mjs";

const folder = mkdtempSync(join(tmpdir(), "deploy-"));
const running = [];
process.umask(0o022);
try {
  checkManifests();
  chmodSync(folder, 0o755);
  await checkCommands(folder, (line) => process.stdout.write(`${line}\n`));
  await checkImage();
  process.stdout.write(
    "The manifests are what Kubernetes takes, and the image's steps make a server that starts, answers and ends.\n",
  );
} finally {
  for (const { kill } of running) kill();
  execFileSync("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true, force: true });
}

/** Each manifest as a value of its type: TypeScript refuses fields that the type does not have, and misses those it must. */
function checkManifests() {
  const place = join(root, "deploy/kubernetes");
  const checked = readdirSync(place).flatMap((file, number) => {
    const manifest = parse(readFileSync(join(place, file), "utf8"));
    const { apiVersion, kind } = manifest;
    if (kind === "Kustomization") return [];
    const module = apiVersion === "v1" ? "core/v1" : apiVersion.replace(/^networking\.k8s\.io\//, "networking/");
    return [
      `import type { ${kind} as Kind${number} } from "kubernetes-types/${module}.js";`,
      `export const manifest${number}: Kind${number} = ${JSON.stringify(manifest)}; // ${file}`,
    ];
  });
  assert.equal(checked.length, 2 * 9);
  writeFileSync(join(folder, "manifests.mts"), `${checked.join("\n")}\n`);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(root, "node_modules/kubernetes-types"), join(folder, "node_modules/kubernetes-types"));
  const compilerOptions = { strict: true, noEmit: true, module: "NodeNext", types: [], skipLibCheck: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["manifests.mts"] }));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", folder], { stdio: "inherit" });
}

async function checkImage() {
  const stages = readStages();
  assert.equal(stages.length, 2);
  const [build, image] = stages;
  const sent = join(folder, "context");
  copyContext(sent);
  const built = join(folder, "build");
  for (const { sources, to } of copiesOf(build)) copyInto(sent, built, sources, to);
  // What `npm ci` of the first stage installs is what is installed here; the sandbox's link would lead out of the copy.
  symlinkSync(join(root, "node_modules"), join(built, "node_modules"));
  execFileSync("npm", ["run", "--silent", "build"], { cwd: built, stdio: "inherit" });

  const app = createProject(join(folder, "app"));
  const wanted = "npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force";
  assert.ok(
    image.some(({ rest }) => rest === wanted),
    "the second stage installs what createProject links",
  );
  for (const { sources, to, from } of copiesOf(image)) {
    copyInto(
      from === "build" ? folder : sent,
      app,
      sources.map((source) => source.replace(/^\//, "")),
      to,
    );
  }
  assert.ok(!readdirSync(join(app, "dist")).includes("sandbox"));
  assert.ok(!readdirSync(join(app, "node_modules")).includes("confluence-access-graph-sandbox"));
  await checkRunning(app, image);
}

async function checkRunning(app, image) {
  const restOf = (name) => image.find(({ instruction }) => instruction === name)?.rest ?? "";
  const [, ...entry] = JSON.parse(restOf("ENTRYPOINT"));
  const [, ...health] = JSON.parse(restOf("HEALTHCHECK").replace(/^.*?CMD /, ""));
  const environment = Object.fromEntries(
    restOf("ENV")
      .split(" ")
      .map((pair) => pair.split("=")),
  );
  const secrets = join(folder, "secrets");
  mkdirSync(secrets);
  writeFileSync(join(secrets, "api-token"), "a-token\n");
  writeFileSync(join(secrets, "caller-token"), "0123456789-0123456789-0123456789-0123456789\n");
  const env = {
    ...environment,
    ...{ PORT: "0", CONFLUENCE_URL: "https://wiki.invalid", CONFLUENCE_DEPLOYMENT: "cloud" },
    ...{ CONFLUENCE_EMAIL: "a@acme.example", CONFLUENCE_API_TOKEN_FILE: join(secrets, "api-token") },
  };
  execFileSync("chmod", ["-R", "a-w,a+rX", folder]);
  // Whoever is somebody without rights already stays so.
  const asNobody = process.getuid() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
  const run = (args, variables) => {
    const begun = start(
      app,
      [...asNobody, process.execPath, ...args.map((arg) => arg.replace(/^\/app/, app))],
      variables,
    );
    running.push(begun);
    return begun;
  };
  const refused = await run(entry, env).ended;
  assert.equal(refused.code, 2);
  assert.match(refused.err, /HOST: refuses to listen beyond loopback without caller authentication/);
  const server = run(entry, { ...env, CALLER_TOKEN_FILE: join(secrets, "caller-token") });
  const port = await server.says(/^GraphQL +http:\/\/127\.0\.0\.1:(\d+)\//m);
  assert.deepEqual(await run(health, { ...env, PORT: port }).ended, { code: 0, out: "", err: "" });
  assert.equal((await run(health, { ...env, PORT: "1" }).ended).code, 1);
  assert.equal((await server.stop()).code, 0);
}

/** The instructions of each stage, lines that go on joined. */
function readStages() {
  const text = readFileSync(join(root, "Dockerfile"), "utf8")
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "");
  const stages = [];
  for (const [, instruction, rest] of text.matchAll(/^([A-Z]+) (.*)$/gm)) {
    if (instruction === "FROM") stages.push([]);
    stages.at(-1).push({ instruction, rest });
  }
  return stages;
}

function copiesOf(stage) {
  return restsOf(stage, "COPY").map((rest) => {
    const words = rest.split(" ");
    const from = words[0].startsWith("--from=") ? words.shift().slice("--from=".length) : null;
    const to = words.pop();
    return { sources: words, to, from };
  });
}

function restsOf(stage, name) {
  return stage.filter(({ instruction }) => instruction === name).map(({ rest }) => rest);
}

/** Files go into the folder, a folder becomes it. */
function copyInto(from, base, sources, to) {
  for (const source of sources) {
    const target = to.endsWith("/") ? join(base, to, source) : join(base, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(from, source), target, { recursive: true });
  }
}

/** What .dockerignore lets through: everything is left out but what it names. */
function copyContext(sent) {
  const lines = readFileSync(join(root, ".dockerignore"), "utf8").trim().split("\n");
  assert.equal(lines[0], "*");
  const kept = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const dropped = lines.filter((line) => !/^[!*]/.test(line) || line.startsWith("**/"));
  assert.deepEqual(dropped, ["sandbox/dist", "**/node_modules"]);
  mkdirSync(sent);
  const names = readdirSync(root);
  for (const pattern of kept) {
    const matching = names.filter((name) =>
      new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(name),
    );
    assert.notEqual(matching.length, 0, `${pattern} of .dockerignore lets something through`);
    for (const name of matching) {
      const filter = (path) => !path.endsWith("/node_modules") && path !== join(root, "sandbox/dist");
      cpSync(join(root, name), join(sent, name), { recursive: true, filter });
    }
  }
  chmodSync(sent, 0o755);
}
