// After packing: the sandbox's file beside the server's, in the same folder. Who installs both has both; who installs the server's
// alone has a server for real sites. npm hands the options of the outer call down by the environment.
import { spawnSync } from "node:child_process";

// What is printed is the name of the server's file alone: scripts read it.
const { status } = spawnSync("npm", ["pack", "--silent", "--workspace", "sandbox"], {
  stdio: ["ignore", "ignore", "inherit"],
});
process.exitCode = status ?? 1;
