import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSandbox, startSandbox } from "../../src/sandbox/startSandbox.js";
import { parseWorld } from "../../src/sandbox/world/parseWorld.js";
import { runCli } from "../support/runCli.js";
import { cloudWorld, human, space } from "../support/worlds.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [{ ...human(1), managed: true }],
  groups: [{ id: "g", name: "g", members: [] }],
  spaces: [space(1)],
});

describe("doctor", () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({
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
    expect(report.checks.find(({ subject }) => subject === "credential")?.outcome).toBe("ok");
  });

  it.each([
    [
      "a rejected credential",
      { CONFLUENCE_API_TOKEN: "wrong" },
      /FAILED\s+GET \/wiki\/rest\/api\/user\/current.*Check the credential/,
    ],
    [
      "an organization key that is refused",
      { ATLASSIAN_ORG_ID: "sandbox-organization", ATLASSIAN_ORG_API_KEY: "wrong" },
      /FAILED\s+organization key.*ATLASSIAN_ORG_API_KEY/,
    ],
    ["an unreachable site", { CONFLUENCE_URL: "http://127.0.0.1:1" }, /FAILED\s+GET \/_edge\/tenant_info/],
  ])("tells %s in a line that a person can act on", async (_name, change, expected) => {
    const { code, stdout } = await runCli("cli/doctor.js", [], { ...basic(), ...change });
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
