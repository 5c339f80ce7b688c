import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import type { ExampleQuery } from "../../src/server/ServerOptions.js";
import { fillExamples } from "../support/fillExamples.js";
import type { GraphAnswer } from "../support/sendQuery.js";
import { type ServerHere, serveHere } from "../support/serveHere.js";
import { emptyFields } from "./emptyFields.js";
import { ensureBuilt } from "./ensureBuilt.js";
import { type Program, startProgram } from "./startProgram.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

/** What a single site of one deployment leaves empty, by example: a place and everything below it. */
const notOnCloud: Readonly<Record<string, readonly string[]>> = {
  // Nobody has a name to sign in with.
  OnePerson: ["identity.accounts.nodes.username"],
  // Groups hold accounts only.
  NestedMembers: ["groups.nodes.memberGroups.nodes"],
  // Permissions on the site as a whole are told to nobody, and no group stands above all others.
  SiteWide: ["grants.nodes", "sites.superGroup"],
};
const notOnDataCenter: Readonly<Record<string, readonly string[]>> = {
  // Only the list of licensed accounts tells when one was last used, and leavers are not in it.
  LeaversHold: ["accounts.nodes.lastActiveAt"],
  // There are no roles.
  Administrators: ["grants.nodes.entitlement.role"],
  // Nobody is told apart as a guest.
  Guests: ["accounts.nodes"],
  GuestsWhoCanWrite: ["sites.findings.nodes"],
  // The site tells no owners, and of a space its creator but not when.
  Forgotten: ["personal.nodes.owner"],
  SpaceByKey: ["spaces.nodes.createdAt"],
};

type Asked = Pick<ServerProgram, "query">;

describe("the example queries", () => {
  let embedded: ServerProgram;
  let sandbox: Program;
  let folder = "";
  let both: ServerProgram;
  let onlyCloud: ServerHere;
  let onlyDataCenter: ServerHere;
  let cloudUrl = "";
  let dataCenterUrl = "";
  beforeAll(async () => {
    await ensureBuilt();
    [embedded, sandbox, folder] = await Promise.all([
      startServerProgram(),
      startProgram("cli/sandbox.js", { args: ["--port", "0", "--dc-port", "0"], isUp: /__sandbox\/world/ }),
      mkdtemp(join(tmpdir(), "examples-")),
    ]);
    cloudUrl = /^Sandbox of Confluence Cloud: (\S+)$/m.exec(sandbox.out())?.[1] ?? "";
    dataCenterUrl = /^Sandbox of Confluence Data Center \S+: (\S+)$/m.exec(sandbox.out())?.[1] ?? "";
    const sites = join(folder, "sites.json");
    await writeFile(sites, JSON.stringify({ sites: [cloudEntry(cloudUrl), dataCenterEntry(dataCenterUrl)] }));
    [both, onlyCloud, onlyDataCenter] = await Promise.all([
      startServerProgram({ SITES_FILE: sites, PROVISIONING: "on" }),
      serveHere({ ...cloudVariables(cloudUrl), PROVISIONING: "on" }),
      serveHere({
        CONFLUENCE_URL: dataCenterUrl,
        CONFLUENCE_DEPLOYMENT: "datacenter",
        CONFLUENCE_PERSONAL_ACCESS_TOKEN: "sandbox-personal-access-token",
        PROVISIONING: "on",
      }),
    ]);
    // Some of what findings are made of is waited for two seconds and no longer, and then is in the next answer.
    const findings = exampleQueries.find(({ title }) => title === "Findings")?.query ?? "";
    const areWhole = async (server: ServerProgram) => {
      const { sites } = (await server.query(findings)).data;
      for (const site of sites) expect(site.findings.completeness).toEqual({ isComplete: true, gaps: [] });
    };
    await Promise.all([embedded, both].map((server) => vi.waitFor(() => areWhole(server), { timeout: 120_000 })));
  });
  afterAll(async () => {
    await Promise.all([embedded, both, onlyCloud, onlyDataCenter, sandbox].map((program) => program?.dispose()));
    await rm(folder, { recursive: true, force: true });
  });

  const filled = new Map<Asked, ReturnType<typeof fillExamples>>();
  async function run(server: Asked, { title, query }: ExampleQuery): Promise<GraphAnswer> {
    const variables = filled.get(server) ?? fillTellingly(server);
    filled.set(server, variables);
    return server.query(query, (await variables).get(title));
  }

  /** Filled as in the explorer's page, but with places of the world where each field has something to show. */
  async function fillTellingly(server: Asked): ReturnType<typeof fillExamples> {
    const { data } = await server.query(`{
      spaces(filter: { keys: ["ENG"] }) { nodes { id } }
      groups(first: 1, filter: { text: "engineering" }) { nodes { id } }
      accounts(first: 1, filter: { kinds: [GUEST] }) { nodes { id } }
    }`);
    const [space, group, account] = [data.spaces, data.groups, data.accounts].map(({ nodes }) => nodes[0]?.id);
    const found = Object.entries({ space, group, account }).filter(([, id]) => id !== undefined);
    const named = {
      email: "admin@sandbox.test",
      groupName: "engineering",
      spaceKey: server === onlyDataCenter ? "PAY" : "PARTNER",
    };
    return fillExamples((document) => server.query(document), { ...named, ...Object.fromEntries(found) });
  }

  it.each(exampleQueries)("$title: shows a value in every field it asks for", async (example) => {
    const { query } = example;
    const { data, errors } = await run(embedded, example);
    expect(errors).toBeUndefined();
    expect(silentFields(query, data)).toEqual([]);
  });

  it.each(exampleQueries)(
    "$title: gets the same data from a separate sandbox, the way real sites are read",
    async (example) => {
      const [one, other] = await Promise.all([run(embedded, example), run(both, example)]);
      expect(other.errors).toBeUndefined();
      expect(withoutAddresses(other.data)).toEqual(withoutAddresses(one.data));
    },
  );

  it.each(exampleQueries)("$title: runs over one Cloud site, empty only where Cloud tells nothing", async (example) => {
    const { data, errors } = await run(onlyCloud, example);
    expect(errors).toBeUndefined();
    expect(beyond(notOnCloud[example.title], silentFields(example.query, data))).toEqual({ unexpected: [], stale: [] });
  });

  it.each(exampleQueries)(
    "$title: runs over one Data Center site, empty only where Data Center tells nothing",
    async (example) => {
      const { data, errors } = await run(onlyDataCenter, example);
      expect(errors).toBeUndefined();
      const silent = silentFields(example.query, data);
      expect(beyond(notOnDataCenter[example.title], silent)).toEqual({ unexpected: [], stale: [] });
    },
  );

  it("are answered from the separate sandbox, and not from an embedded one", async () => {
    expect(both.out()).not.toContain("embedded sandbox");
    const journal = (await (await fetch(`${cloudUrl}/__sandbox/journal`)).json()) as { path: string }[];
    expect(journal.some(({ path }) => path.startsWith("/wiki/api/v2/spaces?"))).toBe(true);
    expect(journal.some(({ path }) => path.startsWith("/confluence/rest/api/space?"))).toBe(true);
    expect((await onlyCloud.query("{ site { url permissionModel } }")).data.site).toEqual({
      url: cloudUrl,
      permissionModel: "ROLES_TRANSITION",
    });
    expect((await onlyDataCenter.query("{ site { url deployment permissionModel } }")).data.site).toEqual({
      url: dataCenterUrl,
      deployment: "DATA_CENTER",
      permissionModel: "PRE_ROLES",
    });
    expect(dataCenterUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/confluence$/);
  });
});

