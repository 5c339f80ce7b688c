import { describe, expect, it } from "vitest";
import { smallDataCenterWorld } from "../../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../../support/startDataCenterStack.js";
import { startProvisioning } from "../../support/startProvisioning.js";
import { startSites } from "../../support/startSites.js";
import { cloudWorld, human, permission, space } from "../../support/worlds.js";

const id = (number: number) => human(number).accountId;
const productRoles = ["atlassian/user"];
const long = "2020-01-01";
const administers = (type: "user" | "group", holder: string) => [
  permission(type, holder),
  permission(type, holder, "administer/space"),
];
const accounts = [
  { ...human(1), productRoles, lastActive: long },
  { ...human(2), productRoles, lastActive: "2100-01-01" },
  { ...human(3), productRoles, lastActive: long },
  // Reads alone.
  { ...human(4), productRoles, lastActive: long },
  { ...human(5), productRoles, lastActive: long, accountStatus: "closed" },
];
const worldOf = (people: readonly object[]) =>
  cloudWorld({
    accounts: people,
    groups: [{ id: "g-keepers", name: "keepers", members: [id(2), id(3)] }],
    spaces: [
      space(1, {
        permissions: [...administers("user", id(1)), ...administers("user", id(5)), permission("user", id(4))],
      }),
      space(2, { permissions: administers("group", "g-keepers") }),
    ],
  });
const world = worldOf(accounts);

const document = `query ($kinds: [FindingKind!]) { site { findings(kinds: $kinds) {
  unknownKinds completeness { isComplete gaps { missing code } } nodes { kind sentence }
} } }`;
const dormant = { kinds: ["DORMANT_ADMINISTRATOR"] };
const lastActiveDates = /last-active-dates$/;

/** The same, of an organization whose search says nothing of when its people were active. */
const untold = worldOf(accounts.map(leavingOut));
function leavingOut(account: object): object {
  return { ...account, untold: ["productAccess"] };
}

async function open(of: unknown) {
  const stack = await startSites([{ id: "a", world: of, credential: "api-token", hasOrganization: true }]);
  const calls = (path: RegExp) =>
    stack
      .sandboxOf("a")
      .journal()
      .filter((each) => path.test(each.path)).length;
  return {
    ...stack,
    activityCalls: () => calls(lastActiveDates),
    searches: () => calls(/users\/search$/),
    ask: async (variables: object) => {
      const { data, errors } = await stack.query(document, { ...variables });
      expect(errors).toBeUndefined();
      return data.site.findings;
    },
  };
}

const away = [
  "Human 1 administers 1 space and was not active for over 90 days.",
  "Human 3 administers 1 space and was not active for over 90 days.",
];
const sentences = (nodes: { sentence: string }[]) => nodes.map(({ sentence }) => sentence);

