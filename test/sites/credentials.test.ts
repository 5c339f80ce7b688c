import { describe, expect, it } from "vitest";
import { httpLimits } from "../../src/http/limits.js";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type CloudCredentialKind, startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const kinds: readonly CloudCredentialKind[] = ["api-token", "scoped-api-token", "oauth", "service-account-token"];

function worldOf(number: number) {
  return cloudWorld({
    cloudId: `cloud-${number}`,
    accounts: [human(1), human(2)],
    groups: [{ id: `g${number}`, name: `group of site ${number}`, members: [human(1).accountId] }],
    spaces: [space(number, { permissions: [permission("user", human(2).accountId)] })],
  });
}

const everything = `{
  sites { siteId permissionModel }
  spaces { nodes { siteId key grants { nodes { principal { ... on Account { displayName } } } } } completeness { isComplete gaps { missing code } } }
}`;

describe("credentials", () => {
  it("answers one query over sites that sign in in four ways, each by its own address", async () => {
    await using stack = await startSites(
      kinds.map((credential, index) => ({ id: `site-${index}`, world: worldOf(index), credential })),
    );
    const { data, errors } = await stack.query(everything);
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes.map((each: { siteId: string; key: string }) => `${each.siteId} ${each.key}`)).toEqual([
      "site-0 S0",
      "site-1 S1",
      "site-2 S2",
      "site-3 S3",
    ]);
    expect(data.spaces.nodes[2].grants.nodes[0].principal.displayName).toBe("Human 2");
    expect(data.spaces.completeness.isComplete).toBe(true);
    expect(stack.countCalls("site-0", "GET", /^\/wiki\//)).toBeGreaterThan(0);
    for (const id of ["site-1", "site-2", "site-3"]) {
      expect(stack.countCalls(id, "GET", /^\/wiki\//)).toBe(0);
      expect(stack.countCalls(id, "GET", /^\/ex\/confluence\/cloud-\d\/wiki\//)).toBeGreaterThan(0);
      expect(stack.countCalls(id, "GET", /tenant_info/)).toBe(1);
    }
  });

  it("signs in to Data Center by token or by user name and password, below the site's context path", async () => {
    const inOtherLetters = "canary: Päss wörd";
    await using stack = await startSites([
      { id: "token", world: smallDataCenterWorld(), credential: "personal-access-token" },
      {
        id: "password",
        // No context path.
        world: smallDataCenterWorld("9.2.0", { contextPath: "" }),
        credential: "password",
        sandbox: { dataCenter: { credentials: { password: inOtherLetters } } },
      },
    ]);
    const told = async () => (await stack.readiness()).sites.map(({ isReady, reason }) => [isReady, reason]);
    await expect.poll(told).toEqual([
      [true, null],
      [true, null],
    ]);
    const { data, errors } = await stack.query("{ spaces { nodes { siteId key } completeness { isComplete } } }");
    expect(errors).toBeUndefined();
    expect(data.spaces.nodes.filter(({ key }: { key: string }) => key === "ENG")).toEqual([
      { siteId: "password", key: "ENG" },
      { siteId: "token", key: "ENG" },
    ]);
    expect(data.spaces.completeness.isComplete).toBe(true);
    expect(stack.countCalls("token", "GET", /^\/confluence\/rest\/api\/space$/)).toBeGreaterThan(0);
    expect(stack.countCalls("password", "GET", /^\/rest\/api\/space$/)).toBeGreaterThan(0);
  });

  it("tells a token that Data Center ignores, a wrong password and passwords switched off apart", async () => {
    const world = smallDataCenterWorld();
    const wrongToken = { credential: { personalAccessToken: "not-the-token" } };
    await using stack = await startSites([
      // Where anonymous may use the site a wrong token is no error, and what it shows would pass for all there is.
      { id: "ignored", world, credential: "personal-access-token", entry: wrongToken },
      {
        id: "refused",
        world: smallDataCenterWorld("10.2.0", { globalPermissions: [] }),
        credential: "personal-access-token",
        entry: wrongToken,
      },
      {
        id: "wrong",
        world,
        credential: "password",
        entry: { credential: { username: "admin", password: "not-the-password" } },
      },
      { id: "off", world, credential: "password", sandbox: { dataCenter: { basicDisabled: true } } },
    ]);
    const told = async () =>
      (await stack.readiness()).sites.map(({ siteId, isReady, reason }) => [siteId, isReady, reason]);
    await expect.poll(told).toEqual([
      ["ignored", false, expect.stringContaining("treats us as anonymous")],
      ["refused", false, expect.stringMatching(/answered 401.+wrong, expired or revoked/)],
      ["wrong", false, expect.stringMatching(/answered 401.+wrong, expired or revoked/)],
      ["off", false, expect.stringContaining("use a personal access token")],
    ]);
    for (const siteId of ["ignored", "refused", "wrong", "off"]) {
      const { data, errors } = await stack.query(`{ site(siteId: "${siteId}") { spaces { nodes { key } } } }`);
      expect(data.site.spaces.nodes).toBeNull();
      expect(errors?.[0]?.extensions.code).toBe("UPSTREAM_AUTH");
    }
  });

  it("loses nothing of the other sites when one is stopped: its part is a gap", async () => {
    await using stack = await startSites(
      ["a", "b", "c"].map((id, index) => ({ id, world: worldOf(index), credential: kinds[index] ?? "oauth" })),
      { CACHE_TTL_SPACES: "0" },
    );
    await stack.sandboxOf("b").close();
    // Its calls pause before they are repeated, and nothing ends a pause until the others are answered.
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { sleep } = stack.clock;
    stack.clock.sleep = (durationMs, signal) =>
      durationMs <= httpLimits.retryCapMs ? released : sleep.call(stack.clock, durationMs, signal);
    let isStoppedAnswered = false;
    const ofStopped = stack.query('{ site(siteId: "b") { spaces { nodes { key } } } }').then(() => {
      isStoppedAnswered = true;
    });
    const { data } = await stack.query(`{
      a: site(siteId: "a") { spaces { nodes { key } } }
      c: site(siteId: "c") { spaces { nodes { key } } }
    }`);
    expect(isStoppedAnswered).toBe(false);
    expect([data.a.spaces.nodes[0].key, data.c.spaces.nodes[0].key]).toEqual(["S0", "S2"]);
    release();
    await ofStopped;
    const all = await stack.query(
      "{ spaces { nodes { siteId } totalCount completeness { isComplete gaps { missing code } } } }",
    );
    expect(all.data.spaces.nodes.map(({ siteId }: { siteId: string }) => siteId)).toEqual(["a", "c"]);
    expect(all.data.spaces).toMatchObject({
      totalCount: null,
      completeness: { isComplete: false, gaps: [{ missing: "spaces of site b", code: "UPSTREAM_UNREACHABLE" }] },
    });
    expect(all.extensions?.completeness).toMatchObject({ isComplete: false });
  });

  it("renews an access token once when it expires under 200 concurrent queries, and none of them fails", async () => {
    await using stack = await startSites([{ id: "a", world: worldOf(1), credential: "oauth" }], {
      CACHE_TTL_SPACES: "0",
    });
    expect(stack.countCalls("a", "POST", /oauth\/token/)).toBe(1);
    await stack.changeCredentials("a", { expireTokens: true });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        stack.query(
          `{ spaces(filter: { keys: ["S1"], text: "${index % 2 === 0 ? "s" : "1"}" }) { nodes { key } } }`,
          {},
          { "cache-control": "no-cache" },
        ),
      ),
    );
    expect(answers.filter(({ errors }) => errors !== undefined)).toEqual([]);
    expect(answers.every(({ data }) => data.spaces.nodes[0].key === "S1")).toBe(true);
    expect(stack.countCalls("a", "POST", /oauth\/token/)).toBe(2);
  });

  it("renews an access token ahead of its expiry, behind the callers' backs", async () => {
    await using stack = await startSites([{ id: "a", world: worldOf(1), credential: "oauth" }]);
    stack.clock.shift(3_550_000);
    const { errors } = await stack.query("{ spaces { nodes { key } } }");
    expect(errors).toBeUndefined();
    await expect.poll(() => stack.countCalls("a", "POST", /oauth\/token/)).toBe(2);
  });

  it("tells clearly that a rotated secret is wrong, in errors and at the readiness page, without a storm of retries", async () => {
    await using stack = await startSites([{ id: "a", world: worldOf(1), credential: "oauth" }]);
    await stack.changeCredentials("a", { clientSecret: "another", expireTokens: true });
    await stack.forgetCalls("a");
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          stack.query("{ groups { nodes { name } } }", {}, { "cache-control": "no-cache" }),
        ),
      );
      for (const { errors } of answers) {
        expect(errors?.[0]?.extensions.code).toBe("UPSTREAM_AUTH");
        expect(errors?.[0]?.message).toContain("client id or its secret is wrong");
      }
    }
    expect(stack.countCalls("a", "POST", /oauth\/token/)).toBe(1);
    await expect
      .poll(async () => (await stack.readiness()).sites[0]?.reason)
      .toContain("client id or its secret is wrong");

    await stack.changeCredentials("a", { clientSecret: stack.sandboxOf("a").credentials.oauth.clientSecret });
    stack.clock.shift(20_000);
    expect((await stack.query("{ groups { nodes { name } } }")).errors).toBeUndefined();
  });

  it("gives a wrong cloud id, a missing scope, an expired token and a wrong token each its own message", async () => {
    await using stack = await startSites([
      {
        id: "wrong-cloud-id",
        world: worldOf(0),
        credential: "service-account-token",
        entry: { credential: { apiToken: "sandbox-service-account-token", cloudId: "nowhere" } },
      },
      {
        id: "missing-scope",
        world: worldOf(1),
        credential: "service-account-token",
        sandbox: { scopes: { serviceAccountToken: ["read:confluence-user"] } },
      },
      {
        id: "wrong-token",
        world: worldOf(2),
        credential: "service-account-token",
        entry: { credential: { apiToken: "not-the-token" } },
      },
    ]);
    await stack.fail("wrong-token", {
      match: "GET /wiki/rest/api/group",
      times: -1,
      status: 401,
      body: { code: 401, message: "Unauthorized; token has expired" },
    });
    const ask = async (siteId: string, field: string) =>
      (await stack.query(`{ site(siteId: "${siteId}") { ${field} { nodes { __typename } } } }`)).errors?.[0];
    const wrongCloudId = await ask("wrong-cloud-id", "spaces");
    expect(wrongCloudId?.extensions.code).toBe("UPSTREAM_MISCONFIGURED");
    expect(wrongCloudId?.message).toMatch(/check the cloud id/);
    const missingScope = await ask("missing-scope", "spaces");
    expect(missingScope?.extensions.code).toBe("UPSTREAM_AUTH");
    expect(missingScope?.message).toMatch(/Give the token the scope/);
    const wrongToken = await ask("wrong-token", "spaces");
    expect(wrongToken?.extensions.code).toBe("UPSTREAM_AUTH");
    expect(wrongToken?.message).toMatch(/wrong, expired or revoked/);
    const expired = await ask("wrong-token", "groups");
    expect(expired?.message).toMatch(/token has expired: create a new one/);
    const told = async () => (await stack.readiness()).sites.map(({ siteId, isReady }) => [siteId, isReady]);
    // Who we are can be told without the missing scope: that is for the doctor to find.
    await expect.poll(told).toEqual([
      ["wrong-cloud-id", false],
      ["missing-scope", true],
      ["wrong-token", false],
    ]);
  });

  it("stays ready when the proof that a 401 asks for is throttled: readiness is lost by a refusal alone", async () => {
    await using stack = await startSites([{ id: "a", world: worldOf(0), credential: "service-account-token" }]);
    await expect.poll(async () => (await stack.readiness()).sites).toMatchObject([{ isReady: true }]);
    const refuse = (match: string, status: number, headers: Readonly<Record<string, string>> = {}) => ({
      match,
      times: -1,
      status,
      headers,
      body: { code: status, message: "Unauthorized; token has expired" },
    });
    await stack.fail(
      "a",
      refuse("GET /wiki/rest/api/group", 401),
      refuse("GET /wiki/rest/api/user/current", 429, { "retry-after": "1800" }),
    );
    expect((await stack.query("{ groups { nodes { name } } }")).errors?.[0]?.extensions.code).toBe("UPSTREAM_AUTH");
    await expect.poll(() => stack.logLines.join("")).toContain("whether the credential still holds");
    expect((await stack.readiness()).sites).toMatchObject([{ siteId: "a", isReady: true, reason: null }]);
  });

  it("is lost when the proof that a 401 asks for is refused", async () => {
    await using stack = await startSites([{ id: "a", world: worldOf(0), credential: "service-account-token" }]);
    await stack.changeCredentials("a", { serviceAccountToken: "rotated" });
    await stack.query("{ groups { nodes { name } } }");
    await expect.poll(async () => (await stack.readiness()).sites).toMatchObject([{ isReady: false }]);
  });

  it.each([["read:confluence-groups"], ["read:space:confluence"], ["read:configuration:confluence"]])(
    "is proved by any call that it may make: ready with %s alone",
    async (scope) => {
      await using stack = await startSites([
        {
          id: "a",
          world: worldOf(0),
          credential: "service-account-token",
          sandbox: { scopes: { serviceAccountToken: [scope] } },
        },
      ]);
      await expect.poll(async () => (await stack.readiness()).sites).toMatchObject([{ isReady: true, reason: null }]);
    },
  );

  it("is not proved where no call may be made: the message names what to give it", async () => {
    await using stack = await startSites([
      {
        id: "a",
        world: worldOf(0),
        credential: "service-account-token",
        sandbox: { scopes: { serviceAccountToken: [] } },
      },
    ]);
    await expect
      .poll(async () => (await stack.readiness()).sites)
      .toMatchObject([{ isReady: false, reason: expect.stringContaining("scope") }]);
  });

  it("keeps what the configuration leaves out of every answer, and says so", async () => {
    const world = cloudWorld({
      accounts: [human(1)],
      spaces: [
        space(1, {
          permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "export/space")],
        }),
        space(2, { key: "TEST2" }),
        space(3, { key: "~me", type: "personal" }),
      ],
    });
    await using stack = await startSites([
      {
        id: "a",
        world,
        credential: "api-token",
        entry: { leaveOut: { spaceKeys: ["TEST*"], personalSpaces: true, permissions: ["export/space"] } },
      },
    ]);
    const { data } = await stack.query(`{
      sites { leftOut { spaceKeys personalSpaces permissions } }
      spaces { totalCount nodes { key grants { nodes { permissions { operation } } } } }
      hidden: space(key: "TEST2") { key }
      grants(filter: { entitlements: [SPACE_PERMISSION] }) { totalCount }
    }`);
    expect(data).toEqual({
      sites: [{ leftOut: { spaceKeys: ["TEST*"], personalSpaces: true, permissions: ["export/space"] } }],
      spaces: { totalCount: 1, nodes: [{ key: "S1", grants: { nodes: [{ permissions: [{ operation: "read" }] }] } }] },
      hidden: null,
      grants: { totalCount: 1 },
    });
  });
});
