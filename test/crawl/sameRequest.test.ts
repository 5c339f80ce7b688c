import { describe, expect, it } from "vitest";
import { idsOf } from "../provisioning/ids.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const person = (number: number) => human(number).accountId;
const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g-team", name: "team", members: [person(1)] }],
  spaces: [1, 2].map((number) =>
    space(number, {
      permissions: [
        permission("user", person(1)),
        permission("user", person(1), "administer/space"),
        permission("group", "g-team"),
      ],
    }),
  ),
});

const effective = "effectiveAccess { allowedCount unknownCount nodes { accountId } completeness { isComplete } }";
const whole = (...numbers: readonly number[]) => ({
  allowedCount: numbers.length,
  unknownCount: 0,
  nodes: numbers.map((number) => ({ accountId: person(number) })),
  completeness: { isComplete: true },
});

describe("a change, and a question to the index in the same request", () => {
  it("is answered as it is now, after each change of several, and by no more calls than the change alone takes", async () => {
    const change = (ids: ReturnType<typeof idsOf>, asked: string) => `mutation {
      grant: grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) {
        outcome resource { ... on Space { ${asked} } } }
      member: grantGroupMembership(input: { group: "${ids.group("g-team")}", accounts: ["${ids.account(3)}"] }) { changes { outcome } }
      revoke: revokeSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(2)}", permissions: [{ operation: "read", target: "space" }] }) {
        outcome resource { ... on Space { ${asked} } } }
    }`;
    await using alone = await startProvisioning(world);
    await alone.forgetCalls();
    const { errors: plain } = await alone.query(change(idsOf(alone.siteId), "key"));
    expect(plain).toBeUndefined();
    const callsAlone = alone.calls().length;

    await using stack = await startProvisioning(world);
    const ids = idsOf(stack.siteId);
    const before = await stack.query(`{ space(id: "${ids.space(1)}") { ${effective} } }`);
    expect(before.errors).toBeUndefined();
    expect(before.data.space.effectiveAccess).toEqual(whole(1));
    await stack.forgetCalls();
    const { data, errors } = await stack.query(change(ids, effective));
    expect(errors).toBeUndefined();
    expect(data.grant).toEqual({ outcome: "CREATED", resource: { effectiveAccess: whole(1, 2) } });
    expect(data.member.changes).toEqual([{ outcome: "CREATED" }]);
    expect(data.revoke).toEqual({ outcome: "REMOVED", resource: { effectiveAccess: whole(1, 3) } });
    expect(stack.countCalls("GET", /\/group$/)).toBe(0);
    expect(stack.calls().length).toBeLessThanOrEqual(callsAlone);
    await stack.forgetCalls();
    const after = await stack.query(`{ space(id: "${ids.space(2)}") { ${effective} } }`);
    expect(after.data.space.effectiveAccess).toEqual(whole(1, 3));
  });
});
