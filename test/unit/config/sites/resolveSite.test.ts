import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../../../src/config/Config.js";
import { readConfig } from "../../../../src/config/readConfig.js";
import { secretsOf } from "../../../../src/config/sites/SiteConfig.js";
import { certificates } from "../certificates.js";
import { faultsOf } from "../faultsOf.js";

const folder = mkdtempSync(join(tmpdir(), "data-center-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const address = { CONFLUENCE_URL: "https://wiki.example.com/confluence", CONFLUENCE_DEPLOYMENT: "datacenter" };
const token = { CONFLUENCE_PERSONAL_ACCESS_TOKEN: "planted-token-of-an-administrator" };
const account = { CONFLUENCE_USERNAME: "planted-user", CONFLUENCE_PASSWORD: "planted pass:wörd" };

const told = (env: NodeJS.ProcessEnv) => faultsOf(env).map(({ variable, problem }) => `${variable}: ${problem}`);
const siteOf = (env: NodeJS.ProcessEnv) => readConfig({ ...address, ...env }).sites[0];
const secretsIn = (env: NodeJS.ProcessEnv) =>
  readConfig({ ...address, ...env })
    .sites.flatMap(secretsOf)
    .map((secret) => secret.reveal());

describe("a Data Center site", () => {
  it("is read from an address, what runs there and a personal access token", () => {
    expect(siteOf(token)).toEqual({
      deployment: "datacenter",
      siteId: "wiki-example-com",
      name: "wiki.example.com",
      url: "https://wiki.example.com/confluence",
      credential: { kind: "personal-access-token", token: expect.anything() },
      ca: null,
      superGroup: "confluence-administrators",
      concurrency: 16,
      isProvisioningOn: false,
      leftOut: { spaceKeys: [], hasPersonalSpaces: false, permissions: [] },
      organization: null,
    });
    expect(secretsIn(token)).toEqual([token.CONFLUENCE_PERSONAL_ACCESS_TOKEN]);
    expect(siteOf({ ...token, PROVISIONING: "on", CONFLUENCE_CONCURRENCY: "3" })).toMatchObject({
      isProvisioningOn: true,
      concurrency: 3,
    });
  });

  it("is read from a user name and a password; the word that Basic authentication makes of them is a secret too", () => {
    expect(siteOf(account)?.credential).toMatchObject({ kind: "password", username: "planted-user" });
    const { CONFLUENCE_USERNAME: name, CONFLUENCE_PASSWORD: password } = account;
    expect(secretsIn(account)).toEqual([password, Buffer.from(`${name}:${password}`).toString("base64")]);
  });

  it("shows neither token nor password when the configuration is printed", () => {
    for (const env of [token, account]) {
      const config = readConfig({ ...address, ...env });
      const printed = `${JSON.stringify(config)} ${inspect(config, { depth: 9 })}`;
      expect(printed).toContain("[secret]");
      for (const secret of secretsIn(env)) expect(printed).not.toContain(secret);
    }
  });

  it.each([
    ["https://wiki.example.com", "https://wiki.example.com"],
    ["https://wiki.example.com/", "https://wiki.example.com"],
    ["https://WIKI.example.com:8443/confluence//", "https://wiki.example.com:8443/confluence"],
    ["https://example.com/tools/wiki", "https://example.com/tools/wiki"],
    ["https://example.com/wiki/", "https://example.com/wiki"],
    ["https://example.com/spaces", "https://example.com/spaces"],
    ["http://127.0.0.1:8090/confluence", "http://127.0.0.1:8090/confluence"],
  ])("takes %s as %s: a context path stays, /wiki too", (CONFLUENCE_URL, expected) => {
    expect(siteOf({ ...token, CONFLUENCE_URL })?.url).toBe(expected);
  });

  it.each([
    ["http://wiki.example.com/confluence", /in clear/],
    ["https://wiki.example.com/confluence/display/DS/Home", /address of the site alone/],
    ["https://wiki.example.com/pages/viewpage.action", /address of the site alone/],
    ["https://wiki.example.com/login.action", /address of the site alone/],
    ["https://wiki.example.com/rest/api", /address of the site alone/],
    ["https://wiki.example.com/spaces/DS/overview", /address of the site alone/],
  ])("refuses %s as its address", (CONFLUENCE_URL, problem) => {
    const faults = faultsOf({ ...address, ...token, CONFLUENCE_URL });
    expect(faults).toMatchObject([{ variable: "CONFLUENCE_URL", problem: expect.stringMatching(problem) }]);
  });

  it("cannot run under atlassian.net", () => {
    expect(told({ ...address, ...token, CONFLUENCE_URL: "https://acme.atlassian.net" })).toEqual([
      "CONFLUENCE_DEPLOYMENT: must be cloud, or left out: what runs under *.atlassian.net is Confluence Cloud",
    ]);
  });

  it("names another super group", () => {
    expect(siteOf({ ...token, CONFLUENCE_SUPER_GROUP: " Wiki Admins " })).toMatchObject({ superGroup: "Wiki Admins" });
    expect(told({ ...address, ...token, CONFLUENCE_SUPER_GROUP: "two\nlines" })).toEqual([
      expect.stringMatching(/^CONFLUENCE_SUPER_GROUP: must be the name of a group/),
    ]);
  });
});

describe("the credential of a Data Center site", () => {
  it("is asked for in the words of Data Center when none is set", () => {
    expect(told(address)).toEqual([
      "CONFLUENCE_PERSONAL_ACCESS_TOKEN: is required, or else CONFLUENCE_USERNAME with CONFLUENCE_PASSWORD",
    ]);
  });

  it.each([
    ["CONFLUENCE_PASSWORD", { CONFLUENCE_USERNAME: "admin" }],
    ["CONFLUENCE_USERNAME", { CONFLUENCE_PASSWORD: "secret" }],
  ])("lacks %s where only the other half of the pair is set", (missing, env) => {
    expect(told({ ...address, ...env })).toEqual([`${missing}: is required for a credential of kind password`]);
  });

  it.each([
    ["a user name and a password", account, "CONFLUENCE_USERNAME and CONFLUENCE_PASSWORD"],
    ["a user name", { CONFLUENCE_USERNAME: "admin" }, "CONFLUENCE_USERNAME"],
    ["a password", { CONFLUENCE_PASSWORD: "secret" }, "CONFLUENCE_PASSWORD"],
  ])("is not chosen silently where a token stands beside %s", (_name, env, named) => {
    expect(told({ ...address, ...token, ...env })).toEqual([
      `CONFLUENCE_PERSONAL_ACCESS_TOKEN: is set together with ${named}: keep one of them, or say which by CONFLUENCE_CREDENTIAL`,
    ]);
  });

  it("is the one that CONFLUENCE_CREDENTIAL names where both are set, or lacks what that one needs", () => {
    for (const kind of ["personal-access-token", "password"]) {
      expect(siteOf({ ...token, ...account, CONFLUENCE_CREDENTIAL: kind })?.credential.kind).toBe(kind);
    }
    expect(told({ ...address, ...token, CONFLUENCE_CREDENTIAL: "password" })).toEqual([
      "CONFLUENCE_USERNAME: is required for a credential of kind password",
      "CONFLUENCE_PASSWORD: is required for a credential of kind password",
    ]);
    expect(told({ ...address, ...account, CONFLUENCE_CREDENTIAL: "personal-access-token" })).toEqual([
      "CONFLUENCE_PERSONAL_ACCESS_TOKEN: is required for a credential of kind personal-access-token",
    ]);
  });

  it.each([
    ["blanks at its ends and inside", "  two words  "],
    ["quotes, a colon, a hash and a dollar", `"'a:b#c$d\${E}`],
    ["letters beyond ASCII", "pässwörd 密码"],
  ])("has a password with %s as it stands", (_name, password) => {
    expect(secretsIn({ ...account, CONFLUENCE_PASSWORD: password })[0]).toBe(password);
    const path = file("password", `${password}\n`);
    expect(secretsIn({ CONFLUENCE_USERNAME: "admin", CONFLUENCE_PASSWORD_FILE: path })[0]).toBe(password);
  });

  it("comes from files, the token without blanks around it", () => {
    const path = file("token", "  a-token \n");
    expect(secretsIn({ CONFLUENCE_PERSONAL_ACCESS_TOKEN_FILE: path })).toEqual(["a-token"]);
  });

  it.each([
    ["CONFLUENCE_PASSWORD", "planted\nlines"],
    ["CONFLUENCE_PASSWORD", "planted\u0007bell"],
    ["CONFLUENCE_USERNAME", "planted:colon"],
    ["CONFLUENCE_USERNAME", "p".repeat(256)],
    ["CONFLUENCE_PERSONAL_ACCESS_TOKEN", "planted blank"],
    ["CONFLUENCE_CREDENTIAL", "planted-kind"],
  ])("refuses a %s that cannot be sent, without quoting it", (variable, value) => {
    const others = variable.endsWith("TOKEN") ? {} : account;
    const faults = faultsOf({ ...address, ...others, [variable]: value });
    expect(faults.map((fault) => fault.variable)).toEqual([variable]);
    expect(JSON.stringify(faults)).not.toContain("planted");
  });

  it("takes a password of blanks alone for an unset one", () => {
    expect(told({ ...address, ...token, CONFLUENCE_PASSWORD: "   " })).toEqual([]);
  });
});

describe("CONFLUENCE_CA_FILE", () => {
  const bundle = certificates.join("\n");

  it("is read into the configuration, and is no secret's file: CONFLUENCE_CA is no setting", () => {
    const path = file("ca.pem", bundle);
    const config = readConfig({ ...address, ...token, CONFLUENCE_CA_FILE: ` ${path} ` });
    expect(config.sites[0]).toMatchObject({ ca: `${bundle}\n` });
    expect(config.warnings).toEqual([]);
    expect(readConfig({ CONFLUENCE_CA: "x" }).warnings).toHaveLength(1);
  });

  it("is a fault when it cannot be read or holds no certificate, told with all the others", () => {
    expect(told({ ...address, CONFLUENCE_CA_FILE: join(folder, "nothing.pem"), PORT: "many" })).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^CONFLUENCE_PERSONAL_ACCESS_TOKEN: is required/),
      "CONFLUENCE_CA_FILE: names a file that cannot be read (ENOENT)",
    ]);
    expect(told({ ...address, ...token, CONFLUENCE_CA_FILE: file("empty.pem", "") })).toEqual([
      expect.stringMatching(/^CONFLUENCE_CA_FILE: names a file without a certificate/),
    ]);
  });
});

