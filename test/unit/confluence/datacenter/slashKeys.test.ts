import { describe, expect, it } from "vitest";
import type { DataCenterOptions } from "../../../../sandbox/src/datacenter/options.js";
import type { GroupId, SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import { dcGroups, dcUsers, granted, smallDataCenterWorld } from "../../../support/dataCenterWorlds.js";
import { errorOf, known, openSite } from "./openSite.js";

const jo = { spaceId: "131090" as SpaceId, key: "~jo/ops" as SpaceKey };
const read = { key: "read", target: "space" };
const rpc = "POST /rpc/json-rpc/confluenceservice-v2";
const toGroup = (name: string) => ({ kind: "group", groupId: name as GroupId }) as const;

async function open(version: string, behaviour: DataCenterOptions = {}) {
  const { dataCenter } = smallDataCenterWorld(version);
  const personal = {
    ...{
      id: 131_090,
      key: jo.key,
      name: "Jo Jansen",
      type: "personal" as const,
      status: "current" as const,
      creator: dcUsers.jo,
    },
    permissions: [
      ...granted({ type: "user", userKey: dcUsers.jo }, "read/space", "administer/space"),
      ...granted({ type: "group", name: dcGroups.users }, "read/space"),
    ],
  } as const;
  const opened = await openSite({
    version,
    behaviour,
    world: smallDataCenterWorld(version, { spaces: [...dataCenter.spaces, personal] }),
  });
  await opened.site.spaces.list("CURRENT");
  await opened.forgetCalls();
  return opened;
}

describe.each(["8.6.0", "9.2.0", "10.2.0"])("a personal space of %s whose key holds a slash", (version) => {
  it("tells what it grants by JSON-RPC, which takes any key", async () => {
    const { site, calls } = await open(version);
    const { items, gaps } = known(await site.spaces.grantsOf([jo.spaceId], "PRE_ROLES"), jo.spaceId);
    expect(gaps).toEqual([]);
    expect(items.map((grant) => grant.principal)).toEqual([
      { kind: "account", accountId: dcUsers.jo },
      { kind: "group", groupId: dcGroups.users },
      { kind: "account", accountId: dcUsers.jo },
    ]);
    expect(calls().filter((call) => call.includes("~jo/ops/permissions"))).toEqual([]);
  });

  it("is granted and revoked by JSON-RPC too", async () => {
    const { site, calls } = await open(version);
    const group = toGroup(dcGroups.empty);
    const groups = async () =>
      known(await site.spaces.grantsOf([jo.spaceId], "PRE_ROLES"), jo.spaceId).items.flatMap(({ principal }) =>
        principal.kind === "group" ? [principal.groupId] : [],
      );
    expect(await site.writer.objectionTo?.(group, jo)).toBeNull();
    await site.writer.addPermission(jo, group, read);
    expect(await groups()).toEqual([dcGroups.users, dcGroups.empty]);
    await site.writer.removePermission(jo, { principal: group, permissionId: "", operation: read });
    expect(await groups()).toEqual([dcGroups.users]);
    expect(calls().filter((call) => call.startsWith("PUT "))).toEqual([]);
    expect(calls()).toContain(`${rpc}/addPermissionsToSpace`);
  });

  it("cannot be changed for a group that is called like a user: that is said before anything is sent", async () => {
    const { site } = await open(version);
    expect(await site.writer.objectionTo?.(toGroup(dcGroups.support), jo)).toContain('A user is called "support"');
    expect(await errorOf(site.writer.addPermission(jo, toGroup(dcGroups.support), read))).toMatchObject({
      kind: "Unsupported",
    });
  });

  it("says why it cannot be read or changed where JSON-RPC is switched off", async () => {
    const { site } = await open(version, { rpcDisabled: true });
    const outcome = (await site.spaces.grantsOf([jo.spaceId], "PRE_ROLES")).get(jo.spaceId);
    expect(outcome).toMatchObject({ kind: "Unsupported" });
    const why = [String(outcome), (await errorOf(site.writer.addPermission(jo, toGroup("a"), read))).message];
    for (const text of [...why, await site.writer.objectionTo?.(toGroup("a"), jo)]) {
      expect(text).toContain('The space key "~jo/ops" holds a "/"');
      expect(text).toMatch(/JSON-RPC API (is switched off|does not answer)/);
    }
  });
});
