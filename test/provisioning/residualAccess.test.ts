import { expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1), human(2)],
  groups: [
    { id: "g-readers", name: "readers", members: [human(2).accountId] },
    { id: "g-other", name: "other", members: [human(1).accountId] },
  ],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("user", human(2).accountId),
        permission("user", human(2).accountId, "create/page"),
        permission("group", "g-readers"),
      ],
    }),
  ],
});

const revoke = `mutation ($spaceId: ID!, $principalId: ID!) {
  revokeSpaceAccess(input: { space: $spaceId, principal: $principalId, permissions: [{ operation: "read", target: "space" }] }) {
    outcome plan userErrors { code }
    residualAccess {
      permissions { permission { operation target } decision explanation paths { grants { entitlement { __typename } principal { __typename ... on Group { name } } } } }
      completeness { isComplete gaps { missing } }
    }
  }
}`;

it("tells after a revocation what the account can still do there, and through which grants", async () => {
  await using stack = await startProvisioning(world);
  const { data } = await stack.query("{ spaces { nodes { id } } accounts { nodes { id } } }");
  const answer = await stack.query(revoke, {
    spaceId: data.spaces.nodes[0].id,
    principalId: data.accounts.nodes[1].id,
  });
  expect(answer.errors).toBeUndefined();
  expect(answer.data.revokeSpaceAccess).toMatchObject({
    outcome: "REMOVED",
    residualAccess: {
      completeness: { isComplete: true, gaps: [] },
      permissions: [
        {
          permission: { operation: "read", target: "space" },
          decision: "ALLOWED",
          explanation: expect.stringContaining("through membership of readers"),
          paths: [
            {
              grants: [
                { entitlement: { __typename: "GroupMembership" }, principal: { __typename: "Account" } },
                { entitlement: { __typename: "SpacePermission" }, principal: { __typename: "Group", name: "readers" } },
              ],
            },
          ],
        },
      ],
    },
  });
});

it("does not say that the access ended when the account's groups cannot be read", async () => {
  await using stack = await startProvisioning(world);
  const { data } = await stack.query("{ spaces { nodes { id } } accounts { nodes { id } } }", {}, {});
  stack.clock.shift(200_000);
  await stack.fail({ match: "GET /wiki/rest/api/user/memberof", times: -1, status: 403 });
  const answer = await stack.query(revoke, {
    spaceId: data.spaces.nodes[0].id,
    principalId: data.accounts.nodes[1].id,
  });
  const { residualAccess } = answer.data.revokeSpaceAccess;
  expect(residualAccess.completeness.isComplete).toBe(false);
  expect(residualAccess.permissions).toMatchObject([{ permission: { operation: "read" }, decision: "UNKNOWN" }]);
});