// The embedded sandbox is served with its organization, so that every field shows something.
const organization = { orgId: "sandbox-organization", apiKey: "sandbox-organization-key" };
const scim = { directoryId: "sandbox-directory", key: "sandbox-scim-key" };

/** Called what the embedded site is called, so that ids and cursors are the same. */
function cloudEntry(url: string) {
  return {
    id: "sandbox-cloud",
    name: "Embedded sandbox, Cloud",
    url,
    deployment: "cloud",
    credential: { email: "admin@sandbox.test", apiToken: "sandbox-token" },
    atlassian: { apiUrl: url, authUrl: url },
    organization: { ...organization, scim },
  };
}

function dataCenterEntry(url: string) {
  return {
    id: "sandbox-datacenter",
    name: "Embedded sandbox, Data Center",
    url,
    deployment: "datacenter",
    credential: { username: "admin", password: "sandbox-password" },
  };
}

function cloudVariables(url: string): Record<string, string> {
  return {
    CONFLUENCE_URL: url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: "admin@sandbox.test",
    CONFLUENCE_API_TOKEN: "sandbox-token",
    ATLASSIAN_API_URL: url,
    ATLASSIAN_ORG_ID: organization.orgId,
    ATLASSIAN_ORG_API_KEY: organization.apiKey,
    ATLASSIAN_SCIM_DIRECTORY_ID: scim.directoryId,
    ATLASSIAN_SCIM_KEY: scim.key,
  };
}

/** A whole answer has no gaps to show, and what can be done has no errors. */
function silentFields(query: string, data: unknown): string[] {
  return emptyFields(query, data).filter((path) => !/\.(gaps|userErrors)(\.|$)/.test(path));
}

/** Fields that are empty and should not be, and places named as empty that are not. A place covers what is below it. */
function beyond(known: readonly string[] = [], silent: readonly string[]) {
  return {
    unexpected: silent.filter((path) => !known.some((place) => path === place || path.startsWith(`${place}.`))),
    stale: known.filter((place) => !silent.includes(place)),
  };
}

/** The two differ in where their sites are, and in nothing else. */
function withoutAddresses(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data), (key, value: unknown) => (key === "url" ? "" : value));
}
