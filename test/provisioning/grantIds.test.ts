import { describe, expect, it } from "vitest";
import { dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { changeOutside } from "./changeOutside.js";
import { dataCenterIds } from "./dataCenterIds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const row = (id: string, number: number, operation: string) => ({
  id,
  ...permission("user", human(number).accountId, operation),
});
const world = cloudWorld({
  accounts: [human(1), human(2)],
  spaces: [
    space(1, {
      permissions: [
        row("100", 1, "read/space"),
        row("101", 1, "administer/space"),
        row("200", 2, "read/space"),
        row("500", 2, "delete/page"),
        row("501", 2, "delete/blogpost"),
      ],
    }),
  ],
});

const revokeGrants = `mutation ($grants: [ID!]!, $dryRun: Boolean) {
  revokeGrants(input: { grants: $grants, dryRun: $dryRun }) {
    changes {
      outcome plan userErrors { code field }
      principal { ... on Account { accountId } }
      resource { ... on Space { key } }
      residualAccess { permissions { permission { operation target } } completeness { isComplete } }
    }
    userErrors { code }
  }
}`;

async function start() {
  const stack = await startProvisioning(world);
  return { ...stack, ids: idsOf(stack.siteId), change: changeOutside(stack) };
}

describe("revoking a stored row by its id on Cloud", () => {
  it("leaves a newer row of the same permission alone, though the old one is remembered", async () => {
    await using stack = await start();
    const { ids } = stack;
    await stack.query("{ spaces { nodes { grants { nodes { id } } } } }");
    await stack.change("DELETE", "/wiki/rest/api/space/S1/permission/500");
    await stack.change("POST", "/wiki/rest/api/space/S1/permission", {
      subject: { type: "user", identifier: human(2).accountId },
      operation: { key: "delete", target: "page" },
    });
    await stack.forgetCalls();
    for (const dryRun of [true, false]) {
      const { data, errors } = await stack.query(revokeGrants, { grants: [ids.permissionRow(1, "500")], dryRun });
      expect(errors).toBeUndefined();
      expect(data.revokeGrants.changes).toEqual([
        {
          ...{ outcome: "NOT_PRESENT", plan: [], userErrors: [] },
          ...{ principal: null, resource: { key: "S1" }, residualAccess: null },
        },
      ]);
    }
    expect(stack.writes()).toEqual([]);
    expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toContain("delete/page");
  });

  it("records what is known of a row that is not there", async () => {
    await using stack = await start();
    const { ids } = stack;
    await stack.query(revokeGrants, { grants: [ids.permissionRow(1, "999")], dryRun: false });
    expect(await stack.audit()).toMatchObject([
      {
        ...{ phase: "result", action: "revokePermissions", outcome: "NOT_PRESENT" },
        subject: { spaceId: "1001", permissionId: "999" },
      },
    ]);
  });

  it("takes that row alone, says whose it was, and records it", async () => {
    await using stack = await start();
    const { ids } = stack;
    const grants = ["501", "500"].map((id) => ids.permissionRow(1, id));
    const { data, errors } = await stack.query(revokeGrants, { grants, dryRun: false });
    expect(errors).toBeUndefined();
    const change = {
      ...{ outcome: "REMOVED", userErrors: [] },
      principal: { accountId: human(2).accountId },
      residualAccess: {
        permissions: [{ permission: { operation: "read", target: "space" } }],
        completeness: { isComplete: true },
      },
    };
    expect(data.revokeGrants.changes).toMatchObject([
      { ...change, plan: ["revoke delete/blogpost (row 501)"] },
      { ...change, plan: ["revoke delete/page (row 500)"] },
    ]);
    expect(stack.writes()).toEqual([
      "DELETE /wiki/rest/api/space/S1/permission/501",
      "DELETE /wiki/rest/api/space/S1/permission/500",
    ]);
    const audit = await stack.audit();
    expect(audit.filter(({ phase }) => phase === "attempt")).toMatchObject([
      { subject: { permissionId: "501" }, undo: { principal: { accountId: human(2).accountId } } },
      { subject: { permissionId: "500" }, undo: { principal: { accountId: human(2).accountId } } },
    ]);
  });

  it("takes read/space with all that goes with it, and shows that before", async () => {
    await using stack = await start();
    const { ids } = stack;
    const grants = [ids.permissionRow(1, "200")];
    const dry = await stack.query(revokeGrants, { grants, dryRun: true });
    const run = await stack.query(revokeGrants, { grants, dryRun: false });
    const plan = [
      "revoke read/space (row 200)",
      "with it goes delete/page (row 500)",
      "with it goes delete/blogpost (row 501)",
    ];
    const [planned] = dry.data.revokeGrants.changes;
    const [removed] = run.data.revokeGrants.changes;
    expect([planned.outcome, planned.plan]).toEqual(["PLANNED", plan]);
    expect([removed.outcome, removed.plan]).toEqual(["REMOVED", plan]);
    const ended = { permissions: [], completeness: { isComplete: true } };
    expect([planned.residualAccess, removed.residualAccess]).toEqual([ended, ended]);
    expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toEqual([]);
  });
});

it("revokes on Data Center who holds what and where, also what was granted anew", async () => {
  await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
  const ids = dataCenterIds(stack.siteId);
  const page = [{ operation: "create", target: "page" }];
  const access = { space: ids.space("ENG"), principal: ids.account(dcUsers.lee), permissions: page };
  const grant = `mutation ($input: GrantSpaceAccessInput!) {
    change: grantSpaceAccess(input: $input) { outcome grants { id entitlement { ... on SpacePermission { permission { operation } } } } }
  }`;
  const { data } = await stack.query(grant, { input: access });
  const id = data.change.grants.find(
    ({ entitlement }: { entitlement: { permission: { operation: string } } }) =>
      entitlement.permission.operation === "create",
  ).id as string;
  const outcomes = async () => {
    const answer = await stack.query(revokeGrants, { grants: [id], dryRun: false });
    expect(answer.errors).toBeUndefined();
    return answer.data.revokeGrants.changes[0].outcome as string;
  };
  expect(await outcomes()).toBe("REMOVED");
  expect(await outcomes()).toBe("NOT_PRESENT");
  await stack.query(grant, { input: access });
  expect(await outcomes()).toBe("REMOVED");
});