describe("what belongs to the other deployment", () => {
  const cloud = {
    CONFLUENCE_EMAIL: "planted@acme.example",
    CONFLUENCE_API_TOKEN: "planted-api-token",
    CONFLUENCE_CLIENT_ID: "planted-client",
    CONFLUENCE_CLIENT_SECRET: "planted-client-secret",
    CONFLUENCE_CLOUD_ID: "planted-cloud",
  };
  const onDataCenter =
    "belongs to Confluence Cloud: on Confluence Data Center set CONFLUENCE_PERSONAL_ACCESS_TOKEN, or CONFLUENCE_USERNAME with CONFLUENCE_PASSWORD";
  const onCloud =
    "belongs to Confluence Data Center: on Confluence Cloud set CONFLUENCE_EMAIL with CONFLUENCE_API_TOKEN, or CONFLUENCE_CLIENT_ID with CONFLUENCE_CLIENT_SECRET, or CONFLUENCE_API_TOKEN";

  it("is refused on Data Center, each variable with what to set instead", () => {
    const expected = Object.keys(cloud).map((variable) => `${variable}: ${onDataCenter}`);
    expect(told({ ...address, ...cloud })).toEqual(expected);
    expect(told({ ...address, ...cloud, ...token })).toEqual(expected);
    expect(told({ ...address, ...token, CONFLUENCE_CREDENTIAL: "api-token" })).toEqual([
      "CONFLUENCE_CREDENTIAL: names a credential of Confluence Cloud: on Confluence Data Center leave it out, or set one of personal-access-token, password",
    ]);
  });

  it("is refused on Cloud, each variable with what to set instead", () => {
    const site = { CONFLUENCE_URL: "https://acme.atlassian.net" };
    const given = { ...token, ...account };
    const expected = Object.keys(given).map((variable) => `${variable}: ${onCloud}`);
    expect(told({ ...site, ...given })).toEqual(expected);
    const whole = { ...site, CONFLUENCE_EMAIL: "a@acme.example", CONFLUENCE_API_TOKEN: "t" };
    expect(told({ ...whole, ...given })).toEqual(expected);
    expect(told({ ...whole, CONFLUENCE_CREDENTIAL: "password" })).toEqual([
      "CONFLUENCE_CREDENTIAL: names a credential of Confluence Data Center: on Confluence Cloud leave it out, or set one of api-token, scoped-api-token, oauth, service-account-token",
    ]);
    expect(told({ ...whole, CONFLUENCE_CA_FILE: "/nowhere.pem", CONFLUENCE_SUPER_GROUP: "admins" })).toEqual([
      "CONFLUENCE_CA_FILE: belongs to Confluence Data Center: leave it out",
      "CONFLUENCE_SUPER_GROUP: belongs to Confluence Data Center: leave it out",
    ]);
  });

  it("shows an empty line as the one that would be right", () => {
    const { CONFLUENCE_API_TOKEN } = cloud;
    const faults = faultsOf({ ...address, ...token, CONFLUENCE_API_TOKEN, ATLASSIAN_ORG_ID: "planted-org" });
    expect(faults.map(({ example }) => example)).toEqual(["ATLASSIAN_ORG_ID=", "CONFLUENCE_API_TOKEN="]);
    expect(told({ ...address, ...token, ATLASSIAN_ORG_ID: "", CONFLUENCE_API_TOKEN: "" })).toEqual([]);
  });

  it("is the organization, in whole or in half, of a single Data Center site", () => {
    const organization = { ATLASSIAN_ORG_ID: "planted-org", ATLASSIAN_SCIM_KEY: "planted-scim-key" };
    const problem = "belongs to an Atlassian organization, which holds Cloud sites only: leave it out";
    expect(told({ ...address, ...token, ...organization })).toEqual([
      `ATLASSIAN_ORG_ID: ${problem}`,
      `ATLASSIAN_SCIM_KEY: ${problem}`,
    ]);
  });

  it("is told all at once, and no value of it", () => {
    const faults = faultsOf({
      ...address,
      ...cloud,
      ATLASSIAN_ORG_ID: "planted-org",
      CONFLUENCE_USERNAME: "planted:colon",
      CONFLUENCE_CA_FILE: "/nowhere/planted.pem",
    });
    expect(faults.map(({ variable }) => variable).sort()).toEqual(
      [...Object.keys(cloud), "ATLASSIAN_ORG_ID", "CONFLUENCE_CA_FILE", "CONFLUENCE_USERNAME"].sort(),
    );
    expect(new ConfigError(faults).message).not.toContain("planted");
  });
});

