import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, type ConfigFault } from "../../../src/config/Config.js";
import { readConfig } from "../../../src/config/readConfig.js";
import { renderEnvExample, renderSettingsTable, settings } from "../../../src/config/settings/settings.js";
import { secretsOf } from "../../../src/config/sites/SiteConfig.js";
import { faultsOf } from "./faultsOf.js";

const apiToken = "ATATT3xFfGF0-a-token-nobody-may-see";
const site = {
  CONFLUENCE_URL: "https://acme.atlassian.net",
  CONFLUENCE_EMAIL: "reviewer@acme.example",
  CONFLUENCE_API_TOKEN: apiToken,
};

function faultOf(variable: string, env: NodeJS.ProcessEnv): ConfigFault {
  const faults = faultsOf(env).filter((fault) => fault.variable === variable);
  expect(faults).toHaveLength(1);
  return faults[0] as ConfigFault;
}

describe("readConfig", () => {
  it("opens a port for metrics beyond this machine to who is told apart alone", () => {
    const own = { METRICS_PORT: "9464", METRICS_HOST: "0.0.0.0" };
    expect(faultOf("METRICS_HOST", own).problem).toContain("METRICS_TOKEN");
    const METRICS_TOKEN = "m".repeat(32);
    expect(readConfig({ ...own, METRICS_TOKEN }).server.metrics.ownPort).toEqual({ host: "0.0.0.0", port: 9464 });
    expect(readConfig({ METRICS_PORT: "0" }).server.metrics.ownPort).toEqual({ host: "127.0.0.1", port: 0 });
    expect(readConfig({}).server.metrics.ownPort).toBeNull();
  });

  it("serves the sandbox on loopback with provisioning on when nothing is set", () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      isSandboxed: true,
      sites: [],
      isProvisioningOn: true,
      upstream: { concurrency: 16 },
      server: {
        host: "127.0.0.1",
        port: 4000,
        callerToken: null,
        bodyLimitBytes: 4_194_304,
        maxResponseBytes: 16_777_216,
        batchLimit: 10,
        requestTimeLimitMs: 300_000,
        shutdownGraceMs: 10_000,
      },
      limits: { maxQueryDepth: 15, maxCost: 2_000_000, maxReferences: 10_000 },
      cache: {
        maxBytes: 268_435_456,
        ttlMs: {
          accounts: 300_000,
          groups: 300_000,
          spaces: 300_000,
          memberships: 60_000,
          grants: 60_000,
          roles: 600_000,
          misses: 15_000,
        },
      },
      index: { isWarm: false, ttlMs: 3_600_000, quotaShare: 0.25 },
      logLevel: "info",
      warnings: [],
    });
  });

  it("takes an empty or blank variable for an unset one", () => {
    expect(readConfig({ CONFLUENCE_URL: "", PORT: "  ", CALLER_TOKEN: "" })).toEqual(readConfig({}));
  });

  it("reads a Cloud site from three variables, with provisioning off", () => {
    const config = readConfig(site);
    expect(config.isSandboxed).toBe(false);
    expect(config.sites).toHaveLength(1);
    expect(config.sites[0]).toMatchObject({
      siteId: "acme",
      name: "acme.atlassian.net",
      url: "https://acme.atlassian.net",
      deployment: "cloud",
      credential: { kind: "api-token", email: "reviewer@acme.example" },
      isProvisioningOn: false,
    });
    expect(config.sites.flatMap(secretsOf).map((secret) => secret.reveal())).toEqual([apiToken]);
    expect(readConfig({ ...site, PROVISIONING: "on" }).sites[0]?.isProvisioningOn).toBe(true);
    expect(readConfig({}).isProvisioningOn).toBe(true);
    expect(readConfig({ PROVISIONING: "Off" }).isProvisioningOn).toBe(false);
  });

  it("shows no secret when the whole configuration is printed", () => {
    const config = readConfig({ ...site, CALLER_TOKEN: "c".repeat(32) });
    const printed = [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.sites.flatMap(secretsOf)[0]}`];
    for (const text of printed) {
      expect(text).not.toContain(apiToken);
      expect(text).not.toContain("c".repeat(32));
      expect(text).toContain("[secret]");
    }
  });

  it.each([
    ["https://acme.atlassian.net/", "https://acme.atlassian.net"],
    ["https://acme.atlassian.net/wiki", "https://acme.atlassian.net"],
    ["https://ACME.atlassian.net/wiki/", "https://acme.atlassian.net"],
    ["  https://acme.atlassian.net//  ", "https://acme.atlassian.net"],
  ])("reads %s as %s", (given, expected) => {
    expect(readConfig({ ...site, CONFLUENCE_URL: given }).sites[0]?.url).toBe(expected);
  });

  it("keeps a gateway's prefix, and takes plain http on loopback", () => {
    const urlOf = (url: string) =>
      readConfig({ ...site, CONFLUENCE_URL: url, CONFLUENCE_DEPLOYMENT: "cloud" }).sites[0]?.url;
    expect(urlOf("https://api.atlassian.com/ex/confluence/11aa/wiki")).toBe(
      "https://api.atlassian.com/ex/confluence/11aa",
    );
    expect(urlOf("http://127.0.0.1:4010/")).toBe("http://127.0.0.1:4010");
    expect(urlOf("http://[::1]:4010")).toBe("http://[::1]:4010");
  });

  it.each([
    ["acme.atlassian.net", /https:\/\//],
    ["ftp://acme.atlassian.net", /https:\/\//],
    ["http://acme.atlassian.net", /in clear/],
    ["http://127.example.org", /in clear/],
    ["https://me:pass@acme.atlassian.net", /user name or a password/],
    ["https://acme.atlassian.net?os_username=me", /query/],
    ["https://acme.atlassian.net/#x", /fragment/],
    ["https://acme.atlassian.net/wiki/spaces/ENG", /address of the site alone/],
  ])("refuses %s as the site's address", (url, problem) => {
    expect(faultOf("CONFLUENCE_URL", { ...site, CONFLUENCE_URL: url }).problem).toMatch(problem);
  });

  it("asks what runs at an address that is not under atlassian.net, and does not guess from a look-alike", () => {
    for (const url of ["https://wiki.example.org", "https://evilatlassian.net"]) {
      expect(faultOf("CONFLUENCE_DEPLOYMENT", { ...site, CONFLUENCE_URL: url }).problem).toMatch(/is required/);
    }
  });

  it("refuses a credential without an address, because demonstration data would pass for the real thing", () => {
    const fault = faultOf("CONFLUENCE_URL", { CONFLUENCE_EMAIL: "me@acme.example", CONFLUENCE_API_TOKEN: apiToken });
    expect(fault.problem).toMatch(/CONFLUENCE_EMAIL and CONFLUENCE_API_TOKEN are/);
  });

  it("refuses to listen beyond loopback without caller authentication", () => {
    for (const HOST of ["0.0.0.0", "::", "graph.internal", "10.0.0.4"]) {
      expect(faultOf("HOST", { HOST }).problem).toMatch(/refuses to listen beyond loopback/);
      expect(readConfig({ HOST, CALLER_TOKEN: "t".repeat(32) }).server.host).toBe(HOST);
    }
    for (const HOST of ["localhost", "127.0.0.2", "::1"]) expect(faultsOf({ HOST })).toEqual([]);
  });

  it.each([
    ["PORT", "65536"],
    ["PORT", "4e3"],
    ["PORT", "-1"],
    ["CONFLUENCE_CONCURRENCY", "0"],
    ["CONFLUENCE_CONCURRENCY", "257"],
    ["CACHE_TTL_GRANTS", "1.5"],
    ["CACHE_MAX_MB", "lots"],
    ["INDEX_WARM", "yes"],
    ["INDEX_TTL", "0"],
    ["INDEX_QUOTA_SHARE", "0"],
    ["INDEX_QUOTA_SHARE", "1.01"],
    ["INDEX_QUOTA_SHARE", "25 %"],
    ["LOG_LEVEL", "loud"],
    ["PROVISIONING", "true"],
    ["HOST", "http://0.0.0.0"],
    ["CALLER_TOKEN", "x".repeat(31)],
    ["CALLER_TOKEN", `${"x".repeat(40)} ${"y".repeat(40)}`],
    ["ATLASSIAN_API_URL", "http://api.example.org"],
  ])("refuses %s=%s, without quoting it, and shows a line that would be right", (variable, value) => {
    const fault = faultOf(variable, { [variable]: value });
    expect(fault.problem).toMatch(/^(must|refuses)/);
    if (value.length > 5) expect(fault.problem).not.toContain(value);
    const [name, example = ""] = fault.example.split("=");
    expect(name).toBe(variable);
    expect(faultsOf({ [variable]: example })).toEqual([]);
  });

  it("reads 0 seconds as a cache of that kind switched off, and port 0 as any free one", () => {
    const config = readConfig({ CACHE_TTL_GRANTS: "0", PORT: "0" });
    expect(config.cache.ttlMs.grants).toBe(0);
    expect(config.server.port).toBe(0);
  });

  it("reads how the access index is kept: minutes, and a share of 1", () => {
    const { index } = readConfig({ INDEX_WARM: "ON", INDEX_TTL: "15", INDEX_QUOTA_SHARE: ".5" });
    expect(index).toEqual({ isWarm: true, ttlMs: 900_000, quotaShare: 0.5 });
    expect(readConfig({ INDEX_QUOTA_SHARE: "1" }).index.quotaShare).toBe(1);
  });

  it("lists every fault at once, each with its variable, and no value of any", () => {
    const env = {
      CONFLUENCE_URL: "http://acme.atlassian.net",
      CONFLUENCE_EMAIL: apiToken,
      CONFLUENCE_API_TOKEN: "has a blank",
      PORT: "many",
      HOST: "0.0.0.0",
    };
    const faults = faultsOf(env);
    expect(faults.map(({ variable }) => variable)).toEqual([
      "CONFLUENCE_URL",
      "CONFLUENCE_EMAIL",
      "CONFLUENCE_API_TOKEN",
      "PORT",
      "HOST",
    ]);
    const { message } = new ConfigError(faults);
    for (const { variable, problem, example } of faults) {
      expect(message).toContain(`${variable}: ${problem}`);
      expect(message).toContain(example);
    }
    expect(message).toContain("5 faults");
    expect(message).not.toContain(apiToken);
    expect(message).not.toContain("has a blank");
  });

  it("names the missing credential also when the address is wrong", () => {
    const variables = faultsOf({ CONFLUENCE_URL: "nonsense" }).map(({ variable }) => variable);
    expect(variables).toEqual(["CONFLUENCE_URL", "CONFLUENCE_EMAIL", "CONFLUENCE_API_TOKEN"]);
  });

  it("tells of a misspelt variable, and leaves foreign ones alone", () => {
    const { warnings } = readConfig({
      CONFLUENCE_APITOKEN: apiToken,
      CACHE_TTL_GRANT: "5",
      CONFLUENCE_SOMETHING_ELSE_ENTIRELY: "1",
      ATLASSIAN_EMPTY: "",
      PATH: "/bin",
    });
    expect(warnings).toEqual([
      "The environment variable CACHE_TTL_GRANT is not a setting and is ignored. Did you mean CACHE_TTL_GRANTS?",
      "The environment variable CONFLUENCE_APITOKEN is not a setting and is ignored. Did you mean CONFLUENCE_API_TOKEN?",
      "The environment variable CONFLUENCE_SOMETHING_ELSE_ENTIRELY is not a setting and is ignored.",
    ]);
  });
});

describe("the settings' documentation", () => {
  it("keeps .env.example current with the table of settings", async () => {
    const written = await readFile(new URL("../../../.env.example", import.meta.url), "utf8");
    expect(written).toBe(renderEnvExample(settings));
  });

  it("gives an example of each setting that the setting itself accepts, so that uncommenting one line works", () => {
    for (const [name, { schema, example }] of Object.entries(settings)) {
      expect([name, schema.safeParse(example).success]).toEqual([name, true]);
    }
  });

  it("has a row for each setting in the configuration page", () => {
    const table = renderSettingsTable(settings);
    for (const name of Object.keys(settings))
      expect(table.split("\n").filter((row) => row.startsWith(`| \`${name}\``))).toHaveLength(1);
  });
});
