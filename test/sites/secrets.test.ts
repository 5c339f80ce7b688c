import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startSandbox } from "../../src/sandbox/startSandbox.js";
import { parseWorld } from "../../src/sandbox/world/parseWorld.js";
import { runCli } from "../support/runCli.js";
import { type CredentialKind, startSites } from "../support/startSites.js";
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

function expectNoSecret(text: string): void {
  for (const secret of [...plain, ...inBase64])
    expect(text.includes(secret), `a secret stands in: ${text.slice(0, 300)}`).toBe(false);
}

const world = cloudWorld({
  accounts: [{ ...human(1), managed: true }],
  groups: [{ id: "g", name: "g", members: [] }],
  spaces: [space(1)],
});
const kinds: readonly CredentialKind[] = ["api-token", "scoped-api-token", "oauth", "service-account-token"];

/** Upstreams that give the secret back in every way they can. */
const echoes = [
  { status: 401, body: { message: `Bad credential ${plain.join(" ")} ${inBase64.join(" ")}` } },
  { status: 500, body: `<html>Authorization: Bearer ${plain.join(",")}</html>` },
  { status: 302, headers: { Location: `https://elsewhere.example/?token=${plain[0]}` }, body: "" },
  { status: 400, body: { errors: [{ title: `no ${plain[5]} ${plain[4]}` }] } },
  { status: 200, body: { results: [{ nonsense: plain.join(" ") }] } },
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
  for (const echo of echoes) {
    for (const id of kinds) {
      await stack.fail(id, { match: "GET /**", times: 3, ...echo }, { match: "POST /**", times: 3, ...echo });
      await stack.changeCredentials(id, { expireTokens: true });
    }
    answers.push(await stack.query(everything, {}, headers));
    answers.push(JSON.parse(JSON.stringify(await stack.readiness())));
  }
  expect(answers.length).toBe(14);
  expect(stack.logLines.length).toBeGreaterThan(100);
  for (const answer of answers) expectNoSecret(JSON.stringify(answer));
  for (const line of stack.logLines) expectNoSecret(line);
}, 60_000);

it("puts no secret into what the doctor and a refused configuration print", async () => {
  const sandbox = await startSandbox({
    world: parseWorld(world),
    credentials: { ...canaries, scim: { directoryId: "other", key: "other" } },
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
    const file = join(folder, "sites.json");
    await writeFile(file, JSON.stringify({ sites }));
    for (const args of [[], ["--json"]]) {
      const { code, stdout, stderr } = await runCli("cli/doctor.js", args, { SITES_FILE: file, LOG_LEVEL: "trace" });
      expect(code, stderr).toBe(1);
      expect(stdout).toContain("synchronised directory");
      expectNoSecret(stdout + stderr);
    }
    await writeFile(
      file,
      JSON.stringify({ sites: [{ ...sites[0], url: plain[0], concurrency: plain[1], [String(plain[2])]: 1 }] }),
    );
    const refused = await runCli("cli/doctor.js", [], { SITES_FILE: file, CALLER_TOKEN: "short-canary-basic" });
    expect(refused.code).toBe(2);
    expect(refused.stderr).not.toContain(plain[0]);
    expect(refused.stderr).not.toContain(plain[1]);
  } finally {
    await rm(folder, { recursive: true });
    await sandbox.close();
  }
}, 30_000);
