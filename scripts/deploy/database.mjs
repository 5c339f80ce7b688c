// A PostgreSQL server for a check, where the machine has its programs.
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const packaged = "/usr/lib/postgresql";

function findPrograms() {
  const versions = existsSync(packaged)
    ? readdirSync(packaged).sort((left, right) => Number(right) - Number(left))
    : [];
  const folders = [
    ...(process.env.PATH ?? "").split(":"),
    ...versions.map((version) => join(packaged, version, "bin")),
  ];
  const wanted = ["initdb", "postgres", "pg_dump", "pg_restore"];
  return folders.find((folder) => wanted.every((name) => existsSync(join(folder, name)))) ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function userOfServer() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Its address by a socket in the folder, so that no port is taken; `null` where there are no programs. */
export async function startDatabase(folder) {
  const programs = findPrograms();
  if (programs === null) return null;
  const user = userOfServer();
  mkdirSync(folder);
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const options = { ...user, cwd: folder, stdio: "ignore" };
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "graph", "--auth=trust", "--no-sync"], options);
  const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`, "-c", "fsync=off"];
  const server = spawn(join(programs, "postgres"), ["-D", data, ...settings], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise((resolve, reject) => {
    server.stderr.on("data", (chunk) => /ready to accept connections/.test(String(chunk)) && resolve());
    server.once("exit", () => reject(new Error("PostgreSQL ended before it was up")));
  });
  const url = `postgres://graph@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const stop = () => {
    server.kill("SIGQUIT");
    return ended;
  };
  return { url, programs, stop };
}
