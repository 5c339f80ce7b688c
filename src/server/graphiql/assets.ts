import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ExampleQuery, Product } from "../ServerOptions.js";

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
export async function loadAssets(product: Product): Promise<readonly Asset[]> {
  const { resolve } = createRequire(import.meta.url);
  const installed = await Promise.all(
    packageFiles.map(async ({ name, contentType, package: packageName, path }) => {
      // React exports none of its browser builds by name; only the package's own folder can be resolved.
      const folder = dirname(resolve(`${packageName}/package.json`));
      return createAsset(name, contentType, await readFile(join(folder, path)));
    }),
  );
  return [...installed, createAsset("start.js", script, Buffer.from(startScript(product)))];
}

function createAsset(name: string, contentType: string, content: Buffer): Asset {
  const version = createHash("sha256").update(content).digest("hex").slice(0, 16);
  return { name, contentType, content, version };
}

/**
 * What the page runs once GraphiQL is there. Held as text because the compiler copies no browser files, and served as a
 * file of its own because the page's policy allows no script in it. The endpoint is found beside the page, so that a
 * proxy may serve both under a prefix. GraphiQL's history keeps headers whatever it is told (3.8.2), and a header here is
 * a caller's token: they are taken out of what is stored. Keys have a prefix of ours, because another GraphiQL on
 * the same local port would otherwise bring its own tabs.
 */
function startScript({ name, exampleQueries }: Product): string {
  return `"use strict";
const endpoint = new URL("graphql", window.location.href).href;
const fetcher = GraphiQL.createFetcher({ url: endpoint });
const tabs = ${JSON.stringify(exampleQueries.map(tabOf), null, 2)};
const prefix = ${JSON.stringify(`${name}:`)};
const withoutHeaders = (text) => JSON.stringify(JSON.parse(text), (name, value) => (name === "headers" ? undefined : value));
const storage = {
  get length() {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix)).length;
  },
  getItem: (key) => window.localStorage.getItem(prefix + key),
  setItem: (key, text) =>
    window.localStorage.setItem(prefix + key, /:(queries|favorites)$/.test(key) ? withoutHeaders(text) : text),
  removeItem: (key) => window.localStorage.removeItem(prefix + key),
  clear: () => {
    for (const key of Object.keys(window.localStorage)) {
      if (key.startsWith(prefix)) window.localStorage.removeItem(key);
    }
  },
};
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultEditorToolsVisibility: false,
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
`;
}

function tabOf({ description, query }: ExampleQuery) {
  return { query: `# ${description}\n${query}\n` };
}
