import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { emptyFields } from "./emptyFields.js";
import { ensureBuilt } from "./ensureBuilt.js";
import { type Program, startProgram } from "./startProgram.js";
import { type ServerProgram, startServerProgram } from "./startServerProgram.js";

/** What a single site of one deployment leaves empty, by example: a place and everything below it. */
const ofTheSandboxAlone = {
  // The ids are those of the embedded site, and have to be replaced.
  WhatIf: ["previewChanges.changes.plan", "previewChanges.preview"],
} as const;
const notOnCloud: Readonly<Record<string, readonly string[]>> = {
  ...ofTheSandboxAlone,
  // Nobody has a name to sign in with.
  OnePerson: ["identity.accounts.nodes.username"],
  // Groups hold accounts only.
  NestedMembers: ["groups.nodes.memberGroups.nodes"],
  // Permissions on the site as a whole are told to nobody, and no group stands above all others.
  SiteWide: ["grants.nodes", "sites.superGroup"],
};
const notOnDataCenter: Readonly<Record<string, readonly string[]>> = {
  ...ofTheSandboxAlone,
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

describe("the example queries", () => {
  let embedded: ServerProgram;
  let sandbox: Program;
  let folder = "";
  let both: ServerProgram;
  let onlyCloud: ServerProgram;
  let onlyDataCenter: ServerProgram;
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
      startServerProgram({ SITES_FILE: sites }),
      startServerProgram(cloudVariables(cloudUrl)),
      startServerProgram({
        CONFLUENCE_URL: dataCenterUrl,
        CONFLUENCE_DEPLOYMENT: "datacenter",
        CONFLUENCE_PERSONAL_ACCESS_TOKEN: "sandbox-personal-access-token",
      }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([embedded, both, onlyCloud, onlyDataCenter, sandbox].map((program) => program?.dispose()));
    await rm(folder, { recursive: true, force: true });
  });

  it.each(exampleQueries)("$title: shows a value in every field it asks for", async ({ query }) => {
    const { data, errors } = await embedded.query(query);
    expect(errors).toBeUndefined();
    expect(silentFields(query, data)).toEqual([]);
  });

  it.each(exampleQueries)(
    "$title: gets the same data from a separate sandbox, the way real sites are read",
    async ({ query }) => {
      const [one, other] = await Promise.all([embedded.query(query), both.query(query)]);
      expect(other.errors).toBeUndefined();
      expect(withoutAddresses(other.data)).toEqual(withoutAddresses(one.data));
    },
  );

  it.each(exampleQueries)("$title: runs over one Cloud site, empty only where Cloud tells nothing", async (example) => {
    const { data, errors } = await onlyCloud.query(example.query);
    expect(errors).toBeUndefined();
    expect(beyond(notOnCloud[example.title], silentFields(example.query, data))).toEqual({ unexpected: [], stale: [] });
  });

  it.each(exampleQueries)(
    "$title: runs over one Data Center site, empty only where Data Center tells nothing",
    async (example) => {
      const { data, errors } = await onlyDataCenter.query(example.query);
      expect(errors).toBeUndefined();
      const silent = silentFields(example.query, data);
      expect(beyond(notOnDataCenter[example.title], silent)).toEqual({ unexpected: [], stale: [] });
    },
  );

  it("are answered from the separate sandbox, and not from an embedded one", async () => {
    for (const server of [both, onlyCloud, onlyDataCenter]) expect(server.out()).not.toContain("embedded sandbox");
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

/** A whole answer has no gaps to show. */
function silentFields(query: string, data: unknown): string[] {
  return emptyFields(query, data).filter((path) => !/\.gaps(\.|$)/.test(path));
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
