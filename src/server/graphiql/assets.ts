import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Product } from "../ServerOptions.js";
import { styleSheet } from "./styleSheet.js";

/** A file of the page, held in memory. */
export interface Asset {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  /** A digest of the content: in the file's address and in its ETag, so that a copy may be kept for ever. */
  readonly version: string;
}

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

/** Where each file lies in the installed packages. The order is the order in which the page loads them. */
const packageFiles = [
  { name: "graphiql.min.css", contentType: style, package: "graphiql", path: "graphiql.min.css" },
  { name: "react.production.min.js", contentType: script, package: "react", path: "umd/react.production.min.js" },
  {
    name: "react-dom.production.min.js",
    contentType: script,
    package: "react-dom",
    path: "umd/react-dom.production.min.js",
  },
  { name: "graphiql.min.js", contentType: script, package: "graphiql", path: "graphiql.min.js" },
  { name: "builder.css", contentType: style, package: "@graphiql/plugin-explorer", path: "dist/style.css" },
  { name: "builder.js", contentType: script, package: "@graphiql/plugin-explorer", path: "dist/index.umd.js" },
] as const;

/** Scripts of our own, of which the page names the first and that one the others. Plain JavaScript, since browsers read it. */
const ownScripts = ["start.js", "bar.js", "explorer.js", "firstValues.js"] as const;

/** Whether another script asks for it: at an address without a version, so that it is asked for again. */
export function isImported(name: string): boolean {
  return name === "product.js" || ownScripts.slice(1).some((own) => own === name);
}

/** Everything that the page loads, from the installed packages and from beside this file: nothing is fetched from elsewhere. */
export async function loadAssets(product: Product): Promise<readonly Asset[]> {
  const { resolve } = createRequire(import.meta.url);
  const installed = packageFiles.map(async ({ name, contentType, package: packageName, path }) => {
    // React exports none of its browser builds by name; only the package's own folder can be resolved.
    const folder = dirname(resolve(`${packageName}/package.json`));
    return createAsset(name, contentType, await readFile(join(folder, path)));
  });
  const own = ownScripts.map(async (name) =>
    createAsset(name, script, await readFile(new URL(`browser/${name}`, import.meta.url))),
  );
  return [
    ...(await Promise.all(installed)),
    createAsset("page.css", style, Buffer.from(styleSheet)),
    ...(await Promise.all(own)),
    createAsset("product.js", script, Buffer.from(productScript(product))),
  ];
}

function createAsset(name: string, contentType: string, content: Buffer): Asset {
  const version = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { name, contentType, content, version };
}

/** What is served, for the scripts of the page. A file of its own because the page's policy allows no script in it. */
function productScript({ name, title, version, explorer }: Product): string {
  return `export const product = ${JSON.stringify({ name, title, version, ...explorer }, null, 2)};\n`;
}
