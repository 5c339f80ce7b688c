import { describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { heldIn } from "./heldIn.js";
import { idsOf } from "./ids.js";

const held = ["read/space", "export_content/space", "create/page", "update/page"];
const world = (mode: string) =>
  cloudWorld({
    mode,
    accounts: [human(1), human(2), human(3)],
    groups: [{ id: "g-team", name: "team", members: [human(3).accountId] }],
    roles: [{ id: "reader", type: "SYSTEM", name: "Reader", description: "", spacePermissions: ["read/space"] }],
    spaces: [
      space(1, {
        permissions: [
          permission("user", human(1).accountId),
          permission("user", human(1).accountId, "administer/space"),
          ...held.map((name) => permission("user", human(3).accountId, name)),
        ],
        roleAssignments:
          mode === "PRE_ROLES"
            ? []
            : [{ principal: { principalType: "USER", principalId: human(3).accountId }, roleId: "reader" }],
      }),
    ],
  });

type Ids = ReturnType<typeof idsOf>;
const change = "outcome userErrors { code field message }";

/** Each write, the fault's address, the document, and what the sandbox holds before and after. */
const writes = [
  {
    name: "granting a permission",
    mode: "PRE_ROLES",
    match: "POST /wiki/rest/api/space/S1/permission",
    document: (ids: Ids) =>
      `mutation { it: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) { ${change} } }`,
    done: "CREATED",
  },
  {
    name: "revoking a permission",
    mode: "PRE_ROLES",
    match: "DELETE /wiki/rest/api/space/S1/permission/*",
    document: (ids: Ids) =>
      `mutation { it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(3)}", permissions: [{ operation: "create", target: "page" }] }) { ${change} } }`,
    done: "REMOVED",
  },
  {
    name: "granting a role",
    mode: "ROLES",
    match: "POST /wiki/api/v2/spaces/*/role-assignments",
    document: (ids: Ids) =>
      `mutation { it: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", role: "${ids.role("reader")}" }) { ${change} } }`,
    done: "CREATED",
  },
  {
    name: "revoking a role",
    mode: "ROLES",
    match: "POST /wiki/api/v2/spaces/*/role-assignments",
    document: (ids: Ids) =>
      `mutation { it: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(3)}", role: "${ids.role("reader")}" }) { ${change} } }`,
    done: "REMOVED",
  },
  {
    name: "adding a member",
    mode: "PRE_ROLES",
    match: "POST /wiki/rest/api/group/userByGroupId",
    document: (ids: Ids) =>
      `mutation { it: grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }) { changes { ${change} } } }`,
    done: "CREATED",
  },
  {
    name: "removing a member",
    mode: "PRE_ROLES",
    match: "DELETE /wiki/rest/api/group/userByGroupId",
    document: (ids: Ids) =>
      `mutation { it: revokeGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(3)}"] }) { changes { ${change} } } }`,
    done: "REMOVED",
  },
  {
    name: "creating a group",
    mode: "PRE_ROLES",
    match: "POST /wiki/rest/api/group",
    document: () => `mutation { it: createGroup(input: { name: "new" }) { ${change} } }`,
    done: "CREATED",
  },
  {
    name: "deleting a group",
    mode: "PRE_ROLES",
    match: "DELETE /wiki/rest/api/group/by-id",
    document: (ids: Ids) => `mutation { it: deleteGroup(input: { group: "${ids.group("g-team")}" }) { ${change} } }`,
    done: "REMOVED",
  },
] as const;

describe("a write whose answer does not come", () => {
  it.each(writes)("$name: settled by reading back and sent once when it was carried out", async (write) => {
    await using stack = await startProvisioning(world(write.mode));
    await stack.fail({ match: write.match, reset: true, after: true });
    const { data, errors } = await stack.query(write.document(idsOf(stack.siteId)));
    expect(errors).toBeUndefined();
    expect(data.it.changes?.[0] ?? data.it).toMatchObject({ outcome: write.done, userErrors: [] });
    expect(stack.writes()).toHaveLength(1);
    expect(await stack.audit()).toMatchObject([
      { phase: "attempt", outcome: null },
      { phase: "result", outcome: write.done },
    ]);
  });

  it.each(writes)("$name: not sent again when it was not carried out, and safe to repeat", async (write) => {
    await using stack = await startProvisioning(world(write.mode));
    const before = stack.sandbox.world();
    await stack.fail({ match: write.match, reset: true });
    const document = write.document(idsOf(stack.siteId));
    const { data } = await stack.query(document);
    expect(data.it.changes?.[0] ?? data.it).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "ANSWER_LOST" }] });
    expect(stack.writes()).toHaveLength(1);
    expect(stack.sandbox.world()).toEqual(before);
    const again = await stack.query(document);
    expect(again.data.it.changes?.[0] ?? again.data.it).toMatchObject({ outcome: write.done, userErrors: [] });
  });

  it("carries on with the steps that follow a write which was carried out without an answer", async () => {
    await using stack = await startProvisioning(world("PRE_ROLES"));
    const ids = idsOf(stack.siteId);
    await stack.fail({ match: "POST /wiki/rest/api/space/S1/permission", reset: true, after: true });
    const { data } = await stack.query(
      `mutation { grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "create", target: "page" }] }) { outcome } }`,
    );
    expect(data.grantSpaceAccess.outcome).toBe("CREATED");
    expect(stack.writes()).toHaveLength(2);
    expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toEqual([...held].sort());
  });

  it("claims nothing when it can be read neither before nor after", async () => {
    await using stack = await startProvisioning(world("PRE_ROLES"));
    const document = writes[0].document(idsOf(stack.siteId));
    await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/permissions", status: 403, times: 1 });
    const unread = await stack.query(document);
    expect(unread.data.it).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect(stack.writes()).toEqual([]);

    await stack.query(`{ space(key: "S1") { grants { totalCount } } }`);
    const grants = "GET /wiki/api/v2/spaces/1001/permissions";
    // What is read before the write is answered, and what is read after it is not.
    await stack.fail({ match: grants, times: 1, delayMs: 0 }, { match: grants, times: 1, status: 403 });
    const unverified = await stack.query(document);
    expect(unverified.data.it).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "STATE_UNKNOWN" }] });
    expect((await stack.audit()).at(-1)).toMatchObject({ phase: "result", outcome: "FAILED", after: null });
    expect(heldIn(stack.sandbox.world(), 1, human(2).accountId)).toContain("read/space");
  });

  it("tries again after an answer of 503 that was seen to have changed nothing, and not after a 504", async () => {
    await using stack = await startProvisioning(world("PRE_ROLES"));
    const document = writes[0].document(idsOf(stack.siteId));
    await stack.fail({ match: writes[0].match, status: 504 });
    const gaveUp = await stack.query(document);
    expect(gaveUp.data.it).toMatchObject({ outcome: "FAILED", userErrors: [{ code: "ANSWER_LOST" }] });
    expect(stack.writes()).toHaveLength(1);
    await stack.fail({ match: writes[0].match, status: 503 });
    expect((await stack.query(document)).data.it.outcome).toBe("CREATED");
    expect(stack.writes()).toHaveLength(3);
  });
});
