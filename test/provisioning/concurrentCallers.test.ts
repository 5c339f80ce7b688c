import { describe, expect, it } from "vitest";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { sendQuery } from "../support/sendQuery.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [human(1), human(2)],
  groups: [{ id: "g-team", name: "team", members: [] }],
  roles: [{ id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

type Ids = ReturnType<typeof idsOf>;
const things = [
  {
    name: "a permission",
    grant: (ids: Ids) =>
      `it: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) { outcome userErrors { code } }`,
    revoke: (ids: Ids) =>
      `it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) { outcome userErrors { code } }`,
    /** Confluence says no to whoever comes second. */
    isExclusive: true,
  },
  {
    name: "a role",
    grant: (ids: Ids) =>
      `it: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", role: "${ids.role("reader")}" }) { outcome userErrors { code } }`,
    revoke: (ids: Ids) =>
      `it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", role: "${ids.role("reader")}" }) { outcome userErrors { code } }`,
    isExclusive: false,
  },
  {
    name: "a membership",
    grant: (ids: Ids) =>
      `it: grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }) { changes { outcome userErrors { code } } }`,
    revoke: (ids: Ids) =>
      `it: revokeGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }) { changes { outcome userErrors { code } } }`,
    isExclusive: false,
  },
] as const;

interface Ending {
  readonly outcome: string;
  readonly userErrors: readonly { readonly code: string }[];
}

/** Another server over the same site, as a second process would be: it shares neither cache nor lock. */
async function startSecond({ sandbox, auditPath }: Awaited<ReturnType<typeof startProvisioning>>) {
  const config = readConfig({
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    PORT: "0",
    PROVISIONING: "on",
    AUDIT_LOG: auditPath,
  });
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  return compose({ config, sites: config.sites, logger });
}

function isThere(stack: Awaited<ReturnType<typeof startProvisioning>>): boolean {
  const found = stack.sandbox.world();
  return heldIn(found, 1, human(2).accountId).length > 0 || (found.cloud?.groups[0]?.members.length ?? 0) > 0;
}

/** How many writes of permissions the site carried out. */
function accepted({ sandbox }: Awaited<ReturnType<typeof startProvisioning>>, asked: string): number {
  const written = sandbox.journal().filter(({ method, path }) => method === asked && /\/permission(\/|$)/.test(path));
  return written.filter(({ status }) => status !== null && status < 300).length;
}

const count = (endings: readonly Ending[], outcome: string) =>
  endings.filter((ending) => ending.outcome === outcome).length;

describe("ten callers who grant and revoke the same thing at once", () => {
  it.each(things)("in one process: $name comes and goes in some order that every answer fits", async (thing) => {
    await using stack = await startProvisioning(world, {}, { latencyMs: 3 });
    const ids = idsOf(stack.siteId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        stack.query(`mutation { ${index % 2 === 0 ? thing.grant(ids) : thing.revoke(ids)} }`),
      ),
    );
    const endings = answers.map(({ data }): Ending => data.it.changes?.[0] ?? data.it);
    expect(endings.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    expect(count(endings, "CREATED") - count(endings, "REMOVED")).toBe(isThere(stack) ? 1 : 0);
    expect(count(endings, "CREATED") + count(endings, "ALREADY_EXISTS")).toBe(5);
    expect(count(endings, "REMOVED") + count(endings, "NOT_PRESENT")).toBe(5);
  });

  it.each(things)("in two processes: $name ends as the answers say, and nothing else goes wrong", async (thing) => {
    await using stack = await startProvisioning(world, {}, { latencyMs: 3 });
    const ids = idsOf(stack.siteId);
    const second = await startSecond(stack);
    try {
      const urls = [stack.server.graphqlUrl, second.graphqlUrl];
      for (let round = 0; round < 2; round += 1) {
        await stack.forgetCalls();
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            sendQuery(urls[index % 2] ?? "", `mutation { ${index % 4 < 2 ? thing.grant(ids) : thing.revoke(ids)} }`),
          ),
        );
        const endings = answers.map(({ data }): Ending => data.it.changes?.[0] ?? data.it);
        const allowed = ["CREATED", "ALREADY_EXISTS", "REMOVED", "NOT_PRESENT", "FAILED"];
        for (const { outcome, userErrors } of endings) {
          expect(allowed).toContain(outcome);
          // What the other process undid between a write, accepted or refused as there already, and its reading back is not claimed.
          const codes = userErrors.map(({ code }) => code);
          if (outcome === "FAILED") expect(["STATE_UNKNOWN", "UPSTREAM_REFUSED"]).toContain(codes.join());
          else expect(codes).toEqual([]);
        }
        if (thing.isExclusive) {
          // Nobody claims what the site did not carry out for them. It may have carried out more: whoever takes away twice what the
          // other process gives meanwhile says so once.
          expect(count(endings, "CREATED")).toBeLessThanOrEqual(accepted(stack, "POST"));
          expect(count(endings, "REMOVED")).toBeLessThanOrEqual(accepted(stack, "DELETE"));
        }
        // Whatever happened, the next one finds and leaves the truth.
        const last = await sendQuery(urls[round % 2] ?? "", `mutation { ${thing.grant(ids)} }`);
        const ending: Ending = last.data.it.changes?.[0] ?? last.data.it;
        expect(["CREATED", "ALREADY_EXISTS"]).toContain(ending.outcome);
        expect(isThere(stack)).toBe(true);
      }
    } finally {
      await second.close();
    }
  });

  it("all ten grant in two processes: exactly one CREATED, and the others find it there", async () => {
    await using stack = await startProvisioning(world, {}, { latencyMs: 3 });
    const second = await startSecond(stack);
    try {
      const [permissionThing] = things;
      const document = `mutation { ${permissionThing.grant(idsOf(stack.siteId))} }`;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          sendQuery(index % 2 === 0 ? stack.server.graphqlUrl : second.graphqlUrl, document),
        ),
      );
      const endings = answers.map(({ data }): Ending => data.it);
      expect([count(endings, "CREATED"), count(endings, "ALREADY_EXISTS")]).toEqual([1, 9]);
    } finally {
      await second.close();
    }
  });
});
