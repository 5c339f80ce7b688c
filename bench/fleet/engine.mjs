import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = ["valkey-server", "redis-server"].find((name) => spawnSync(name, ["--version"]).status === 0);
const running = new Set();
process.once("exit", () => {
  for (const server of running) server.kill("SIGKILL");
});

export const hasEngine = program !== undefined;

/** A Valkey or Redis that keeps nothing, at a socket in a folder of its own. */
export async function startEngine() {
  const folder = mkdtempSync(join(tmpdir(), "bench-engine-"));
  const socket = join(folder, "socket");
  const server = spawn(program, ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  running.add(server);
  await new Promise((resolve, reject) => {
    server.stdout.on("data", (text) => /ready to accept connections/i.test(String(text)) && resolve());
    server.once("exit", () => reject(new Error("The engine ended before it was up.")));
  });
  return {
    env: { CACHE_URL: `unix://${socket}`, CACHE_KEY: "a-key-of-the-bench-of-at-least-32-characters" },
    stop: () => {
      running.delete(server);
      server.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
