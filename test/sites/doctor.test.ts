import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { RunningDataCenter, RunningSandbox, SandboxOptions } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { reportOn } from "../../src/cli/doctor/report.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { runCli } from "../support/runCli.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { cloudWorld, human, space } from "../support/worlds.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [{ ...human(1), managed: true }],
  groups: [{ id: "g", name: "g", members: [] }],
  spaces: [space(1)],
});

/** What the command prints and how it would end, without a process of its own; pauses between repetitions take no time. */
async function consult(args: readonly string[], env: Readonly<Record<string, string>>) {
  const clock = new ShiftableClock();
  let stderr = "";
  const log = {
    write: (line: string) => {
      stderr += line;
    },
  };
  const isJsonWanted = args.includes("--json");
  const { text, isHealthy } = await clock.hurry(() => reportOn({ env, isJsonWanted, clock, log }));
  return { code: isHealthy ? 0 : 1, stdout: text, stderr };
}

describe("doctor", () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startWatchedSandbox({
      world: parseWorld(world),
      scopes: { serviceAccountToken: ["read:confluence-user", "read:confluence-groups"] },
    });
  });
  afterAll(() => sandbox.close());

  const basic = () => ({
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    ATLASSIAN_API_URL: sandbox.url,
  });

  it("finds a good site good, exits with 0 and writes nothing", async () => {
    const before = JSON.stringify(sandbox.world());
    const { code, stdout } = await runCli("cli/doctor.js", [], {
      ...basic(),
      ATLASSIAN_ORG_ID: sandbox.credentials.organization.orgId,
      ATLASSIAN_ORG_API_KEY: sandbox.credentials.organization.apiKey,
    });
    expect(stdout).toContain("Everything that is configured works.");
    expect(code).toBe(0);
    for (const subject of ["clock", "credential", "permission model", "organization key", "rate limits", "cloud id"]) {
      expect(stdout).toContain(subject);
    }
    expect(JSON.stringify(sandbox.world())).toBe(before);
    expect(
      sandbox.journal().filter(({ method, path }) => method !== "GET" && !/users-bulk|users\/search|oauth/.test(path)),
    ).toEqual([]);
  });

  it("finds two sites of one organization good: neither closes what the other still asks", async () => {
    const { organization, scim } = sandbox.credentials;
    const sites = ["one", "two"].map((id) => ({
      id,
      url: sandbox.url,
      deployment: "cloud",
      credential: { email: sandbox.credential.email, apiToken: sandbox.credential.apiToken },
      atlassian: { apiUrl: sandbox.url, authUrl: sandbox.url },
      organization: {
        orgId: organization.orgId,
        apiKey: organization.apiKey,
        scim: { directoryId: scim.directoryId, key: scim.key },
      },
    }));
    const folder = await mkdtemp(join(tmpdir(), "sites-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "sites.yaml");
    await writeFile(file, JSON.stringify({ sites }));
    const { code, stdout, stderr } = await consult(["--json"], { SITES_FILE: file });
    expect(stderr).toBe("");
    const { checks } = JSON.parse(stdout) as { checks: { siteId: string; subject: string; outcome: string }[] };
    expect(checks.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    for (const id of ["one", "two"]) {
      expect(checks).toContainEqual(
        expect.objectContaining({ siteId: id, subject: "synchronised directory", outcome: "ok" }),
      );
    }
    expect(code).toBe(0);
  });

  it("names each call whose scope is missing and what needs it, and exits with 1", async () => {
    const { code, stdout } = await runCli("cli/doctor.js", ["--json"], {
      CONFLUENCE_URL: sandbox.url,
      CONFLUENCE_DEPLOYMENT: "cloud",
      CONFLUENCE_API_TOKEN: sandbox.credentials.serviceAccountToken,
      ATLASSIAN_API_URL: sandbox.url,
    });
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as {
      isHealthy: boolean;
      checks: { subject: string; outcome: string; finding: string; neededFor: string | null }[];
    };
    expect(report.isHealthy).toBe(false);
    const failed = report.checks.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ subject }) => subject)).toContain("GET /wiki/api/v2/spaces");
    expect(failed.every(({ finding }) => /scope/i.test(finding))).toBe(true);
    expect(failed.find(({ subject }) => subject === "POST /wiki/api/v2/users-bulk")?.finding).toContain(
      "read:user:confluence",
    );
    expect(report.checks.find(({ subject }) => subject === "credential")?.outcome).toBe("ok");
  });

  it.each([
    [
      "a rejected credential",
      { CONFLUENCE_API_TOKEN: "canary-wrong-token-0010" },
      /FAILED\s+GET \/wiki\/rest\/api\/user\/current.*Check the credential/,
    ],
    [
      "an organization key that is refused",
      { ATLASSIAN_ORG_ID: "sandbox-organization", ATLASSIAN_ORG_API_KEY: "canary-wrong-key-0011" },
      /FAILED\s+organization key.*ATLASSIAN_ORG_API_KEY/,
    ],
    ["an unreachable site", { CONFLUENCE_URL: "http://127.0.0.1:1" }, /FAILED\s+GET \/_edge\/tenant_info/],
  ])("tells %s in a line that a person can act on", async (_name, change, expected) => {
    const { code, stdout } = await consult([], { ...basic(), ...change });
    expect(stdout).toMatch(expected);
    expect(code).toBe(1);
  });

  it("exits with 2 and every fault when the configuration cannot be read", async () => {
    const { code, stderr } = await runCli("cli/doctor.js", [], { CONFLUENCE_EMAIL: "a@b.example", PORT: "x" });
    expect(code).toBe(2);
    expect(stderr).toContain("CONFLUENCE_URL");
    expect(stderr).toContain("PORT");
  });
});

