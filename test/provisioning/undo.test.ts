import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../sandbox/src/oauth/credentials.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  // The first is whose credential this service has.
  accounts: [{ ...human(1), email: defaultCredential.email }, human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [human(1).accountId] }],
  spaces: [
    space(1, {
      permissions: [
        permission("user", human(1).accountId),
        permission("user", human(1).accountId, "administer/space"),
        permission("user", human(2).accountId),
        permission("user", human(2).accountId, "export_content/space"),
      ],
    }),
  ],
});

type Stack = Awaited<ReturnType<typeof startProvisioning>>;

/** Asks for something, and names the newest change on record then. */
async function change(stack: Stack, mutation: string): Promise<{ id: string; [field: string]: unknown }> {
  const { errors } = await stack.query(`mutation { ${mutation} }`);
  expect(errors).toBeUndefined();
  return newest(stack);
}

async function newest(stack: Stack) {
  const { data } = await stack.query(
    "{ changes(first: 1) { nodes { id changeId action outcome undoes isUndoable notUndoableBecause before after } } }",
  );
  return data.changes.nodes[0];
}

async function undo(stack: Stack, id: string, more: object = {}) {
  const { data, errors } = await stack.query(
    `mutation ($input: UndoInput!) { undo(input: $input) { outcome plan userErrors { code field message } undone { id } } }`,
    { input: { change: id, reason: "taken back", ...more } },
  );
  expect(errors).toBeUndefined();
  return data.undo;
}

describe("taking a change back", () => {
  it("ends a membership that was granted, and an undo of the undo grants it again; each is recorded as what it undoes", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const members = async () => {
      const { data } = await stack.query("{ groups { nodes { members { totalCount } } } }");
      return data.groups.nodes[0].members.totalCount;
    };
    const granted = await change(
      stack,
      `grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(2)}"] }) { changes { outcome } }`,
    );
    expect(granted).toMatchObject({ isUndoable: true, notUndoableBecause: null, undoes: null });
    await stack.forgetCalls();
    expect(await undo(stack, granted.id, { dryRun: true })).toMatchObject({
      outcome: "PLANNED",
      plan: ["remove the member"],
      undone: { id: granted.id },
    });
    expect(stack.writes()).toEqual([]);
    expect(await undo(stack, granted.id)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    expect(await members()).toBe(1);
    const undone = await newest(stack);
    expect(undone).toMatchObject({ action: "revokeMembership", undoes: granted.changeId, isUndoable: true });
    // Taken back already: nothing is written.
    await stack.forgetCalls();
    expect(await undo(stack, granted.id)).toMatchObject({ outcome: "NOT_PRESENT" });
    expect(stack.writes()).toEqual([]);
    expect(await undo(stack, undone.id)).toMatchObject({ outcome: "CREATED" });
    expect(await members()).toBe(2);
  });

  it("takes back the permissions that the change itself granted, and leaves those that were there", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const held = (node: { before: string[]; after: string[] }) => node.after;
    const granted = await change(
      stack,
      `grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }, { operation: "create", target: "comment" }] }) { outcome }`,
    );
    expect(await undo(stack, granted.id)).toMatchObject({ outcome: "REMOVED" });
    expect(held(await newest(stack))).toEqual(granted.before);
    // Revoking read takes everything with it, and the undo brings everything back.
    const before = granted.before;
    const revoked = await change(
      stack,
      `revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) { outcome }`,
    );
    expect(revoked).toMatchObject({ after: [], isUndoable: true });
    expect(await undo(stack, revoked.id)).toMatchObject({ outcome: "CREATED" });
    expect(held(await newest(stack))).toEqual(before);
  });

  it("deletes a group that was created, and makes it anew when that is taken back", async () => {
    await using stack = await startProvisioning(world);
    const created = await change(stack, `createGroup(input: { name: "new" }) { outcome }`);
    expect(await undo(stack, created.id)).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    const deleted = await newest(stack);
    expect(deleted).toMatchObject({ action: "deleteGroup", undoes: created.changeId, isUndoable: true });
    expect(await undo(stack, deleted.id)).toMatchObject({ outcome: "CREATED", userErrors: [] });
    expect(await newest(stack)).toMatchObject({ action: "createGroup", undoes: deleted.changeId });
  });

  it("says of a change that changed nothing, and of an id of none, that there is nothing to take back", async () => {
    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const same = await change(
      stack,
      `grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(1)}"] }) { changes { outcome } }`,
    );
    expect(same).toMatchObject({ outcome: "ALREADY_EXISTS", isUndoable: false });
    expect(await undo(stack, same.id)).toMatchObject({ userErrors: [{ code: "UNSUPPORTED" }] });
    expect(await undo(stack, ids.account(1))).toMatchObject({
      userErrors: [{ code: "INVALID_INPUT", field: ["change"] }],
    });
  });
});
