import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KnownSpaceStatus } from "../../src/confluence/port.js";
import type { Complete } from "../../src/domain/Complete.js";
import { SiteError } from "../../src/domain/SiteError.js";
import type { SpaceGrant } from "../../src/domain/SpaceGrant.js";
import type { ExpectedGrant, ExpectedReads, SiteUnderTest } from "./SiteUnderTest.js";

const statuses: readonly KnownSpaceStatus[] = ["CURRENT", "ARCHIVED", "TRASHED"];

/** What every site must answer through the port, whatever stands behind it: the reading half of the contract. */
export function readsOf(name: string, open: () => Promise<SiteUnderTest>): void {
  describe(`the reads of ${name}`, () => {
    let opened: SiteUnderTest;
    let site: SiteUnderTest["site"];
    let expected: ExpectedReads;
    beforeAll(async () => {
      opened = await open();
      ({ site, expected } = opened);
    });
    afterAll(() => opened.close());

    it("prove the credential and say whose it is", async () => {
      const caller = await site.checkCredential();
      expect(caller.accountId).toEqual(expect.stringMatching(/./));
    });

    it("name how space access is stored", async () => {
      expect(await site.readPermissionModel()).toBe(expected.permissionModel);
    });

    it("give the facts of many accounts, and leave out those that are not visible", async () => {
      const ids = [...expected.accounts.keys(), expected.nowhere.accountId];
      const found = await site.accounts.byIds(ids);
      expect([...found.keys()].sort()).toEqual([...expected.accounts.keys()].sort());
      for (const [id, facts] of expected.accounts) expect(found.get(id)).toMatchObject({ accountId: id, ...facts });
    });

    it("list everyone whom a listing of users knows, each once", async () => {
      const list = await site.accounts.search();
      expect([...list.items].sort()).toEqual([...expected.searchable].sort());
      expectWhole(list);
    });

    it("list every group, each once", async () => {
      const list = await site.groups.list();
      expect(list.items.map(({ groupId }) => groupId).sort()).toEqual([...expected.groups.keys()].sort());
      expectWhole(list);
    });

    it("give groups by id, and leave out those that are not visible", async () => {
      const ids = [...expected.groups.keys()].slice(0, 3);
      const found = await site.groups.byIds([...ids, expected.nowhere.groupId]);
      expect([...found.keys()].sort()).toEqual([...ids].sort());
      for (const id of ids) expect(found.get(id)).toMatchObject({ groupId: id, ...expected.groups.get(id) });
    });

    it("give the members of a group over all pages, each once", async () => {
      const { groupId, members } = expected.crowd;
      const list = whole((await site.groups.membersOf([groupId])).get(groupId));
      expect([...list.items].sort()).toEqual([...members].sort());
    });

    it("name no member of a group that is not there: it is absent, or empty where the site does not tell", async () => {
      const { groupId } = expected.nowhere;
      const outcome = (await site.groups.membersOf([groupId])).get(groupId);
      expect(outcome === undefined ? [] : whole(outcome).items).toEqual([]);
    });

    it("give the groups of an account over all pages, each once, and whole", async () => {
      const { accountId, groupIds } = expected.joiner;
      const list = whole((await site.groups.ofAccounts([accountId])).get(accountId));
      expect(list.items.map((group) => group.groupId).sort()).toEqual([...groupIds].sort());
      for (const group of list.items) expect(group.name).toBe(expected.groups.get(group.groupId)?.name);
    });

    it.each(statuses)("list the spaces with status %s, and no others", async (status) => {
      const list = await site.spaces.list(status);
      expect(list.items.map(({ spaceId, key }) => ({ id: spaceId, key }))).toEqual(
        expect.arrayContaining([...expected.spaces[status]]),
      );
      expect(list.items).toHaveLength(expected.spaces[status].length);
      expect(list.items.filter((space) => space.status !== status)).toEqual([]);
      expectWhole(list);
    });

    it("give spaces of every status by id and by key, and leave out those that are not visible", async () => {
      const wanted = statuses.flatMap((status) => expected.spaces[status].slice(0, 2));
      const byIds = await site.spaces.byIds([...wanted.map(({ id }) => id), expected.nowhere.spaceId]);
      const byKeys = await site.spaces.byKeys([...wanted.map(({ key }) => key), expected.nowhere.key]);
      expect([...byIds.keys()].sort()).toEqual(wanted.map(({ id }) => id).sort());
      expect([...byKeys.keys()].sort()).toEqual(wanted.map(({ key }) => key).sort());
      for (const { id, key } of wanted) {
        expect(byIds.get(id)).toMatchObject({ spaceId: id, key });
        expect(byKeys.get(key)).toEqual(byIds.get(id));
      }
    });

    it("give everything that a space grants over all pages, with every kind of principal", async () => {
      const { spaceId, grants } = expected.granting;
      const found = await site.spaces.grantsOf([spaceId, expected.nowhere.spaceId], expected.permissionModel);
      expect([...found.keys()]).toEqual([spaceId]);
      const list = whole(found.get(spaceId));
      expect(sorted(list.items.map(asExpected))).toEqual(sorted(grants));
      const rowIds = list.items.flatMap((grant) => (grant.kind === "permission" ? [grant.permissionId] : []));
      expect(new Set(rowIds).size).toBe(rowIds.length);
    });

    it("tell the role definitions, or that the site has none to tell", async () => {
      if (expected.roleIds === null) {
        await expect(site.roles.list()).rejects.toMatchObject({ kind: "Unsupported" });
        return;
      }
      const list = await site.roles.list();
      expect(list.items.map(({ roleId }) => roleId).sort()).toEqual([...expected.roleIds].sort());
      expectWhole(list);
    });

    it("answer nothing for no ids", async () => {
      expect((await site.groups.byIds([])).size).toBe(0);
      expect((await site.groups.membersOf([])).size).toBe(0);
      expect((await site.spaces.byIds([])).size).toBe(0);
    });
  });

  describe(`the end of ${name}`, () => {
    it("rejects what is asked after it was closed", async () => {
      const { site, close } = await open();
      await site.close();
      await expect(site.groups.list()).rejects.toBeInstanceOf(SiteError);
      await close();
    });
  });
}

function whole<T>(outcome: Complete<T> | SiteError | undefined): Complete<T> {
  if (outcome === undefined || outcome instanceof SiteError) throw outcome ?? new Error("it is not visible");
  expectWhole(outcome);
  return outcome;
}

function expectWhole(list: Complete<unknown>): void {
  expect(list.gaps).toEqual([]);
  expect(list.asOfMs).toBeGreaterThan(0);
}

function asExpected(grant: SpaceGrant): ExpectedGrant {
  const { principal } = grant;
  return grant.kind === "role"
    ? { kind: "role", principal, roleId: grant.roleId }
    : { kind: "permission", principal, operation: `${grant.operation.key}/${grant.operation.target}` };
}

function sorted(grants: readonly ExpectedGrant[]): ExpectedGrant[] {
  const keyOf = (grant: ExpectedGrant) => JSON.stringify([grant.kind, Object.values(grant.principal), grant]);
  return [...grants].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
