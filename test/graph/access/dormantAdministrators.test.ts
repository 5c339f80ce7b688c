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
const world = cloudWorld({
  accounts: [
    { ...human(1), productRoles, lastActive: long },
    { ...human(2), productRoles, lastActive: "2100-01-01" },
    { ...human(3), productRoles, lastActive: long },
    // Reads alone.
    { ...human(4), productRoles, lastActive: long },
    { ...human(5), productRoles, lastActive: long, accountStatus: "closed" },
  ],
  groups: [{ id: "g-keepers", name: "keepers", members: [id(2), id(3)] }],
  spaces: [
    space(1, {
      permissions: [...administers("user", id(1)), ...administers("user", id(5)), permission("user", id(4))],
    }),
    space(2, { permissions: administers("group", "g-keepers") }),
  ],
});

const document = `query ($kinds: [FindingKind!]) { site { findings(kinds: $kinds) {
  unknownKinds completeness { isComplete gaps { missing code } } nodes { kind sentence }
} } }`;
const dormant = { kinds: ["DORMANT_ADMINISTRATOR"] };
const openSite = () => startSites([{ id: "a", world, credential: "api-token", hasOrganization: true }]);
const lastActiveDates = /last-active-dates$/;

describe("administrators who were long away", () => {
  it("are found on Cloud by the organization: a call for each who administers, and none when asked again", async () => {
    await using stack = await openSite();
    const ask = async (variables: object) => {
      const { data, errors } = await stack.query(document, { ...variables });
      expect(errors).toBeUndefined();
      return data.site.findings;
    };
    const { nodes, ...rest } = await ask(dormant);
    expect(nodes.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      "Human 1 administers 1 space and was not active for over 90 days.",
      "Human 3 administers 1 space and was not active for over 90 days.",
    ]);
    expect(rest).toEqual({ unknownKinds: [], completeness: { isComplete: true, gaps: [] } });
    const calls = () =>
      stack
        .sandboxOf("a")
        .journal()
        .filter(({ path }) => lastActiveDates.test(path)).length;
    expect(calls()).toBe(3);
    expect((await ask(dormant)).nodes).toHaveLength(2);
    expect(calls()).toBe(3);
  });

  it("are not all known where one could not be asked about", async () => {
    await using stack = await openSite();
    await stack.fail("a", {
      match: `GET /admin/v1/orgs/*/directory/users/${id(1)}/last-active-dates`,
      times: 9,
      status: 403,
    });
    const { data } = await stack.query(document, dormant);
    expect(data.site.findings).toMatchObject({
      nodes: [{ sentence: "Human 3 administers 1 space and was not active for over 90 days." }],
      completeness: {
        isComplete: false,
        gaps: [{ missing: `when account ${id(1)} was last active`, code: "UPSTREAM_FORBIDDEN" }],
      },
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