describe("doctor of a Data Center site", () => {
  interface Report {
    readonly isHealthy: boolean;
    readonly checks: readonly { subject: string; outcome: string; finding: string; neededFor: string | null }[];
  }

  /** Examines a sandbox of a version, signed in as told; what it made of it, and what it sent. */
  async function examine(
    version: string,
    signIn: (dataCenter: RunningDataCenter) => Readonly<Record<string, string>>,
    behaviour: Partial<SandboxOptions> = {},
  ) {
    const sandbox = await startWatchedSandbox({ world: parseWorld(smallDataCenterWorld(version)), ...behaviour });
    try {
      const { dataCenter } = sandbox;
      if (dataCenter === null) throw new Error("the world has no Data Center half");
      const before = JSON.stringify(sandbox.world());
      const run = await consult(["--json"], {
        CONFLUENCE_URL: dataCenter.url,
        CONFLUENCE_DEPLOYMENT: "datacenter",
        ...signIn(dataCenter),
      });
      expect(JSON.stringify(sandbox.world())).toBe(before);
      const { isHealthy, checks } = JSON.parse(run.stdout) as Report;
      const of = (outcome: string) =>
        Object.fromEntries(
          checks.filter((check) => check.outcome === outcome).map((each) => [each.subject, each.finding]),
        );
      return { ...run, isHealthy, of, journal: sandbox.journal() };
    } finally {
      await sandbox.close();
    }
  }

  const byToken = ({ credentials }: RunningDataCenter) => ({
    CONFLUENCE_PERSONAL_ACCESS_TOKEN: credentials.personalAccessToken,
  });
  const byPassword = ({ credentials: { username, password } }: RunningDataCenter) => ({
    CONFLUENCE_USERNAME: username,
    CONFLUENCE_PASSWORD: password,
  });

  it.each([
    ["a token", byToken],
    ["a user name and a password", byPassword],
  ])("finds all of 10.2 good, signed in by %s, and changes nothing", async (_name, signIn) => {
    const { code, isHealthy, of, journal } = await examine("10.2.0", signIn);
    expect([code, isHealthy]).toEqual([0, true]);
    expect(of("failed")).toEqual({});
    expect(of("warning")).toEqual({});
    expect(of("ok")).toMatchObject({
      credential: "signed in as Ann Admin",
      version: "10.2.0",
      "super group": "confluence-administrators",
      "GET /rest/api/user/list": "answered 200",
      "GET /rest/api/group/{groupName}/groupmember": "answered 200",
      "GET /rest/api/space/{spaceKey}/permissions": "answered 200",
      "GET /rest/api/permissions": "answered 200",
      clock: "agrees with the site's",
    });
    expect(journal.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("warns on 8.3 of each thing that the version lacks, and says what is done instead", async () => {
    const { code, isHealthy, of, journal } = await examine("8.3.4", byToken);
    expect([code, isHealthy]).toEqual([0, true]);
    expect(of("failed")).toEqual({});
    expect(of("warning")).toEqual({
      "GET /rest/api/user/list": expect.stringMatching(/groups and grants are asked .+before 8\.4/),
      "GET /rest/api/admin/users/list/active": expect.stringContaining("both stay unknown (before 9.3)"),
      "GET /rest/api/permissions": expect.stringContaining("they stay unknown (before 9.3)"),
      "GET /rest/api/space/{spaceKey}/permissions": expect.stringContaining("JSON-RPC is used (before 9.1)"),
    });
    expect(of("ok")).toMatchObject({
      version: "8.3.4",
      "POST /rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets": "answered 200",
      "GET /rest/mobile/1.0/profile/{username}": "answered 200",
    });
    // JSON-RPC reads by POST.
    expect(journal.filter(({ method, path }) => method !== "GET" && !path.includes("getSpacePermissionSets"))).toEqual(
      [],
    );
  });

  it("warns on 9.3 that last sign-ins are not told, and asks for e-mail addresses one by one", async () => {
    const { code, of } = await examine("9.3.0", byToken);
    expect(code).toBe(0);
    expect(of("warning")).toEqual({ "last sign-ins": "this version does not tell them (before 10.2)" });
    expect(of("ok")).toHaveProperty("GET /rest/mobile/1.0/profile/{username}");
  });

  it("fails where neither REST nor JSON-RPC tells what spaces grant", async () => {
    const { code, of } = await examine("8.3.4", byToken, { dataCenter: { rpcDisabled: true } });
    expect(code).toBe(1);
    expect(of("failed")).toEqual({
      "POST /rpc/json-rpc/confluenceservice-v2/getSpacePermissionSets":
        expect.stringContaining("JSON-RPC API is switched off"),
    });
  });

  it("names each call that an account without administrator's rights is refused", async () => {
    const { code, of } = await examine("10.2.0", ({ credentials }) => ({
      CONFLUENCE_PERSONAL_ACCESS_TOKEN: credentials.readerToken,
    }));
    expect(code).toBe(1);
    const failed = of("failed");
    expect(failed["GET /rest/api/group/{groupName}/member"]).toMatch(/401.+administrator rights/);
    expect(failed["GET /rest/api/space/{spaceKey}/permissions"]).toMatch(/500.+administrator rights/);
    expect(of("ok")).toHaveProperty("credential");
  });

  it("tells a super group that is not there, which would make nobody an administrator", async () => {
    const { code, of } = await examine("10.2.0", (dataCenter) => ({
      ...byToken(dataCenter),
      CONFLUENCE_SUPER_GROUP: "wiki-owners",
    }));
    expect(code).toBe(1);
    expect(of("failed")).toEqual({
      "super group": expect.stringMatching(/no group wiki-owners.+CONFLUENCE_SUPER_GROUP/),
    });
    expect(of("ok")).toHaveProperty("GET /rest/api/group/{groupName}/member");
  });

  it.each([
    [
      "a token that the site ignores, where anonymous may use it",
      "CONFLUENCE_PERSONAL_ACCESS_TOKEN=canary-wrong-token-0008",
      {},
      /takes us for anonymous/,
    ],
    [
      "a wrong password",
      "CONFLUENCE_USERNAME=admin CONFLUENCE_PASSWORD=canary-wrong-password-0009",
      {},
      /401.+wrong, expired or revoked/,
    ],
    [
      "a password where passwords are switched off",
      "CONFLUENCE_USERNAME=admin CONFLUENCE_PASSWORD=sandbox-password",
      { dataCenter: { basicDisabled: true } },
      /use a personal access token/,
    ],
  ])("fails on %s, prints no secret, and exits with 1", async (_name, variables, behaviour, expected) => {
    const { code, stdout, stderr, of } = await examine(
      "10.2.0",
      () => Object.fromEntries(variables.split(" ").map((each) => each.split("="))) as Record<string, string>,
      behaviour,
    );
    expect(code).toBe(1);
    expect(Object.values(of("failed")).join()).toMatch(expected);
    expect(of("skipped")).toHaveProperty("every other call");
    for (const [, secret = ""] of variables.matchAll(/(?:TOKEN|PASSWORD)=(\S+)/g)) {
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toContain(Buffer.from(`admin:${secret}`).toString("base64"));
    }
  });
});