describe("administrators who were long away", () => {
  it("are found on Cloud by what the organization's search says, which the crawl reads anyway: no call more", async () => {
    await using stack = await open(world);
    await stack.ask({ kinds: ["GUEST_CAN_WRITE"] });
    const before = stack.searches();
    const { nodes, ...rest } = await stack.ask(dormant);
    expect(sentences(nodes)).toEqual(away);
    expect(rest).toEqual({ unknownKinds: [], completeness: { isComplete: true, gaps: [] } });
    expect([stack.activityCalls(), stack.searches() - before]).toEqual([0, 0]);
  });

  it("are asked about by a call each where the search leaves it out, and not again", async () => {
    await using stack = await open(untold);
    const { nodes, ...rest } = await stack.ask(dormant);
    expect(sentences(nodes)).toEqual(away);
    expect(rest).toEqual({ unknownKinds: [], completeness: { isComplete: true, gaps: [] } });
    expect(stack.activityCalls()).toBe(3);
    expect((await stack.ask(dormant)).nodes).toHaveLength(2);
    // Nor does it take a call of those who ask about some of them afterwards.
    const { data } = await stack.query(`{ account(accountId: "${id(1)}") { lastActiveAt } }`);
    expect(data.account).toEqual({ lastActiveAt: `${long}T00:00:00.000Z` });
    expect(stack.activityCalls()).toBe(3);
  });

  it("are asked about thirty a minute, so that those are answered who ask about some; the others are a gap", async () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      leavingOut({ ...human(at + 1), productRoles, lastActive: long }),
    );
    await using stack = await open(
      cloudWorld({
        accounts: [...many, leavingOut({ ...human(99), productRoles, lastActive: long })],
        spaces: [space(1, { permissions: many.flatMap((_, at) => administers("user", id(at + 1))) })],
      }),
    );
    const first = await stack.ask(dormant);
    expect([first.nodes.length, stack.activityCalls()]).toEqual([30, 30]);
    expect(first.completeness).toMatchObject({
      isComplete: false,
      gaps: [{ missing: "when 10 more administrators were last active" }],
    });
    const second = await stack.ask(dormant);
    expect([second.nodes.length, second.completeness.isComplete, stack.activityCalls()]).toEqual([30, false, 30]);
    const { data } = await stack.query(`{ account(accountId: "${id(99)}") { lastActiveAt } }`);
    expect([data.account.lastActiveAt, stack.activityCalls()]).toEqual([`${long}T00:00:00.000Z`, 31]);
    stack.clock.shift(60_001);
    const third = await stack.ask(dormant);
    expect([third.nodes.length, third.completeness.isComplete, stack.activityCalls()]).toEqual([40, true, 41]);
  });

  it("leave the organization's other calls alone when it has had enough of being asked when people were active", async () => {
    await using stack = await open(untold);
    await stack.fail("a", {
      match: "GET /admin/v1/orgs/*/directory/users/*/last-active-dates",
      times: -1,
      status: 429,
      headers: { "Retry-After": "55" },
    });
    const asked = await stack.query(document, dormant);
    expect(asked.data.site.findings).toMatchObject({
      nodes: null,
      completeness: { gaps: [{ missing: "when 3 more administrators were last active" }] },
    });
    expect(asked.errors?.[0]?.extensions).toMatchObject({ code: "INCOMPLETE", retryAfterMs: 55_000 });
    const { data, errors } = await stack.query(
      `{ identity(email: "human-1@acme.example") { accounts { nodes { accountId } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.identity.accounts.nodes).not.toBeNull();
  });

  it("are not all known where one could not be asked about", async () => {
    await using stack = await open(untold);
    await stack.fail("a", {
      match: `GET /admin/v1/orgs/*/directory/users/${id(1)}/last-active-dates`,
      times: 9,
      status: 403,
    });
    const { nodes, completeness } = await stack.ask(dormant);
    expect(sentences(nodes)).toEqual([away[1]]);
    expect(completeness).toMatchObject({
      isComplete: false,
      gaps: [{ missing: `when account ${id(1)} was last active`, code: "UPSTREAM_FORBIDDEN" }],
    });
  });

  it.each<[string, () => ReturnType<typeof startProvisioning> | ReturnType<typeof startDataCenterStack>, string]>([
    ["Cloud without an organization", () => startProvisioning(world), "No organization is configured"],
    [
      "a Data Center that does not tell it",
      () => startDataCenterStack({ world: smallDataCenterWorld("9.3.0") }),
      "needs Confluence Data Center 10.2",
    ],
  ])("are an unknown kind on %s, and a gap where they alone are asked for", async (_site, start, reason) => {
    await using stack = await start();
    const all = await stack.query(document);
    expect(all.errors).toBeUndefined();
    const unread = ({ missing }: { missing: string }) => missing === "when accounts were last active";
    const { unknownKinds, completeness } = all.data.site.findings;
    expect([unknownKinds, completeness.gaps.filter(unread)]).toEqual([["DORMANT_ADMINISTRATOR"], []]);
    const { data, errors } = await stack.query(document, dormant);
    expect(data.site.findings).toMatchObject({ nodes: null, unknownKinds: ["DORMANT_ADMINISTRATOR"] });
    expect(data.site.findings.completeness.gaps.filter(unread)).toMatchObject([{ code: "UNSUPPORTED" }]);
    expect(errors?.[0]?.message).toContain(reason);
  });
});
