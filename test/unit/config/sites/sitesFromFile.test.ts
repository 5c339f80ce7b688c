import { describe, expect, it } from "vitest";
import type { ConfigFault } from "../../../../src/config/Config.js";
import { Secret } from "../../../../src/config/Secret.js";
import { type OrganizationConfig, secretsOf } from "../../../../src/config/sites/SiteConfig.js";
import { readSitesFile, sitesFileExample } from "../../../../src/config/sites/sitesFromFile.js";
import { certificates } from "../certificates.js";

interface Surroundings {
  readonly organization?: OrganizationConfig;
  readonly files?: Readonly<Record<string, string>>;
}

function read(text: string, env: NodeJS.ProcessEnv = {}, { organization, files = {} }: Surroundings = {}) {
  const faults: ConfigFault[] = [];
  const sites = readSitesFile({
    path: "sites.yaml",
    env,
    concurrency: 16,
    isProvisioningOn: false,
    organization: organization ?? null,
    atlassian: { apiUrl: "https://api.example", authUrl: "https://auth.example" },
    faults,
    readFile: (path) => {
      const found = path === "sites.yaml" ? text : files[path];
      if (found === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return found;
    },
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

  it("lists Data Center sites beside Cloud ones; the organization of the environment is that of the Cloud ones alone", () => {
    const organization = { orgId: "shared-org", apiKey: new Secret("shared-key"), scim: null };
    const { sites, told } = read(
      `
sites:
  - id: acme
    url: https://acme.atlassian.net
    credential: { email: a@acme.example, apiToken: t }
  - id: wiki
    name: Wiki
    deployment: datacenter
    url: https://wiki.example.com/confluence/
    credential: { personalAccessToken: "\${WIKI_TOKEN}" }
    caFile: /etc/company-ca.pem
    superGroup: wiki-admins
    concurrency: 4
    provisioning: true
    leaveOut: { personalSpaces: true }
  - deployment: datacenter
    url: https://old.example.com:8443
    credential: { username: admin, password: "\${OLD_PASSWORD}" }
`,
      { WIKI_TOKEN: " wiki-token ", OLD_PASSWORD: " two words " },
      { organization, files: { "/etc/company-ca.pem": certificates[0] } },
    );
    expect(told).toEqual([]);
    expect(sites[0]).toMatchObject({ siteId: "acme", deployment: "cloud", organization });
    expect(sites[1]).toEqual({
      deployment: "datacenter",
      siteId: "wiki",
      name: "Wiki",
      url: "https://wiki.example.com/confluence",
      credential: { kind: "personal-access-token", token: expect.anything() },
      ca: `${certificates[0]}\n`,
      superGroup: "wiki-admins",
      concurrency: 4,
      isProvisioningOn: true,
      leftOut: { spaceKeys: [], hasPersonalSpaces: true, permissions: [] },
      organization: null,
    });
    expect(sites[2]).toMatchObject({
      siteId: "old-example-com-8443",
      credential: { kind: "password", username: "admin" },
      ca: null,
      superGroup: "confluence-administrators",
      organization: null,
    });
    expect(sites.flatMap(secretsOf).map((secret) => secret.reveal())).toEqual([
      "t",
      "shared-key",
      "wiki-token",
      " two words ",
      Buffer.from("admin: two words ").toString("base64"),
    ]);
  });

  it("tells every fault of Data Center sites with its path, and a fault of one part hides none of another", () => {
    const { sites, told } = read(
      `
sites:
  - id: a
    deployment: datacenter
    url: https://a.example.com
    colour: red
    credential: { email: a@b.example, apiToken: t }
    caFile: /etc/nothing.pem
    organization: { orgId: org-1, apiKey: key }
  - id: b
    deployment: datacenter
    url: https://b.atlassian.net
    credential: { personalAccessToken: t }
  - id: c
    deployment: datacenter
    url: http://c.example.com
    credential: { personalAccessToken: t, username: u, password: p }
  - id: d
    deployment: datacenter
    url: https://d.example.com/display/DS/Home
    credential: { username: u }
    caFile: /etc/empty.pem
    atlassian: { apiUrl: https://api.example }
    organization: { orgId: org-1, apiKey: key }
  - id: e
    url: https://e.atlassian.net
    credential: { personalAccessToken: t }
    superGroup: admins
    caFile: /etc/empty.pem
  - id: f
    deployment: datacenter
    url: https://f.example.com
    credential: { kind: oauth, personalAccessToken: t }
  - id: g
    url: https://g.example.com
    credential: { personalAccessToken: t }
  - id: h
    deployment: datacenter
    url: https://h.example.com
    credential: { username: "u:v", password: 12345 }
`,
      {},
      { files: { "/etc/empty.pem": "" } },
    );
    expect(sites).toEqual([]);
    const onDataCenter =
      "belongs to Confluence Cloud: on Confluence Data Center set personalAccessToken, or username with password";
    expect(told).toEqual([
      `SITES_FILE sites[0].credential.email: ${onDataCenter}`,
      `SITES_FILE sites[0].credential.apiToken: ${onDataCenter}`,
      "SITES_FILE sites[0].caFile: names a file that cannot be read (ENOENT)",
      "SITES_FILE sites[0].organization: names an Atlassian organization, which holds Cloud sites only: leave it out",
      "SITES_FILE sites[0].colour: is not a known key",
      "SITES_FILE sites[1].deployment: must be cloud, or left out: what runs under *.atlassian.net is Confluence Cloud",
      "SITES_FILE sites[2].credential.personalAccessToken: is set together with username and password: keep one of them, or say which by kind",
      "SITES_FILE sites[2].url: must begin with https://, because over http:// the credential would travel in clear",
      "SITES_FILE sites[3].url: must be the address of the site alone, not of a page or a space in it",
      "SITES_FILE sites[3].credential.password: is required for a credential of kind password",
      "SITES_FILE sites[3].caFile: names a file without a certificate: it must be PEM, with -----BEGIN CERTIFICATE-----",
      "SITES_FILE sites[3].organization: names an Atlassian organization, which holds Cloud sites only: leave it out",
      "SITES_FILE sites[3].atlassian: belongs to Confluence Cloud: leave it out",
      "SITES_FILE sites[4].credential.personalAccessToken: belongs to Confluence Data Center: on Confluence Cloud set email with apiToken, or clientId with clientSecret, or apiToken",
      "SITES_FILE sites[4].caFile: belongs to Confluence Data Center: leave it out",
      "SITES_FILE sites[4].superGroup: belongs to Confluence Data Center: leave it out",
      "SITES_FILE sites[5].credential.kind: names a credential of Confluence Cloud: on Confluence Data Center leave it out, or set one of personal-access-token, password",
      "SITES_FILE sites[6].deployment: is required, because the address is not one under *.atlassian.net: say what runs there",
      "SITES_FILE sites[7].credential.username: must be a user name: at most 255 characters on one line, without colons and with no blanks around it",
      "SITES_FILE sites[7].credential.password: Invalid input: expected string, received number",
    ]);
  });

  it("gives no site whose certificates cannot be read", () => {
    const { sites, told } = read(
      "sites: [{ deployment: datacenter, url: https://a.example.com, credential: { personalAccessToken: t }, caFile: /etc/no.pem }]",
    );
    expect(sites).toEqual([]);
    expect(told).toEqual(["SITES_FILE sites[0].caFile: names a file that cannot be read (ENOENT)"]);
  });

  it("takes the kind that an entry names where it has a token and a password", () => {
    const { sites } = read(
      "sites: [{ deployment: datacenter, url: https://a.example.com, credential: { kind: password, personalAccessToken: t, username: u, password: p } }]",
    );
    expect(sites.map(({ credential }) => credential.kind)).toEqual(["password"]);
  });

  it("needs an id for each of two sites on one host, whatever their context paths", () => {
    const entry = (path: string) =>
      `{ deployment: datacenter, url: "https://a.example.com/${path}", credential: { personalAccessToken: t } }`;
    expect(read(`sites: [${entry("one")}, ${entry("two")}]`).told).toEqual([
      "SITES_FILE sites[1].id: is the same as that of sites[0]: each site needs an id of its own",
    ]);
  });

  it("shows an example that is itself right, with a site of each deployment", () => {
    const { sites, told } = read(
      sitesFileExample.replaceAll(/\$\{\w+\}/g, '"$&"'),
      { ACME_TOKEN: "a", WIKI_TOKEN: "w" },
      { files: { "/etc/ssl/certs/company-ca.pem": certificates[0] } },
    );
    expect(told).toEqual([]);
    expect(sites.map(({ deployment }) => deployment)).toEqual(["cloud", "datacenter"]);
  });
});
