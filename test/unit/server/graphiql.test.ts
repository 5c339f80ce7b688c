import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { explorer } from "../../../src/compose/explorer.js";
import { page } from "../../support/fillExamples.js";
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
    expect(addresses).toHaveLength(8);
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
    expect(new Set(names).size).toBe(8);
    expect(page).not.toMatch(/https?:\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    for (const name of ["start.js", "bar.js", "explorer.js", "firstValues.js", "product.js"]) {
      const response = await fetch(`${server.url}/graphiql/assets/${name}`);
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(await response.text()).not.toMatch(/https?:\/\//);
    }
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

  it("is told the examples, each with its title as operation, and which of them stand in a tab", async () => {
    const server = await startTestServer({
      product: { version: "0.0.0", name: "test-graph", title: "Test graph", explorer },
    });
    const text = await (await fetch(`${server.url}/graphiql/assets/product.js`)).text();
    expect(text).toMatch(/^export const product = \{/);
    const product: unknown = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
    expect(product).toEqual({ name: "test-graph", title: "Test graph", version: "0.0.0", ...explorer });
    expect(explorer.examples.filter(({ isTab }) => isTab).map(({ title }) => title)).toEqual([
      "WhoCanRead",
      "LeaversHold",
      "GuestsWhoCanWrite",
      "Findings",
      "GrantDryRun",
      "OnePerson",
    ]);
    for (const { title, query } of explorer.examples) {
      expect(parse(query).definitions[0]).toMatchObject({ kind: "OperationDefinition", name: { value: title } });
    }
  });

  it.each([
    [
      "the first of a list that leads somewhere",
      "a.*.b",
      { a: [null, { b: null }, { b: "x" }, { b: "y" }] },
      { v: "x" },
    ],
    ["a value below nothing", "a.b", { a: null }, {}],
    ["an item of what is no list", "a.*", { a: "x" }, {}],
    ["an answer that failed", "a", null, {}],
  ])("fills examples with %s", (_name, path, data, values) => {
    expect(page.firstValues({ v: path }, data)).toEqual(values);
  });

  it("leaves empty what no site has a value for", () => {
    expect(page.filledVariables({ key: "$key", list: ["$key", "$other"], isOn: true }, { key: "A" })).toBe(
      JSON.stringify({ key: "A", list: ["A", ""], isOn: true }, null, 2),
    );
    expect(page.filledVariables(undefined, {})).toBeUndefined();
  });
});
