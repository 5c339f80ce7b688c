import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const admins = [1, 2];
const world = (mode: string) =>
  cloudWorld({
    mode,
    accounts: [human(1), human(2)],
    roles: [
      {
        id: "admin",
        type: "SYSTEM",
        name: "Admin",
        description: "",
        spacePermissions: ["read/space", "administer/space"],
      },
    ],
    spaces: [
      space(1, {
        permissions:
          mode === "ROLES"
            ? []
            : admins.flatMap((number) => [
                permission("user", human(number).accountId),
                permission("user", human(number).accountId, "administer/space"),
              ]),
        roleAssignments:
          mode === "ROLES"
            ? admins.map((number) => ({
                principal: { principalType: "USER", principalId: human(number).accountId },
                roleId: "admin",
              }))
            : [],
      }),
    ],
  });

describe("both administrators of a space taken away in one request", () => {
  it.each(["PRE_ROLES", "ROLES"])(
    "leaves one of them in mode %s, and asks Confluence for the other only",
    async (mode) => {
      await using stack = await startProvisioning(world(mode));
      const ids = idsOf(stack.siteId);
      const what =
        mode === "ROLES"
          ? { role: ids.role("admin") }
          : { permissions: [{ operation: "administer", target: "space" }] };
      const { data } = await stack.query(
        `mutation ($changes: [AccessChangeInput!]!) { applyAccessChanges(input: { changes: $changes }) { changes { outcome userErrors { code field } } } }`,
        {
          changes: admins.map((number) => ({
            revokeSpaceAccess: { space: ids.space(1), principal: ids.account(number), ...what },
          })),
        },
      );
      expect(data.applyAccessChanges.changes).toEqual([
        { outcome: "REMOVED", userErrors: [] },
        {
          outcome: "FAILED",
          userErrors: [{ code: "LAST_ADMINISTRATOR", field: ["changes", "1", "revokeSpaceAccess", "principal"] }],
        },
      ]);
      expect(stack.writes()).toHaveLength(1);
      expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toContain(
        mode === "ROLES" ? "role admin" : "administer/space",
      );
    },
  );
});
