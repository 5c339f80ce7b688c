import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "vite";

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };
/** Stands in the built page for the address of the graph, so that one build serves for several graphs. */
const placeOfGraph = "http://address-of-the-graph.invalid/";

export interface ServedPage {
  /** An origin of its own, as a frontend's is: the graph has to allow it. */
  readonly origin: string;
  /** From now on the page asks this graph. */
  askAt(graphUrl: string): void;
  close(): Promise<void>;
}

/** Builds a page with Vite, and serves it out of memory: nothing is left behind. */
export async function servePage(folder: string): Promise<ServedPage> {
  const built = await build({
    root: folder,
    configFile: join(folder, "vite.config.ts"),
    logLevel: "warn",
    define: { "import.meta.env.VITE_GRAPHQL_URL": JSON.stringify(placeOfGraph) },
    build: { write: false, minify: false },
  });
  if (!("output" in built)) throw new Error("Vite answered with something else than one build.");
  const files = new Map(
    built.output.map((file) => [`/${file.fileName}`, String(file.type === "chunk" ? file.code : file.source)]),
  );
  let graph = placeOfGraph;
  const server = createServer(({ url = "/" }, response) => {
    const name = url === "/" ? "/index.html" : url;
    const content = files.get(name);
    response.writeHead(content === undefined ? 404 : 200, { "content-type": types[name.split(".").at(-1) ?? ""] });
    response.end(content?.replaceAll(placeOfGraph, graph));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    askAt: (graphUrl) => {
      graph = graphUrl;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
