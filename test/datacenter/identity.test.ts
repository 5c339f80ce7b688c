import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";

const world = smallDataCenterWorld();
const fresh = { "cache-control": "no-cache" };

/** A site that anonymous may use, whose administrator is disabled while we run: from then on our token is anonymous. */
async function disabledMeanwhile() {
  const stack = await startDataCenterStack({ world });
  const { url, credentials } = stack.dataCenter;
  const disabled = await fetch(`${url}/rest/api/admin/user/admin/disable`, {
    method: "PUT",
    headers: { authorization: `Bearer ${credentials.personalAccessToken}`, "x-atlassian-token": "no-check" },
  });
  expect(disabled.status).toBe(204);
  return stack;
}

describe("a token that is revoked while we run", () => {
  it("makes no short list look whole", async () => {
    await using stack = await disabledMeanwhile();
    const asAnonymous = await fetch(`${stack.dataCenter.url}/rest/api/space?status=current`, {
      headers: { authorization: `Bearer ${stack.dataCenter.credentials.personalAccessToken}` },
    });
    // The trap: status 200, and fewer spaces than there are.
    expect(asAnonymous.status).toBe(200);
    expect(((await asAnonymous.json()) as { results: unknown[] }).results).toHaveLength(1);

    stack.clock.shift(11_000);
    const { data, errors } = await stack.query(
      "{ spaces { nodes { key } completeness { isComplete gaps { code reason } } } }",
      {},
      fresh,
    );
    expect(errors?.[0]?.extensions.code).toBe("UPSTREAM_AUTH");
    expect(data.spaces.nodes).toBeNull();
    expect(data.spaces.completeness.gaps[0]).toMatchObject({
      code: "UPSTREAM_AUTH",
      reason: expect.stringContaining("treats us as anonymous"),
    });
  });

  it("takes back what was read before it was noticed: that is not served from memory either", async () => {
    await using stack = await disabledMeanwhile();
    // Within ten seconds of the last proof nobody can tell: this reading runs as anonymous.
    const short = await stack.query("{ spaces { totalCount } }");
    expect(short.data.spaces.totalCount).toBe(1);
    stack.clock.shift(11_000);
    await stack.query("{ groups { totalCount } }", {}, fresh);
    const after = await stack.query("{ spaces { totalCount nodes { key } } }");
    expect(after.data.spaces).toEqual({ totalCount: null, nodes: null });
    expect(after.errors?.[0]?.extensions.code).toBe("UPSTREAM_AUTH");
  });

  it("takes the site out of service, and says why", async () => {
    await using stack = await disabledMeanwhile();
    stack.clock.shift(11_000);
    await stack.query("{ groups { totalCount } }", {}, fresh);
    await expect
      .poll(async () => (await stack.readiness()).sites[0])
      .toMatchObject({ isReady: false, reason: expect.stringContaining("anonymous") });
  });

  it("is asked about every ten seconds at most, whatever the number of calls", async () => {
    await using stack = await startDataCenterStack({ world });
    await stack.forgetCalls();
    await stack.query(
      "{ groups { nodes { name members { totalCount } } } spaces { nodes { grants { totalCount } } } }",
    );
    expect(stack.countCalls("GET", /user\/current$/)).toBe(0);
    stack.clock.shift(11_000);
    await stack.query("{ groups { nodes { name members { totalCount } } } }", {}, fresh);
    expect(stack.countCalls("GET", /user\/current$/)).toBe(1);
    expect(stack.countCalls("GET", new RegExp(`group/${dcGroups.a}/member$`))).toBe(2);
  });
});

describe("an address where nobody says who we are", () => {
  it("tells nothing of the account that was asked for", async () => {
    await using stack = await startDataCenterStack({ world });
    stack.clock.shift(11_000);
    await stack.fail({ match: "GET /rest/api/user/current", times: "always", status: 404 });
    const { data, errors } = await stack.query(
      "query ($accountId: ID!) { account(accountId: $accountId) { displayName } }",
      { accountId: dcUsers.ben },
      fresh,
    );
    expect(data.account?.displayName ?? null).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe("UPSTREAM_MISCONFIGURED");
  });
});
