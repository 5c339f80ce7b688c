import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startProvisioning } from "../support/startProvisioning.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { idsOf } from "./ids.js";

const world = cloudWorld({
  accounts: [human(1), human(2), human(3)],
  groups: [{ id: "g1", name: "readers", members: [] }],
  spaces: [
    space(1, {
      permissions: [permission("user", human(1).accountId), permission("user", human(1).accountId, "administer/space")],
    }),
  ],
});

describe("a request id", () => {
  let stack: Awaited<ReturnType<typeof startProvisioning>>;
  let ids: ReturnType<typeof idsOf>;
  beforeAll(async () => {
    stack = await startProvisioning(world);
    ids = idsOf(stack.siteId);
  });
  afterAll(() => stack[Symbol.asyncDispose]());
  beforeEach(() => stack.forgetCalls());

  const grant = (requestId: string, account = 2, more = "") =>
    stack.query(`mutation { grantSpaceAccess(input: { space: "${ids.space(1)}", principal: "${ids.account(account)}",
      permissions: [{ operation: "read", target: "space" }], requestId: "${requestId}" ${more} })
      { outcome plan userErrors { code field } grants { id } } }`);
  const membership = (kind: "grant" | "revoke", requestId: string, accounts: readonly number[]) =>
    stack.query(`mutation { ${kind}GroupMembership(input: { group: "${ids.group("g1")}",
      accounts: [${accounts.map((each) => `"${ids.account(each)}"`).join(", ")}], requestId: "${requestId}" })
      { changes { outcome plan userErrors { code } } userErrors { code field } } }`);

  it("answers a repeat with what the first call ended with, and writes nothing", async () => {
    const first = await grant("one");
    expect(first.data.grantSpaceAccess).toMatchObject({ outcome: "CREATED", plan: ["grant read/space"] });
    await stack.forgetCalls();
    const again = await grant("one");
    expect(again).toEqual(first);
    expect(stack.writes()).toEqual([]);
    expect((await grant("two")).data.grantSpaceAccess.outcome).toBe("ALREADY_EXISTS");
  });

  it("is refused with another input, another mutation, and when it is none", async () => {
    await grant("used");
    const refusal = [{ code: "REQUEST_ID_REUSED", field: ["requestId"] }];
    expect((await grant("used", 3)).data.grantSpaceAccess).toMatchObject({ outcome: "FAILED", userErrors: refusal });
    expect((await membership("grant", "used", [2])).data.grantGroupMembership).toEqual({
      changes: [],
      userErrors: refusal,
    });
    expect((await grant(" ")).data.grantSpaceAccess.userErrors).toEqual([
      { code: "INVALID_INPUT", field: ["requestId"] },
    ]);
    expect((await grant("x".repeat(201))).data.grantSpaceAccess.userErrors[0].code).toBe("INVALID_INPUT");
    expect(stack.writes()).toEqual([]);
  });

  it("is not used up by a dry run, nor by an input that cannot be used", async () => {
    expect((await grant("dry", 3, "dryRun: true")).data.grantSpaceAccess.outcome).toBe("PLANNED");
    const unusable = await stack.query(
      `mutation { grantSpaceAccess(input: { space: "nonsense", principal: "${ids.account(2)}", requestId: "dry",
        permissions: [{ operation: "read", target: "space" }] }) { userErrors { code } } }`,
    );
    expect(unusable.data.grantSpaceAccess.userErrors[0].code).toBe("INVALID_INPUT");
    expect((await grant("dry", 3)).data.grantSpaceAccess.outcome).toBe("CREATED");
  });

  it("is IN_PROGRESS for whoever comes with it meanwhile; one write goes out", async () => {
    await stack.fail({ match: "POST /wiki/rest/api/group/userByGroupId", delayMs: 300 });
    const endings = await Promise.all(Array.from({ length: 5 }, () => membership("grant", "at once", [1])));
    const told = endings.map(({ data: { grantGroupMembership: payload } }) =>
      payload.userErrors.length > 0 ? payload.userErrors[0].code : payload.changes[0].outcome,
    );
    expect(told.toSorted()).toEqual(["CREATED", ...Array.from({ length: 4 }, () => "IN_PROGRESS")]);
    expect(stack.writes()).toHaveLength(1);
    expect((await membership("grant", "at once", [1])).data.grantGroupMembership.changes[0].outcome).toBe("CREATED");
  });

  it("takes up what was not final of a list, and answers the rest as it ended", async () => {
    await stack.fail({ match: "POST /wiki/rest/api/group/userByGroupId", reset: true });
    const first = (await membership("grant", "list", [2, 3])).data.grantGroupMembership.changes;
    const ended = first.map(({ outcome }: { outcome: string }) => outcome).toSorted();
    expect(ended).toEqual(["CREATED", "FAILED"]);
    await stack.forgetCalls();
    const again = (await membership("grant", "list", [2, 3])).data.grantGroupMembership.changes;
    expect(again.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["CREATED", "CREATED"]);
    expect(stack.writes()).toHaveLength(1);
  });

  it("takes up an answer that was lost", async () => {
    await stack.fail({ match: "DELETE /wiki/rest/api/group/userByGroupId", reset: true });
    const first = (await membership("revoke", "lost", [1])).data.revokeGroupMembership.changes[0];
    expect(first.userErrors).toMatchObject([{ code: "ANSWER_LOST" }]);
    const again = (await membership("revoke", "lost", [1])).data.revokeGroupMembership.changes[0];
    expect(again).toMatchObject({ outcome: "REMOVED", userErrors: [] });
    const third = (await membership("revoke", "lost", [1])).data.revokeGroupMembership.changes[0];
    expect(third.outcome).toBe("REMOVED");
  });

  it("covers groups as well", async () => {
    const create = () =>
      stack.query(
        `mutation { createGroup(input: { name: "made once", requestId: "group" }) { outcome group { id } } }`,
      );
    const first = await create();
    expect(first.data.createGroup.outcome).toBe("CREATED");
    expect(await create()).toEqual(first);
  });
});
