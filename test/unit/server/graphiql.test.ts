import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { exampleQueries } from "../../../src/compose/exampleQueries.js";
import { startTestServer } from "./startTestServer.js";

describe("GraphiQL", () => {
  it("is where the root leads", async () => {
    const server = await startTestServer();
    for (const path of ["/", "/graphiql/"]) {
      const response = await fetch(server.url + path);
      expect([response.status, response.url]).toEqual([200, server.graphiqlUrl]);
    }
  });

  it("allows scripts and connections of its own origin only", async () => {
    const server = await startTestServer();
    const { headers } = await fetch(server.graphiqlUrl);
    const policy = new Map(
      (headers.get("content-security-policy") ?? "").split("; ").map((part) => {
        const [name = "", ...sources] = part.split(" ");
        return [name, sources.join(" ")];
      }),
    );
    expect(Object.fromEntries(policy)).toEqual({
      "default-src": "'none'",
      "script-src": "'self'",
      "style-src": "'self' 'unsafe-inline'",
      "connect-src": "'self'",
      "img-src": "'self' data:",
      "font-src": "'self' data:",
      "form-action": "'none'",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
    });
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("loads every file from its own origin, to be kept for ever, and none from elsewhere", async () => {
    const server = await startTestServer();
    const page = await (await fetch(server.graphiqlUrl)).text();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, address = ""]) => address)
      .filter((address) => !address.startsWith("data:"));
    expect(addresses).toHaveLength(5);
    const names: string[] = [];
    for (const address of addresses) {
      const url = new URL(address, server.graphiqlUrl);
      expect(url.origin).toBe(server.url);
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get("cache-control")).toContain("immutable");
      expect(response.headers.get("content-type")).toMatch(
        url.pathname.endsWith(".css") ? /^text\/css/ : /^text\/javascript/,
      );
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500);
      names.push(url.pathname);
    }
    expect(new Set(names).size).toBe(5);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    const start = await (await fetch(`${server.url}/graphiql/assets/start.js`)).text();
    expect(start).not.toMatch(/https?:\/\//);
  });

  it("answers 304 to who has the file already, and keeps an address without its version for no time", async () => {
    const server = await startTestServer();
    const url = `${server.url}/graphiql/assets/start.js`;
    const first = await fetch(url);
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = await fetch(url, { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
    expect(again.status).toBe(304);
  });

  it("serves no file that is not part of the page", async () => {
    const server = await startTestServer();
    for (const name of ["package.json", "..%2f..%2fpackage.json", "..%2fstart.js", "graphiql.min.js.map"]) {
      expect((await fetch(`${server.url}/graphiql/assets/${name}`)).status).toBe(404);
    }
  });

  it("starts with the example queries, each in a tab of its own and each with its title as operation", async () => {
    const server = await startTestServer({
      product: { version: "0.0.0", name: "test-graph", title: "Test graph", exampleQueries },
    });
    const start = await (await fetch(`${server.url}/graphiql/assets/start.js`)).text();
    const seen: { query: string }[][] = [];
    const run = new Function("window", "document", "GraphiQL", "React", "ReactDOM", start);
    run(
      { location: { href: "https://proxy.example/access/graphiql" } },
      { getElementById: () => null },
      { createFetcher: ({ url }: { url: string }) => url },
      { createElement: (_type: unknown, props: { fetcher: string; defaultTabs: { query: string }[] }) => props },
      {
        createRoot: () => ({
          render: (props: { fetcher: string; defaultTabs: { query: string }[] }) => {
            expect(props.fetcher).toBe("https://proxy.example/access/graphql");
            seen.push(props.defaultTabs);
          },
        }),
      },
    );
    const [tabs = []] = seen;
    expect(tabs).toHaveLength(exampleQueries.length);
    for (const [index, { title, description }] of exampleQueries.entries()) {
      const text = tabs[index]?.query ?? "";
      expect(text).toContain(`# ${description}`);
      const [operation] = parse(text).definitions;
      expect(operation).toMatchObject({ kind: "OperationDefinition", operation: "query", name: { value: title } });
    }
  });
});
