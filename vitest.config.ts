import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { workerFlags } from "./test/support/engineFlags.js";
import { LongestFirst } from "./test/support/LongestFirst.js";

export default defineConfig({
  resolve: {
    // Node would load `graphql` once as CommonJS and once as ESM under the runner; two copies refuse each other's types.
    alias: [
      { find: /^graphql$/, replacement: "graphql/index.js" },
      // As the tests themselves import it: from its source.
      {
        find: /^confluence-access-graph-sandbox$/,
        replacement: fileURLToPath(new URL("sandbox/src/index.ts", import.meta.url)),
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // Every file would otherwise import the whole server again: twice the time for nothing, since no test changes a module.
    isolate: false,
    // Many tests wait for a server and not for a processor, so that even two cores have work for three.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Much code that runs a few times, and makes many short-lived objects: compiled plainly at once, optimised late, and with room
    // for the young, the workers take a third less of the processor.
    execArgv: [...workerFlags],
    globalSetup: ["test/support/countUncompared.ts"],
    setupFiles: ["test/support/setup.ts"],
    // For machines that are busy with something else; nothing waits for any of these where all is well.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    server: { deps: { inline: [/type-graphql/, /@apollo/, /graphql-scalars/] } },
  },
});
