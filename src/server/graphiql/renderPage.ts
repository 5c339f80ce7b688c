import type { Asset } from "./loadAssets.js";

/** The page, with addresses relative to its own, so that it works under a proxy's prefix as well. */
export function renderPage(assets: readonly Asset[]): string {
  const addressOf = ({ name, version }: Asset) => `graphiql/assets/${name}?v=${version}`;
  const styles = assets
    .filter((asset) => asset.name.endsWith(".css"))
    .map((asset) => `    <link rel="stylesheet" href="${addressOf(asset)}">`);
  const scripts = assets
    .filter((asset) => asset.name.endsWith(".js"))
    .map((asset) => `    <script src="${addressOf(asset)}" defer></script>`);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Confluence access graph</title>
    <link rel="icon" href="data:,">
${styles.join("\n")}
    <style>body { margin: 0 } #graphiql { height: 100vh }</style>
${scripts.join("\n")}
  </head>
  <body>
    <div id="graphiql">Loading…</div>
    <noscript>GraphiQL needs JavaScript. The endpoint beside this page, graphql, answers without it.</noscript>
  </body>
</html>
`;
}
