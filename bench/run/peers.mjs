import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** What we are compared with has a package of its own: `npm ci` of the product brings nothing of it. */
export function installPeers(tell) {
  if (existsSync(`${folder}/node_modules/mercurius/package.json`)) return;
  tell("installing what is compared, once (bench/package.json)");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("The packages of bench/package.json could not be installed.");
}
