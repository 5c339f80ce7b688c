import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { createSubgraph, type Subgraph, type SubgraphOptions } from "../../src/index.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { cloudWorld, space } from "../support/worlds.js";

/** A site whose one space has that key, and the settings that name it. */
export async function openSite(key: string) {
  const sandbox = await startWatchedSandbox({ world: parseWorld(cloudWorld({ spaces: [space(1, { key })] })) });
  onTestFinished(() => sandbox.close());
  const settings = {
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
  } as const;
  return { sandbox, settings };
}

/** A subgraph that is closed at the end of the test. */
export async function embed(options: SubgraphOptions): Promise<Subgraph> {
  const subgraph = await createSubgraph(options);
  onTestFinished(() => subgraph.close());
  return subgraph;
}

/** Somebody else's server, and where it listens. */
export async function host(listener: RequestListener): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export async function keysAt(url: string): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ spaces { nodes { key } } }" }),
  });
  return response.json();
}
