import type { FastifyInstance } from "fastify";
import type { EncodeAnswer } from "../answers/encoding.js";
import { sendRefusal } from "../requests/refusals.js";
import type { Product } from "../ServerOptions.js";
import { type Asset, isImported, loadAssets } from "./assets.js";

const keptForEver = "public, max-age=31536000, immutable";
const askedAgain = "no-cache";

/**
 * GraphiQL at /graphiql, from the installed packages. Open also where callers must authenticate: it is a static page,
 * and its user enters the token there.
 */
export function registerGraphiql(fastify: FastifyInstance, product: Product, encode: EncodeAnswer): void {
  let loaded: Promise<readonly Asset[]> | null = null;
  const assets = () => {
    loaded ??= loadAssets(product);
    return loaded;
  };

  for (const url of ["/", "/graphiql/"]) {
    fastify.get(url, async (_request, reply) => reply.redirect(url === "/" ? "graphiql" : "../graphiql"));
  }

  fastify.get("/graphiql", { onSend: encode }, async (_request, reply) => {
    reply.headers(pageHeaders).header("cache-control", askedAgain).type("text/html; charset=utf-8");
    return renderPage(product.title, await assets());
  });

  fastify.get<{ Params: { name: string }; Querystring: { v?: string } }>(
    "/graphiql/assets/:name",
    { onSend: encode },
    async (request, reply) => {
      const asset = (await assets()).find(({ name }) => name === request.params.name);
      if (asset === undefined) {
        return sendRefusal(reply, { status: 404, code: "NOT_FOUND", message: "GraphiQL has no such file." });
      }
      // Weak, for the forms that it is sent in share it.
      const etag = `W/"${asset.version}"`;
      const isCurrent = request.query.v === asset.version;
      reply
        .headers(pageHeaders)
        .header("etag", etag)
        .header("cache-control", isCurrent ? keptForEver : askedAgain);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type(asset.contentType).send(asset.content);
    },
  );
}

/** The page, with addresses relative to its own, so that it works under a proxy's prefix as well. */
function renderPage(title: string, assets: readonly Asset[]): string {
  const addressOf = ({ name, version }: Asset) => `graphiql/assets/${name}?v=${version}`;
  const styles = assets
    .filter((asset) => asset.name.endsWith(".css"))
    .map((asset) => `    <link rel="stylesheet" href="${addressOf(asset)}">`);
  const scripts = assets
    .filter(({ name }) => name.endsWith(".js") && !isImported(name))
    .map(
      (asset) =>
        `    <script src="${addressOf(asset)}" ${asset.name === "start.js" ? 'type="module"' : "defer"}></script>`,
    );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
${styles.join("\n")}
${scripts.join("\n")}
  </head>
  <body>
    <div id="graphiql">Loading…</div>
    <noscript>GraphiQL needs JavaScript. The endpoint beside this page, graphql, answers without it.</noscript>
  </body>
</html>
`;
}

/** Nothing but this origin's own files: no inline script, no other host, no frame around it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor positions its parts by style attributes.
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** Headers of the page and of its files. */
const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
