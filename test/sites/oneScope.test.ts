import { describe, expect, it } from "vitest";
import { startSites } from "../support/startSites.js";
import { cloudWorld, human } from "../support/worlds.js";

const guest = { ...human(2), isExternalCollaborator: true };
const people = [human(1), guest, human(3)];
const groups = Array.from({ length: 43 }, (_, index) => ({
  id: `g-${String(index + 1).padStart(2, "0")}`,
  name: `Group ${index + 1}`,
  members: people.map(({ accountId }) => accountId),
}));

function startSite(scopes: readonly string[], hiddenEmails: readonly string[] = []) {
  return startSites([
    {
      id: "a",
      world: cloudWorld({ cloudId: "cloud-1", accounts: people, groups }),
      credential: "service-account-token",
      sandbox: { scopes: { serviceAccountToken: scopes }, hiddenEmails },
    },
  ]);
}

const members =
  "{ groups { nodes { members { nodes { accountId displayName email kind } completeness { isComplete } } } } }";

describe("a service account with the one scope read:confluence-groups", () => {
  it("reads groups, members, and what the member lists tell of people: names, kinds and addresses", async () => {
    await using stack = await startSite(["read:confluence-groups"], [human(3).accountId]);
    await expect.poll(async () => (await stack.readiness()).sites).toMatchObject([{ isReady: true }]);
    const ask = async () => {
      const { data } = await stack.query(members);
      expect(data.groups.nodes).toHaveLength(43);
      for (const group of data.groups.nodes) {
        expect(group.members).toEqual({
          nodes: [
            { accountId: human(1).accountId, displayName: "Human 1", email: "human-1@example.com", kind: "HUMAN" },
            { accountId: human(2).accountId, displayName: "Human 2", email: "human-2@example.com", kind: "GUEST" },
            { accountId: human(3).accountId, displayName: "Human 3", email: null, kind: "HUMAN" },
          ],
          completeness: { isComplete: true },
        });
      }
    };
    await ask();
    await ask();
  });

  it("knows no status, which member lists do not tell, and names the scope that would", async () => {
    await using stack = await startSite(["read:confluence-groups"]);
    const { data, errors } = await stack.query(
      '{ group(groupId: "g-01") { members(first: 1) { nodes { status statusAsReported personalSpace { key } } } } }',
    );
    expect(data.group.members.nodes).toEqual([{ status: "UNKNOWN", statusAsReported: null, personalSpace: null }]);
    const refused = errors?.filter(({ extensions }) => extensions.code === "UPSTREAM_AUTH") ?? [];
    expect(refused.map(({ path }) => path?.at(-1))).toEqual(
      expect.arrayContaining(["statusAsReported", "personalSpace"]),
    );
    for (const { message } of refused) expect(message).toContain("read:user:confluence");
    const filtered = await stack.query(
      '{ group(groupId: "g-01") { members(filter: { statuses: [SUSPENDED] }) { nodes { accountId } completeness { isComplete } } } }',
    );
    expect(filtered.data.group.members).toEqual({ nodes: null, completeness: { isComplete: false } });
  });

  it("asks for the facts again once the scope is there, and believes no list above them", async () => {
    await using stack = await startSite(["read:confluence-groups"]);
    await stack.query(members);
    await stack.changeCredentials("a", {
      scopes: { serviceAccountToken: ["read:confluence-groups", "read:user:confluence"] },
    });
    const { data, errors } = await stack.query(
      '{ group(groupId: "g-01") { members { nodes { displayName status statusAsReported } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.group.members.nodes[0]).toEqual({
      displayName: "Human 1",
      status: "ACTIVE",
      statusAsReported: "active",
    });
  });

  it("says of a missing scope which one it is, classic and granular", async () => {
    await using stack = await startSite(["read:user:confluence"]);
    const { errors } = await stack.query("{ groups { nodes { name } } }");
    expect(errors?.[0]?.message).toContain("read:confluence-groups (classic), or read:group:confluence (granular)");
  });
});
