// A project that has the packed files installed, without a network: what npm would download is linked from ours.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs the server and, beside it, the sandbox; answers the paths of both files. */
export function pack(folder) {
  const told = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root, encoding: "utf8" });
  const files = readdirSync(folder).sort();
  const [server, sandbox] = files.map((name) => join(folder, name));
  if (files.length !== 2 || told !== `${files[0]}\n`) throw new Error(`npm pack made ${files} and said ${told}`);
  return { server, sandbox };
}

export function namesIn(tarball) {
  const names = execFileSync("tar", ["tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  return names.map((name) => name.replace(/^package\//, ""));
}

/** An empty project, with what the server needs at run time and nothing of what we need to develop. */
export function createProject(folder) {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const needed = Object.entries(packages).filter(
    ([path, { dev, devOptional, link }]) =>
      /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional && !link,
  );
  for (const [path] of needed) linkInto(folder, path.slice("node_modules/".length));
  return folder;
}

/** A package of ours in the project, as it is here. */
export function linkInto(folder, name) {
  const place = join(folder, "node_modules", name);
  if (existsSync(place)) return;
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(join(root, "node_modules", name), place);
}

/** What `npm install ./file.tgz` does with a file that needs nothing further. */
export function install(folder, tarball) {
  const unpacked = join(folder, "unpacking");
  mkdirSync(unpacked);
  execFileSync("tar", ["xzf", tarball, "-C", unpacked]);
  const { name, bin = {} } = JSON.parse(readFileSync(join(unpacked, "package/package.json"), "utf8"));
  execFileSync("mv", [join(unpacked, "package"), join(folder, "node_modules", name)]);
  execFileSync("rmdir", [unpacked]);
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  for (const [command, path] of Object.entries(bin)) {
    chmodSync(join(folder, "node_modules", name, path), 0o755);
    symlinkSync(join("..", name, path), join(folder, "node_modules/.bin", command));
  }
}

/** A process in the project, with no environment but this. */
export function start(folder, [command, ...args], env = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, args, { cwd: folder, env: { PATH, HOME, ...env } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, ...said })));
  /** Resolves with the first group of a pattern once standard output has it. */
  const says = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(said.out);
        if (found !== null) resolve(found[1] ?? found[0]);
      };
      child.stdout.on("data", look);
      ended.then(({ err }) => reject(new Error(`${[command, ...args].join(" ")} ended early: ${said.out}${err}`)));
      look();
    });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { ended, says, stop, kill: () => child.kill("SIGKILL") };
}
