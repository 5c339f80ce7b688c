import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultCredentials } from "../../sandbox/src/oauth/credentials.js";
import type { RunningSandbox } from "../../sandbox/src/startSandbox.js";
import { defaultWorld } from "../../sandbox/src/world/generation/defaultWorld.js";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { settings } from "../../src/config/settings/settings.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { fillExamples } from "../support/fillExamples.js";
import { type ServerHere, serveHere } from "../support/serveHere.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

const root = join(import.meta.dirname, "../..");
const readme = await readFile(join(root, "README.md"), "utf8");
const pageOfSites = await readFile(join(root, "docs/sites.md"), "utf8");

describe("the README", () => {
  let sandbox: RunningSandbox;
  let server: ServerHere;
  let embedded: ServerProgram;
  const scopes = [...pageOfSites.matchAll(/^\| `(read:[^`]+)` \|/gm)].map(([, scope = ""]) => scope);
  beforeAll(async () => {
    sandbox = await startWatchedSandbox({ world: defaultWorld(), scopes: { scopedToken: scopes } });
    server = await serveHere({
      CONFLUENCE_URL: `${sandbox.url}/ex/confluence/${sandbox.cloudId}`,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_EMAIL: defaultCredentials.scopedToken.email,
      CONFLUENCE_API_TOKEN: defaultCredentials.scopedToken.apiToken,
    });
    embedded = await startServerProgram();
  });
  afterAll(async () => {
    await Promise.all([server, embedded].map((program) => program?.dispose()));
    await sandbox.close();
  });

  it("lists scopes that suffice for every example query behind the gateway", async () => {
    expect(scopes).toHaveLength(6);
    await expect.poll(server.isReady).toBe(true);
    const variables = await fillExamples((query) => server.query(query));
    for (const { title, query } of exampleQueries) {
      const { errors, extensions } = await server.query(query, variables.get(title));
      expect(errors).toBeUndefined();
      expect(JSON.stringify(extensions ?? {})).not.toContain("UPSTREAM_");
    }
    const { data } = await server.query("{ accounts(first: 1) { totalCount completeness { isComplete } } }");
    expect(data.accounts).toEqual({ totalCount: expect.any(Number), completeness: { isComplete: true } });
  });

  it("shows a first query that is answered", async () => {
    const body = /^ {2}-d '(\{"query".+\})'$/m.exec(readme)?.[1] ?? "";
    const { query } = JSON.parse(body) as { query: string };
    for (const over of [server, embedded]) {
      const { data, errors } = await over.query(query);
      expect(errors).toBeUndefined();
      expect(data.spaces.nodes[0].grants.nodes).toHaveLength(3);
    }
  });

  it("shows a question about one person that is answered with a path", async () => {
    const query = /^```graphql\n(query MayReadAndWhy .+?)^```$/ms.exec(readme)?.[1] ?? "";
    const { data, errors } = await embedded.query(query);
    expect(errors).toBeUndefined();
    expect(data.checkAccess).toMatchObject({ decision: "ALLOWED", completeness: { isComplete: true, gaps: [] } });
    expect(data.checkAccess.paths.length).toBeGreaterThan(0);
  });

  it("counts rightly what the embedded sandbox and GraphiQL show", async () => {
    const { data } = await embedded.query(`{ sites {
      accounts { totalCount } groups { totalCount }
      spaces(filter: { statuses: [CURRENT, ARCHIVED, TRASHED] }) { totalCount }
    } }`);
    const [cloud, dataCenter] = data.sites.map((site: Readonly<Record<string, { totalCount: number }>>) =>
      ["accounts", "groups", "spaces"].map((name) => site[name]?.totalCount),
    );
    const text = readme.replaceAll("\n", " ");
    expect(/\(some (\d+) accounts, (\d+) groups, (\d+) spaces\)/.exec(text)?.slice(1).map(Number)).toEqual([
      Math.round(cloud[0] / 10) * 10,
      cloud[1],
      cloud[2],
    ]);
    expect(
      /\((\d+) accounts, (\d+) groups, nested several deep, (\d+) spaces\)/.exec(text)?.slice(1).map(Number),
    ).toEqual(dataCenter);
    const inWords = ["five", "six", "seven", "eight", "nine", "ten", "eleven"];
    const counts = /(\w+) questions are open in tabs, (\w+) more are in the menu/.exec(text)?.slice(1) ?? [];
    const tabs = exampleQueries.filter(({ isTab }) => isTab).length;
    expect(counts.map((word) => inWords.indexOf(word) + 5)).toEqual([tabs, exampleQueries.length - tabs]);
  });

  it("names no variable that is not a setting", () => {
    const pages = [readme, pageOfSites].join("\n");
    const named = [...pages.matchAll(/\b(?:CONFLUENCE|ATLASSIAN|CACHE|CALLER)_[A-Z_]+\b/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    // The one error code that begins as some settings do.
    const isSetting = (name: string) =>
      Object.hasOwn(settings, name.replace(/_FILE$/, "")) || Object.hasOwn(settings, name);
    const unknown = named.filter((name) => !isSetting(name) && name !== "CALLER_OVER_BUDGET");
    expect(unknown).toEqual([]);
  });
});

describe("the page of dependencies", () => {
  it("has a line for each dependency, override and install script", async () => {
    const page = await readFile(join(root, "docs/decisions/dependencies.md"), "utf8");
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Record<string, object>;
    const sections = ["dependencies", "devDependencies", "overrides", "allowScripts"];
    const names = sections.flatMap((section) => Object.keys(manifest[section] ?? {}));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
