import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const [ada, bob, eve] = [human(1), human(2), human(3)];
/** Who the sandbox says that we are. */
const caller = { ...human(4), accountId: "712020:00000000-0000-4000-a000-5a4db0c00000" };
const roles = { productRoles: ["atlassian/user"] };
const world = cloudWorld({
  accounts: [...[ada, bob, eve].map((person) => ({ ...person, ...roles })), caller],
  groups: [
    { id: "g", name: "team", members: [ada, bob].map(({ accountId }) => accountId) },
    { id: "other", name: "other", members: [eve.accountId] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", ada.accountId),
        permission("user", ada.accountId, "administer/space"),
        permission("group", "g"),
      ],
    }),
    space(2, { permissions: [permission("user", ada.accountId), permission("user", eve.accountId)] }),
  ],
});

const grantsOfSpaces = `{ spaces { nodes { key grants {
  nodes { principal { ... on Account { accountId } ... on Group { groupId name } } } completeness { isComplete } } } } }`;

interface Holder {
  readonly accountId?: string;
  readonly groupId?: string;
  readonly name?: string | null;
}

function holdersIn(data: { spaces: { nodes: { grants: { nodes: { principal: Holder }[] } }[] } }): Holder[] {
  return data.spaces.nodes.flatMap(({ grants }) => grants.nodes.map(({ principal }) => principal));
}

describe("the grants of a group that was deleted, which no document says to go or to stay", () => {
  it.each([true, false])("are what Confluence shows afterwards, gone with it: %s", async (deletedGroupsLoseGrants) => {
    await using stack = await startProvisioning({ cloud: { ...world.cloud, deletedGroupsLoseGrants } });
    const before = holdersIn((await stack.query(grantsOfSpaces)).data);
    expect(before).toContainEqual({ groupId: "g", name: "team" });
    await stack.forgetCalls();
    const group = idsOf(stack.siteId).group("g");
    const { data } = await stack.query(
      `mutation { deleteGroup(input: { group: "${group}", acknowledgeOrganizationWide: true }) { outcome userErrors { code message } } }`,
    );
    expect(data.deleteGroup).toEqual({ outcome: "REMOVED", userErrors: [] });
    const after = holdersIn((await stack.query(grantsOfSpaces)).data).filter(({ groupId }) => groupId === "g");
    expect(after).toEqual(deletedGroupsLoseGrants ? [] : [{ groupId: "g", name: null }]);
    // The space that named the group, and no other.
    const asked = stack.calls().filter((call) => /spaces\/\d+\/permissions/.test(call));
    expect(new Set(asked.map((call) => /spaces\/(\d+)/.exec(call)?.[1]))).toEqual(new Set(["1001"]));
  });
});

/** Two sites of one organization: what is changed by one is read again on the other. */
async function startSiblings() {
  const spec = { world, credential: "api-token", hasOrganization: true, hasScim: false } as const;
  const stack = await startSites(
    [
      { ...spec, id: "a", entry: { provisioning: true } },
      { ...spec, id: "b" },
    ],
    { AUDIT_LOG: "/dev/null" },
  );
  const everything = (site: string) =>
    `{ groups(siteId: "${site}") { nodes { name members { nodes { accountId isLicensed status groups { nodes { groupId } } } } } } }`;
  expect((await stack.query(everything("b"))).errors).toBeUndefined();
  await stack.query(everything("b"));
  await stack.forgetCalls("b");
  await stack.query(everything("b"));
  expect(stack.sandboxOf("b").journal()).toEqual([]);
  return {
    ...stack,
    change: async (mutation: string) => {
      const { data, errors } = await stack.query(`mutation { it: ${mutation} }`);
      expect(errors).toBeUndefined();
      return data.it as { outcome?: string; changes?: { outcome: string }[] };
    },
    /** What the other site is asked again for. */
    askedAgain: async () => {
      await stack.query(everything("b"));
      const kinds = stack
        .sandboxOf("b")
        .journal()
        .map(({ path }) => (path.split("?")[0] ?? "").replace(/orgs\/[^/]+/, "orgs"));
      await stack.forgetCalls("b");
      return [...new Set(kinds)].sort();
    },
  };
}

const facts = ["/admin/v2/orgs/directories/-/users/search", "/wiki/api/v2/users-bulk"];
const membersOf = (id: string) => `/wiki/rest/api/group/${id}/membersByGroupId`;

describe("a change made by one site of an organization", () => {
  it("of a membership: the other site reads that group and that account again", async () => {
    await using stack = await startSiblings();
    const ids = idsOf("a");
    const done = await stack.change(
      `revokeGroupMembership(input: { group: "${ids.group("g")}", accounts: ["${ids.account(2)}"] }) { changes { outcome } }`,
    );
    expect(done.changes).toEqual([{ outcome: "REMOVED" }]);
    const asked = await stack.askedAgain();
    expect(asked).toEqual(expect.arrayContaining([membersOf("g"), ...facts]));
    expect(asked).not.toContain(membersOf("other"));
  });

  it("of a suspension: the other site reads every list of members again, for that leaves people out", async () => {
    await using stack = await startSiblings();
    const done = await stack.change(
      `suspendAccount(input: { account: "${idsOf("a").account(2)}", acknowledgeOrganizationWide: true }) { outcome }`,
    );
    expect(done.outcome).toBe("REPLACED");
    expect(await stack.askedAgain()).toEqual(expect.arrayContaining([membersOf("g"), membersOf("other"), ...facts]));
  });

  it("of a space: the other site reads nothing again", async () => {
    await using stack = await startSiblings();
    const ids = idsOf("a");
    const done = await stack.change(
      `revokeSpaceAccess(input: { space: "${ids.space(2)}", principal: "${ids.account(3)}", permissions: [{ operation: "read", target: "space" }] }) { outcome }`,
    );
    expect(done.outcome).toBe("REMOVED");
    expect(await stack.askedAgain()).toEqual([]);
  });
});
