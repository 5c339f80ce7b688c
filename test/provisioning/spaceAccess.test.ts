import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [
    { id: "g-admins", name: "admins", members: [human(1).accountId] },
    { id: "g-scim", name: "synchronised", managedBy: "EXTERNAL", members: [human(2).accountId] },
  ],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

const ids = `{ spaces { nodes { id } } accounts { nodes { id accountId } } groups { nodes { id name } } }`;

describe("granting and revoking access to a space", () => {
  it("takes permissions in any letter case, so that what is held is not said to be absent", async () => {
    await using stack = await startProvisioning(world);
    const { data: known } = await stack.query(ids);
    const change = (name: string, operation: string, target: string) =>
      stack.query(
        `mutation ($input: ${name === "grantSpaceAccess" ? "Grant" : "Revoke"}SpaceAccessInput!) { change: ${name}(input: $input) { outcome plan userErrors { code } } }`,
        {
          input: {
            space: known.spaces.nodes[0].id,
            principal: known.accounts.nodes[1].id,
            permissions: [{ operation, target }],
          },
        },
      );
    expect((await change("grantSpaceAccess", "Read", "SPACE")).data.change.plan).toEqual(["grant read/space"]);
    expect((await change("grantSpaceAccess", "READ", "space")).data.change.outcome).toBe("ALREADY_EXISTS");
    expect((await change("revokeSpaceAccess", "READ", "Space")).data.change.outcome).toBe("REMOVED");
  });

  it("grants read first, reads back, answers ALREADY_EXISTS the second time, and writes nothing then", async () => {
    await using stack = await startProvisioning(world);
    const { data: known } = await stack.query(ids);
    const spaceId = known.spaces.nodes[0].id;
    const principalId = known.accounts.nodes[1].id;
    const grant = `mutation ($spaceId: ID!, $principalId: ID!, $requestId: String = "R-1") {
      grantSpaceAccess(input: { space: $spaceId, principal: $principalId, permissions: [{ operation: "create", target: "page" }], reason: "test", requestId: $requestId }) {
        outcome plan userErrors { code field message } grants { permissions { operation target } } principal { ... on Account { displayName } } resource { ... on Space { key grants { totalCount } } }
      }
    }`;
    await stack.forgetCalls();
    const first = await stack.query(grant, { spaceId, principalId }, { "x-requested-by": "gateway" });
    expect(first.errors).toBeUndefined();
    expect(first.data.grantSpaceAccess).toMatchObject({
      outcome: "CREATED",
      plan: ["grant read/space", "grant create/page"],
      userErrors: [],
      principal: { displayName: "Human 2" },
      resource: { key: "S1", grants: { totalCount: 6 } },
    });
    expect(stack.writes()).toEqual([
      "POST /wiki/rest/api/space/S1/permission",
      "POST /wiki/rest/api/space/S1/permission",
    ]);
    expect(stack.countCalls("GET", /permissions$/)).toBe(2);

    await stack.forgetCalls();
    const next = await stack.query(`{ space(key: "S1") { grants { totalCount } } }`);
    expect(next.data.space.grants.totalCount).toBe(6);
    expect(stack.calls()).toEqual([]);

    const second = await stack.query(grant, { spaceId, principalId, requestId: "R-2" });
    expect(second.data.grantSpaceAccess).toMatchObject({ outcome: "ALREADY_EXISTS", plan: [], userErrors: [] });
    expect(stack.writes()).toEqual([]);
    const audit = await stack.audit();
    expect(audit.map(({ phase, action, outcome }) => [phase, action, outcome])).toEqual([
      ["attempt", "grantPermissions", null],
      ["result", "grantPermissions", "CREATED"],
      ["result", "grantPermissions", "ALREADY_EXISTS"],
    ]);
    expect(audit[1]).toMatchObject({ reason: "test", callerRequestId: "R-1", requestedBy: "gateway", before: [] });
  });
});
