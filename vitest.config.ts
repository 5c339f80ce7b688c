import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    // Node would load `graphql` once as CommonJS and once as ESM under the runner; two copies refuse each other's types.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
  },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    server: { deps: { inline: [/type-graphql/, /@apollo/, /graphql-scalars/] } },
  },
});
