import { describe, expect, it } from "vitest";
import { smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { startAccounts } from "../support/startAccounts.js";
import { startDataCenterStack } from "../support/startDataCenterStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";

const provision = `mutation ($input: ProvisionAccountInput!) {
  it: provisionAccount(input: $input) {
    outcome generatedPassword userErrors { code } account { id } invitation { status } changes { outcome userErrors { code } }
  }
}`;

describe("the request id of an account", () => {
  it("tells a generated password once, and takes another given one for another input", async () => {
    await using stack = await startDataCenterStack({ world: smallDataCenterWorld("10.2.0") });
    const generated = { email: "grace@example.com", displayName: "Grace", username: "grace", generatePassword: true };
    const ask = async (input: Readonly<Record<string, unknown>>) => (await stack.query(provision, { input })).data.it;
    const first = await ask({ ...generated, requestId: "one" });
    expect(first).toMatchObject({ outcome: "CREATED", generatedPassword: expect.stringMatching(/.{12}/) });
    const sent = stack.writes();
    expect(await ask({ ...generated, requestId: "one" })).toEqual({ ...first, generatedPassword: null });
    expect(stack.writes()).toEqual(sent);

    const given = { email: "ada@example.com", displayName: "Ada", username: "ada", password: "correct horse" };
    expect((await ask({ ...given, requestId: "two" })).outcome).toBe("CREATED");
    expect((await ask({ ...given, requestId: "two" })).outcome).toBe("CREATED");
    const other = await ask({ ...given, password: "wrong horse", requestId: "two" });
    expect(other.userErrors).toEqual([{ code: "REQUEST_ID_REUSED" }]);
  });

  it("follows an invitation until it is accepted, and then does what is left", async () => {
    const admin = human(1);
    const world = cloudWorld({
      accounts: [{ ...admin, managed: true }],
      spaces: [
        space(1, {
          permissions: [permission("user", admin.accountId), permission("user", admin.accountId, "administer/space")],
        }),
      ],
    });
    await using stack = await startAccounts(world, { hasScim: false });
    const access = [{ space: stack.idOf("S1"), permissions: [{ operation: "read", target: "space" }] }];
    const input = { email: "grace@example.com", access, requestId: "one" };
    const ask = async () => (await stack.query(provision, { input })).data.it;
    expect(await ask()).toMatchObject({ outcome: "CREATED", invitation: { status: "INVITED" } });
    const sent = stack.writes();
    expect(await ask()).toMatchObject({ invitation: { status: "PENDING" } });
    expect(stack.writes()).toEqual(sent);
    await stack.accept(input.email);
    const done = await ask();
    expect(done).toMatchObject({ invitation: null, changes: [{ outcome: "CREATED", userErrors: [] }] });
    expect(await ask()).toEqual(done);
  });
});
