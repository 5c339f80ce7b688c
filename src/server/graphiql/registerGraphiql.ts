import type { FastifyInstance } from "fastify";
import { sendRefusal } from "../sendRefusal.js";
import { type Asset, loadAssets } from "./loadAssets.js";
import { pageHeaders } from "./pageHeaders.js";
import { renderPage } from "./renderPage.js";

const keptForEver = "public, max-age=31536000, immutable";
const askedAgain = "no-cache";

/**
 * GraphiQL at /graphiql, from the installed packages. Open also where callers must authenticate: it is a static page,
 * and its user enters the token as a header.
 */
export function registerGraphiql(fastify: FastifyInstance): void {
  let loaded: Promise<readonly Asset[]> | null = null;
  const assets = () => {
    loaded ??= loadAssets();
    return loaded;
  };

  for (const url of ["/", "/graphiql/"]) {
    fastify.get(url, async (_request, reply) => reply.redirect(url === "/" ? "graphiql" : "../graphiql"));
  }

  fastify.get("/graphiql", async (_request, reply) => {
    reply.headers(pageHeaders).header("cache-control", askedAgain).type("text/html; charset=utf-8");
    return renderPage(await assets());
  });

  fastify.get<{ Params: { name: string }; Querystring: { v?: string } }>(
    "/graphiql/assets/:name",
    async (request, reply) => {
      const asset = (await assets()).find(({ name }) => name === request.params.name);
      if (asset === undefined) {
        return sendRefusal(reply, { status: 404, code: "NOT_FOUND", message: "GraphiQL has no such file." });
      }
      const etag = `"${asset.version}"`;
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
