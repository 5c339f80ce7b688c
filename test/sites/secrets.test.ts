import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { runCli } from "../support/runCli.js";
import { type CloudCredentialKind, startSites } from "../support/startSites.js";
import { cloudWorld, human, space } from "../support/worlds.js";

/** Every secret there is, each recognisable wherever it turns up: also in Base64, as Basic authentication carries it. */
const canaries = {
  basic: { email: "reviewer@canary.example", apiToken: "canary-basic-token-0001" },
  scopedToken: { email: "reviewer@canary.example", apiToken: "canary-scoped-token-0002" },
  serviceAccountToken: "canary-service-token-0003",
  oauth: { clientId: "client", clientSecret: "canary-client-secret-0004" },
  organization: { orgId: "org", apiKey: "canary-organization-key-0005" },
  scim: { directoryId: "dir", key: "canary-scim-key-0006" },
};

const dataCenter = {
  personalAccessToken: "canary-personal-token-0008",
  username: "admin",
  password: "canary: päss wörd 0009",
  readerToken: "canary-reader-token-0010",
};
/** What a new account is to sign in with: a secret of somebody else's. */
const newPassword = "canary-new-password-0011";

const callerToken = "canary-caller-token-0007-which-is-long-enough";
const plain = [
  canaries.basic.apiToken,
  canaries.scopedToken.apiToken,
  canaries.serviceAccountToken,
  canaries.oauth.clientSecret,
  canaries.organization.apiKey,
  canaries.scim.key,
  callerToken,
];
const inBase64 = [canaries.basic, canaries.scopedToken].map(({ email, apiToken }) =>
  Buffer.from(`${email}:${apiToken}`).toString("base64"),
);
const ofDataCenter = [
  dataCenter.personalAccessToken,
  dataCenter.password,
  Buffer.from(`${dataCenter.username}:${dataCenter.password}`).toString("base64"),
];

function expectNoSecret(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) expect(text.includes(secret), `a secret stands in: ${text.slice(0, 300)}`).toBe(false);
}

const world = cloudWorld({
  accounts: [{ ...human(1), managed: true }],
  groups: [{ id: "g", name: "g", members: [] }],
  spaces: [space(1)],
});
const kinds: readonly CloudCredentialKind[] = ["api-token", "scoped-api-token", "oauth", "service-account-token"];

/** Upstreams that give the secrets back in every way they can. */
const echoesOf = (secrets: readonly string[]) => [
  { status: 401, body: { message: `Bad credential ${secrets.join(" ")}` } },
  { status: 500, body: `<html>Authorization: Bearer ${secrets.join(",")}</html>` },
  { status: 302, headers: { Location: `https://elsewhere.example/?token=${secrets[0]}` }, body: "" },
  { status: 400, body: { errors: [{ title: `no ${secrets.at(-1)} ${secrets.at(-2)}` }] } },
  { status: 200, body: { results: [{ nonsense: secrets.join(" ") }] } },
  { reset: true },
];

it("puts no secret into any log line, error or health page, at the finest log level, under faults too", async () => {
  await using stack = await startSites(
    kinds.map((credential) => ({
      id: credential,
      world,
      credential,
      hasOrganization: true,
      sandbox: { credentials: canaries },
    })),
    { LOG_LEVEL: "trace", CALLER_TOKEN: callerToken },
  );
  const headers = { authorization: `Bearer ${callerToken}`, "cache-control": "no-cache" };
  const everything = `{ sites { permissionModel } spaces { nodes { key grants { nodes { id } } } }
    groups { nodes { name members { nodes { displayName isLicensed givenName lastActiveAt } } } } accounts { nodes { email status } } }`;
  const answers = [
    await stack.query(everything, {}, headers),
    await stack.query(everything, {}, { authorization: `Bearer ${plain[0]}` }),
  ];
  expect(answers[0]?.errors).toBeUndefined();
  for (const echo of echoesOf([...plain, ...inBase64])) {
    for (const id of kinds) {
      await stack.fail(id, { match: "* /**", times: 6, ...echo });
      await stack.changeCredentials(id, { expireTokens: true });
    }
    answers.push(await stack.query(everything, {}, headers));
    answers.push(JSON.parse(JSON.stringify(await stack.readiness())));
  }
  expect(answers.length).toBe(14);
  expect(stack.logLines.length).toBeGreaterThan(100);
  for (const answer of answers) expectNoSecret(JSON.stringify(answer), [...plain, ...inBase64]);
  for (const line of stack.logLines) expectNoSecret(line, [...plain, ...inBase64]);
}, 180_000);

