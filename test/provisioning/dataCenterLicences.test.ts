import { describe, expect, it } from "vitest";
import { dcGroups, dcUsers, smallDataCenterWorld } from "../support/dataCenterWorlds.js";
import { type DataCenterStack, startDataCenterStack } from "../support/startDataCenterStack.js";
import { dataCenterIds } from "./dataCenterIds.js";

const start = (version = "10.2.0") => startDataCenterStack({ world: smallDataCenterWorld(version) });

const changed = "changes { outcome principal { ... on Account { isLicensed } } }";

function membership(stack: DataCenterStack, kind: "grant" | "revoke", userKey: string): string {
  const ids = dataCenterIds(stack.siteId);
  return `${kind}GroupMembership(input: { group: "${ids.group(dcGroups.users)}", accounts: ["${ids.account(userKey)}"] }) { ${changed} }`;
}

async function licences(stack: DataCenterStack): Promise<Record<string, boolean>> {
  const names = ["ben", "cara", "kim"];
  const { data } = await stack.query(
    `{ ${names.map((name) => `${name}: account(username: "${name}") { isLicensed }`).join(" ")} }`,
  );
  return Object.fromEntries(names.map((name) => [name, data[name].isLicensed]));
}

/** The same world, where `a` gives the licence to its members and to those of the groups in it. */
const licensedByA = () => {
  const { dataCenter } = smallDataCenterWorld("10.2.0");
  return smallDataCenterWorld("10.2.0", {
    globalPermissions: [
      ...dataCenter.globalPermissions.filter(
        ({ subject }) => subject.type !== "group" || subject.name !== dcGroups.users,
      ),
      { subject: { type: "group", name: dcGroups.a }, operation: { operationKey: "use", targetType: "application" } },
    ],
  });
};

describe("who is licensed on Data Center", () => {
  it.each(["9.3.0", "10.2.0"])("on %s is seen at once after a membership came or went", async (version) => {
    await using stack = await start(version);
    expect(await licences(stack)).toEqual({ ben: true, cara: true, kim: false });
    const { data, errors } = await stack.query(
      `mutation { given: ${membership(stack, "grant", dcUsers.kim)} taken: ${membership(stack, "revoke", dcUsers.ben)} }`,
    );
    expect(errors).toBeUndefined();
    expect(data.given.changes).toEqual([{ outcome: "CREATED", principal: { isLicensed: true } }]);
    expect(data.taken.changes).toEqual([{ outcome: "REMOVED", principal: { isLicensed: false } }]);
    expect(await licences(stack)).toEqual({ ben: false, cara: true, kim: true });
  });

  it("is read once more in a document that read it before its last change", async () => {
    await using stack = await start();
    const { data } = await stack.query(
      `mutation { a: ${membership(stack, "grant", dcUsers.kim)} b: ${membership(stack, "revoke", dcUsers.kim)} c: ${membership(stack, "grant", dcUsers.kim)} }`,
    );
    const seen = [data.a, data.b, data.c].map(({ changes }) => changes[0].principal.isLicensed);
    expect(seen).toEqual([true, false, true]);
  });

  it("is seen at once after the group that gave it is deleted, below that group too", async () => {
    await using stack = await startDataCenterStack({ world: licensedByA() });
    expect(await licences(stack)).toEqual({ ben: true, cara: true, kim: false });
    const id = dataCenterIds(stack.siteId).group(dcGroups.a);
    const { data } = await stack.query(`mutation { it: deleteGroup(input: { group: "${id}" }) { outcome } }`);
    expect(data.it.outcome).toBe("REMOVED");
    expect(await licences(stack)).toEqual({ ben: false, cara: false, kim: false });
  });

  it("is seen at once after provisioning put somebody who was there already into a group", async () => {
    await using stack = await start();
    expect(await licences(stack)).toMatchObject({ kim: false });
    const groupId = dataCenterIds(stack.siteId).group(dcGroups.users);
    const { data } = await stack.query(
      `mutation { it: provisionAccount(input: { email: "kim@example.com", username: "kim", groups: ["${groupId}"] }) { outcome account { isLicensed } changes { outcome } } }`,
    );
    expect(data.it).toEqual({
      outcome: "ALREADY_EXISTS",
      account: { isLicensed: true },
      changes: [{ outcome: "CREATED" }],
    });
    expect(await licences(stack)).toMatchObject({ kim: true });
  });

  it("comes with what else a membership changes of the account's own facts", async () => {
    await using stack = await start();
    const look = `{ account(username: "gus") { status isLicensed } accounts(filter: { text: "Gus" }) { nodes { isLicensed } } }`;
    expect((await stack.query(look)).data.account).toEqual({ status: "ACTIVE", isLicensed: false });
    await stack.forgetCalls();
    await stack.query(`mutation { ${membership(stack, "grant", dcUsers.gus)} }`);
    await stack.query(look);
    expect(stack.calls().filter((call) => call.includes("username=gus"))).toHaveLength(1);
  });
});
