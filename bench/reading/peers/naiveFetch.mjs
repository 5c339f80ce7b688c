/** Naive resolvers, each calling with Node's own `fetch`. */
import { serveResolvers } from "./schema.mjs";

const { BENCH_SITE: site, BENCH_AUTHORIZATION: authorization } = process.env;

serveResolvers(() => async (path) => {
  const response = await fetch(new URL(path, site), { headers: { authorization } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
});