it("puts no secret of a Data Center site, its own or a new account's, into any log line, audit, error or health page", async () => {
  const folder = await mkdtemp(join(tmpdir(), "audit-"));
  const auditPath = join(folder, "audit.jsonl");
  const behaviour = { dataCenter: { credentials: dataCenter } };
  const entry = { provisioning: true };
  const ids = ["token", "password"] as const;
  await using stack = await startSites(
    [
      { id: "token", world: smallDataCenterWorld(), credential: "personal-access-token", sandbox: behaviour, entry },
      // There accounts are created by JSON-RPC, which tells of its failures with status 200.
      { id: "password", world: smallDataCenterWorld("8.3.4"), credential: "password", sandbox: behaviour, entry },
    ],
    { LOG_LEVEL: "trace", CALLER_TOKEN: callerToken, AUDIT_LOG: auditPath },
  );
  try {
    const headers = { authorization: `Bearer ${callerToken}`, "cache-control": "no-cache" };
    const everything = `{ sites { permissionModel capabilities { reason } } spaces { nodes { key grants { nodes { id } } } }
      groups { nodes { name allMembers { nodes { isDirect account { email isLicensed lastActiveAt } } } } } accounts { nodes { email status } } }`;
    const provision = `mutation ($input: ProvisionAccountInput!) { provisionAccount(input: $input) {
      outcome plan generatedPassword account { accountId username } userErrors { code field message } } }`;
    let people = 0;
    const create = (siteId: string, more: Readonly<Record<string, unknown>>) => {
      people += 1;
      const input = { siteId, email: `person-${people}@example.com`, displayName: `Person ${people}`, ...more };
      return stack.query(provision, { input }, headers);
    };

    const generated: string[] = [];
    const answers: unknown[] = [await stack.query(everything, {}, headers)];
    for (const siteId of ids) {
      const given = await create(siteId, { password: newPassword });
      expect(given.data.provisionAccount).toMatchObject({ outcome: "CREATED", generatedPassword: null });
      const made = await create(siteId, { generatePassword: true });
      expect(made.data.provisionAccount.outcome).toBe("CREATED");
      const { generatedPassword, ...rest } = made.data.provisionAccount;
      generated.push(generatedPassword);
      answers.push(given, rest, await create(siteId, { password: newPassword, username: "no/way" }));
    }
    expect(new Set(generated.filter((password) => password.length >= 24)).size).toBe(2);

    for (const echo of echoesOf(ofDataCenter)) {
      for (const siteId of ids) {
        // What is left of the echo before would stand in the way of this one.
        await stack.heal(siteId);
        await stack.fail(siteId, { match: "* /**", times: 6, ...echo });
      }
      answers.push(await stack.query(everything, {}, headers), await stack.readiness());
    }
    // A new account's password is known to the call that carries it, and masked in what that call answers.
    for (const siteId of ids) await stack.heal(siteId);
    const refusal = `the site says: ${newPassword} is too weak`;
    await stack.fail("token", {
      match: "POST /rest/api/admin/user",
      times: 1,
      status: 400,
      body: { message: refusal },
    });
    await stack.fail("password", { match: "POST /rpc/**", times: 1, body: { error: { code: 500, message: refusal } } });
    for (const siteId of ids) {
      const { data } = await create(siteId, { password: newPassword });
      expect(data.provisionAccount.userErrors[0].message).toContain("the site says: *** is too weak");
      answers.push(data);
    }
    const audit = await readFile(auditPath, "utf8");
    // An attempt and a result for each account that was created or refused by its site.
    expect(audit.split("\n").length).toBeGreaterThan(2 * 3 * 2);
    expect(stack.logLines.length).toBeGreaterThan(100);
    for (const text of [...answers.map((answer) => JSON.stringify(answer)), ...stack.logLines, audit]) {
      expectNoSecret(text, [...ofDataCenter, newPassword, ...generated]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}, 180_000);

it("puts no secret into what the doctor and a refused configuration print", async () => {
  const sandbox = await startWatchedSandbox({
    world: parseWorld({ ...world, ...smallDataCenterWorld() }),
    credentials: { ...canaries, scim: { directoryId: "other", key: "other" } },
    dataCenter: { credentials: dataCenter },
  });
  const folder = await mkdtemp(join(tmpdir(), "sites-"));
  try {
    const sites = kinds.slice(0, 2).map((kind, index) => ({
      id: `site-${index}`,
      url: sandbox.url,
      deployment: "cloud",
      credential: { kind, email: canaries.basic.email, apiToken: plain[index] },
      atlassian: { apiUrl: sandbox.url, authUrl: sandbox.url },
      organization: { orgId: "org", apiKey: plain[4], scim: { directoryId: "dir", key: plain[5] } },
    }));
    const { personalAccessToken, username, password } = dataCenter;
    const ownSites = [{ personalAccessToken }, { username, password }].map((credential, index) => ({
      id: `own-${index}`,
      url: sandbox.dataCenter?.url,
      deployment: "datacenter",
      credential,
    }));
    const file = join(folder, "sites.json");
    await writeFile(file, JSON.stringify({ sites: [...sites, ...ownSites] }));
    for (const args of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runCli("cli/doctor.js", args, { SITES_FILE: file, LOG_LEVEL: "trace" });
      expect(code, stderr).toBe(1);
      expect(stdout).toContain("synchronised directory");
      expect(stdout).toContain("super group");
      expectNoSecret(stdout + stderr, [...plain, ...inBase64, ...ofDataCenter]);
    }
    await writeFile(
      file,
      JSON.stringify({
        sites: [
          { ...sites[0], url: plain[0], concurrency: plain[1], [String(plain[2])]: 1 },
          { ...ownSites[1], url: personalAccessToken, superGroup: [password], caFile: password },
        ],
      }),
    );
    const refused = await runCli("cli/doctor.js", [], { SITES_FILE: file, CALLER_TOKEN: "short-canary-basic" });
    expect(refused.code).toBe(2);
    expectNoSecret(refused.stderr, [...plain.slice(0, 2), ...ofDataCenter]);
  } finally {
    await rm(folder, { recursive: true });
    await sandbox.close();
  }
}, 180_000);
