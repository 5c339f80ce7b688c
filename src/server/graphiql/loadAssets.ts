import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startScript } from "./startScript.js";

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
] as const;

/** Everything that the page loads, from the installed packages: nothing is fetched from elsewhere. */
export async function loadAssets(): Promise<readonly Asset[]> {
  const { resolve } = createRequire(import.meta.url);
  const installed = await Promise.all(
    packageFiles.map(async ({ name, contentType, package: packageName, path }) => {
      // React exports none of its browser builds by name; only the package's own folder can be resolved.
      const folder = dirname(resolve(`${packageName}/package.json`));
      return createAsset(name, contentType, await readFile(join(folder, path)));
    }),
  );
  return [...installed, createAsset("start.js", script, Buffer.from(startScript))];
}

function createAsset(name: string, contentType: string, content: Buffer): Asset {
  const version = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { name, contentType, content, version };
}