describe("a site whose deployment is not said", () => {
  const where = { CONFLUENCE_URL: "https://wiki.example.com" };

  it("is asked for it, and its credential is looked at by the rules that it fits itself", () => {
    const required = expect.stringMatching(/^CONFLUENCE_DEPLOYMENT: is required/);
    expect(told(where)).toEqual([required]);
    expect(told({ ...where, ...token })).toEqual([required]);
    expect(told({ ...where, ...token, CONFLUENCE_API_TOKEN: "t" })).toEqual([required]);
    expect(told({ ...where, CONFLUENCE_USERNAME: "admin" })).toEqual([
      required,
      "CONFLUENCE_PASSWORD: is required for a credential of kind password",
    ]);
    expect(told({ ...where, CONFLUENCE_EMAIL: "a@acme.example" })).toEqual([
      required,
      "CONFLUENCE_API_TOKEN: is required for a credential of kind api-token",
    ]);
  });

  it("gets its certificates' faults only once it is known to be Data Center", () => {
    expect(told({ ...where, CONFLUENCE_CA_FILE: "/nowhere.pem" })).toEqual([expect.stringMatching(/DEPLOYMENT/)]);
  });
});

describe("settings of a Data Center site without its address", () => {
  it("are refused, because demonstration data would pass for the real thing", () => {
    expect(told(token)).toEqual([expect.stringMatching(/^CONFLUENCE_URL: .*CONFLUENCE_PERSONAL_ACCESS_TOKEN is: /)]);
    expect(told(account)).toEqual([
      expect.stringMatching(/^CONFLUENCE_URL: .*CONFLUENCE_USERNAME and CONFLUENCE_PASSWORD are: /),
    ]);
    expect(told({ CONFLUENCE_CA_FILE: "/nowhere.pem" })).toEqual([expect.stringMatching(/^CONFLUENCE_URL: /)]);
  });

  it("do not go with a file of sites, each by its name", () => {
    const sites = { sites: [{ url: "https://acme.atlassian.net", credential: { apiToken: "t" } }] };
    const SITES_FILE = file("sites.json", JSON.stringify(sites));
    const problem = "does not go with SITES_FILE: say it of each site in the file";
    expect(told({ SITES_FILE, ...account, CONFLUENCE_SUPER_GROUP: "admins" })).toEqual([
      `CONFLUENCE_USERNAME: ${problem}`,
      `CONFLUENCE_PASSWORD: ${problem}`,
      `CONFLUENCE_SUPER_GROUP: ${problem}`,
    ]);
  });
});
