import { defineConfig } from "vite";

/** Where `npm run dev` finds the graph. The page then asks its own origin, so that no `CORS_ORIGINS` is needed. */
const graph = "http://127.0.0.1:4000";

export default defineConfig({
  server: { proxy: { "/graphql": graph } },
});
