import { describe, expect, it } from "vitest";
import type { ConfigFault } from "../../../src/config/ConfigError.js";
import { readSitesFile } from "../../../src/config/readSitesFile.js";
import { secretsOf } from "../../../src/config/secretsOf.js";

function read(text: string, env: NodeJS.ProcessEnv = {}) {
  const faults: ConfigFault[] = [];
  const sites = readSitesFile({
    path: "sites.yaml",
    env,
    concurrency: 16,
    isProvisioningOn: false,
    organization: null,
    atlassian: { apiUrl: "https://api.example", authUrl: "https://auth.example" },
    faults,
    readFile: () => text,
  });
  return { sites, faults, told: faults.map(({ variable, problem }) => `${variable}: ${problem}`) };
}

describe("SITES_FILE", () => {
  it("lists sites with every kind of credential, secrets from variables, and what each has of its own", () => {
    const { sites, told } = read(
      `
sites:
  - id: acme
    name: Acme
    url: https://acme.atlassian.net/wiki
    credential: { email: a@acme.example, apiToken: "\${TOKEN_A}" }
  - id: beta
    url: https://beta.atlassian.net
    credential: { kind: scoped-api-token, email: b@acme.example, apiToken: token-b }
    concurrency: 4
    provisioning: true
    leaveOut: { spaceKeys: ["TEST*"], personalSpaces: true, permissions: ["export/space"] }
  - url: https://gamma.atlassian.net
    credential: { clientId: c, clientSecret: "\${SECRET_C}", cloudId: cloud-c }
    organization: { orgId: org-1, apiKey: "\${KEY}", scim: { directoryId: dir-1, key: scim-key } }
  - id: delta
    url: https://delta.atlassian.net
    credential: { apiToken: service-token }
`,
      { TOKEN_A: "token-a", SECRET_C: "secret-c", KEY: "org-key" },
    );
    expect(told).toEqual([]);
    expect(sites.map(({ siteId, name, credential }) => [siteId, name, credential.kind])).toEqual([
      ["acme", "Acme", "api-token"],
      ["beta", "beta.atlassian.net", "scoped-api-token"],
      ["gamma", "gamma.atlassian.net", "oauth"],
      ["delta", "delta.atlassian.net", "service-account-token"],
    ]);
    expect(sites[0]).toMatchObject({ url: "https://acme.atlassian.net", concurrency: 16, isProvisioningOn: false });
    expect(sites[1]).toMatchObject({
      concurrency: 4,
      isProvisioningOn: true,
      leftOut: { spaceKeys: ["TEST*"], hasPersonalSpaces: true, permissions: ["export/space"] },
    });
    expect(sites.flatMap(secretsOf).map((secret) => secret.reveal())).toEqual([
      "token-a",
      "token-b",
      "secret-c",
      "org-key",
      "scim-key",
      "service-token",
    ]);
  });

  it("reads JSON as well", () => {
    const { sites } = read(
      JSON.stringify({
        sites: [{ url: "https://acme.atlassian.net", credential: { email: "a@b.example", apiToken: "t" } }],
      }),
    );
    expect(sites.map(({ siteId }) => siteId)).toEqual(["acme"]);
  });

  it("tells every fault in one report, each with its path: unknown key, duplicate id, missing variable, wrong type", () => {
    const { sites, told } = read(
      `
sites:
  - id: a
    url: https://a.atlassian.net
    colour: red
    credential: { email: a@b.example }
  - id: a
    url: https://b.atlassian.net
    credential: { email: a@b.example, apiToken: "\${NOT_THERE}" }
    concurrency: many
  - url: http://confluence.example.com
    credential: { clientId: x, clientSecret: y, extra: 1 }
`,
      { TOK: "abc" },
    );
    expect(sites).toEqual([]);
    expect(told).toEqual([
      "SITES_FILE sites[1].credential.apiToken: names the environment variable NOT_THERE, which is not set",
      "SITES_FILE sites[1].id: is the same as that of sites[0]: each site needs an id of its own",
      "SITES_FILE sites[0].credential.apiToken: is required for a credential of kind api-token",
      "SITES_FILE sites[0].colour: is not a known key",
      "SITES_FILE sites[1].concurrency: Invalid input: expected number, received string",
      "SITES_FILE sites[2].url: must begin with https://, because over http:// the credential would travel in clear",
      "SITES_FILE sites[2].credential.extra: is not a known key",
    ]);
  });

  it("finds two sites of one name even when neither says its id", () => {
    const entry = '{ url: "https://acme.atlassian.net", credential: { email: a@b.example, apiToken: t } }';
    expect(read(`sites: [${entry}, ${entry}]`).told).toEqual([
      "SITES_FILE sites[1].id: is the same as that of sites[0]: each site needs an id of its own",
    ]);
  });

  it.each([
    [
      "no list at all",
      "name: x",
      ["SITES_FILE sites: Invalid input: expected array, received undefined", "SITES_FILE name: is not a known key"],
    ],
    ["an empty list", "sites: []", ["SITES_FILE sites: must list at least one site"]],
    ["a broken document", "sites: [", ["SITES_FILE: names a file that cannot be read as JSON or YAML (BAD_INDENT)"]],
  ])("refuses %s", (_name, text, expected) => {
    const { told } = read(text);
    expect(told.map((line) => line.replace(/ \(.*\)$/, ""))).toEqual(
      expected.map((line) => line.replace(/ \(.*\)$/, "")),
    );
  });

  it("never quotes a value: a secret may stand in the wrong place", () => {
    const { faults } = read(
      'sites: [{ id: "planted-secret-1!", url: "planted-secret-2", deployment: planted-secret-3, credential: { kind: planted-secret-4, apiToken: "planted secret 5" }, concurrency: planted-secret-6 }]',
    );
    expect(faults.length).toBeGreaterThan(4);
    expect(JSON.stringify(faults)).not.toContain("planted");
  });
});
