// npm run fuzz -- --operations 24000 --seed 7: the long form of test/fuzz, against the built server.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "24000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write("npm run fuzz -- [--operations 24000] [--seed 1]\n");
  process.exit(0);
}
const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "test/fuzz"], {
  stdio: "inherit",
  env: { ...process.env, FUZZ_OPERATIONS: values.operations, FUZZ_SEED: values.seed },
});
process.exit(status ?? 1);
