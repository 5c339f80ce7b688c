import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KnownSpaceStatus } from "../../src/confluence/port.js";
import type { Complete } from "../../src/domain/Complete.js";
import { toldModel } from "../../src/domain/Site.js";
import { SiteError } from "../../src/domain/SiteError.js";
import type { ExpectedReads, SiteException, SiteUnderTest } from "./SiteUnderTest.js";
import { showGrant, showGrants } from "./showGrants.js";

const statuses: readonly KnownSpaceStatus[] = ["CURRENT", "ARCHIVED", "TRASHED"];

/** What every site must answer through the port, whatever stands behind it: the reading half of the contract. */
export function readsOf(name: string, open: () => Promise<SiteUnderTest>): void {
  describe(`the reads of ${name}`, () => {
    let opened: SiteUnderTest;
    let site: SiteUnderTest["site"];
    let expected: ExpectedReads;
    const lacks = (exception: SiteException) => opened.exceptions.has(exception);
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
      expect((await site.readPermissionModel()).model).toBe(expected.permissionModel);
    });

    it("say what the site cannot do, each with a reason, and claim nothing else missing", async () => {
      const capabilities = await site.readCapabilities(toldModel(expected.permissionModel));
      const names = capabilities.map(({ name: capability }) => capability);
      expect(new Set(names).size).toBe(names.length);
      const lacking = capabilities.filter(({ reason }) => reason !== null);
      expect(lacking.filter(({ reason }) => reason === "")).toEqual([]);
      const ownNames: readonly SiteException[] = ["USERNAMES", "LICENSED_ACCOUNTS"];
      const known = [...opened.exceptions].filter((exception) => !ownNames.includes(exception));
      expect(lacking.map(({ name: capability }) => capability).sort()).toEqual(known.sort());
    });

    it("give the facts of many accounts, and leave out those that are not visible", async () => {
      const ids = [...expected.accounts.keys(), expected.nowhere.accountId];
      const found = await site.accounts.byIds(ids);
      expect([...found.keys()].sort()).toEqual([...expected.accounts.keys()].sort());
      for (const [id, facts] of expected.accounts) expect(found.get(id)).toMatchObject({ accountId: id, ...facts });
    });

    it("list everyone whom a listing of users knows, each once, or say that there is no such list", async () => {
      if (lacks("ALL_ACCOUNTS") && site.accounts.isListWhole) {
        await expect(site.accounts.list()).rejects.toMatchObject({ kind: "Unsupported" });
        return;
      }
      expect(site.accounts.isListWhole).toBe(!lacks("ALL_ACCOUNTS"));
      const list = await site.accounts.list();
      expect(list.items.map(({ accountId }) => accountId).sort()).toEqual([...expected.listed].sort());
      expectWhole(list);
    });

    it("tell the facts of a listed account as they tell them by its id", async () => {
      const lists = [(await site.groups.membersOf([expected.crowd.groupId])).get(expected.crowd.groupId)];
      if (!lacks("ALL_ACCOUNTS")) lists.push(await site.accounts.list());
      for (const list of lists.map(whole)) {
        const told = list.items.filter(({ accountId }) => expected.accounts.has(accountId));
        expect(told.length).toBeGreaterThan(0);
        const byId = await site.accounts.byIds(told.map(({ accountId }) => accountId));
        for (const { accountId, facts } of told) {
          if (facts !== null) expect(facts).toEqual(byId.get(accountId));
        }
      }
    });

    it("give accounts by the name they sign in with, in any case, or have no such lookup", async () => {
      const { byUsernames } = site.accounts;
      if (lacks("USERNAMES") || byUsernames === null) {
        expect([byUsernames, lacks("USERNAMES")]).toEqual([null, true]);
        return;
      }
      const found = await byUsernames([...expected.usernames.keys(), expected.nowhere.username]);
      expect([...found.keys()].sort()).toEqual([...expected.usernames.keys()].sort());
      for (const [username, accountId] of expected.usernames) {
        expect(found.get(username)).toMatchObject({
          accountId,
          username: expect.stringMatching(new RegExp(username, "i")),
        });
      }
    });

    it("tell e-mail addresses, with the facts or one by one", async () => {
      expect(lacks("ACCOUNT_EMAILS")).toBe(false);
      const found = await site.accounts.byIds([...expected.emails.keys()]);
      const accounts = [...found.values()].filter((account) => !(account instanceof SiteError));
      const { emailsOf } = site.accounts;
      const told =
        emailsOf === null
          ? new Map(accounts.map(({ accountId, email }) => [accountId, email]))
          : await emailsOf(accounts);
      expect(new Map(told)).toEqual(expected.emails);
    });

    it("list those who count for the licence with their last sign-in, or say that there is no such list", async () => {
      const { active } = site.accounts;
      if (lacks("LICENSED_ACCOUNTS") || active === null) {
        expect(lacks("LICENSED_ACCOUNTS")).toBe(true);
        await expectNotOffered(site, active);
        return;
      }
      const list = whole(await active());
      const ids = list.items.map(({ accountId }) => accountId);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...ids].sort()).toEqual(
        expected.crowd.members.filter((id) => expected.accounts.get(id)?.status !== "DEACTIVATED").sort(),
      );
      for (const [accountId, facts] of expected.active) {
        expect(list.items.find((item) => item.accountId === accountId)).toEqual({ accountId, ...facts });
      }
    });

    it("list every group, each once", async () => {
      const list = await site.groups.list();
      expect(list.items.map(({ groupId }) => groupId).sort()).toEqual([...expected.groups.keys()].sort());
      expectWhole(list);
    });

    it("give groups by id, and leave out those that are not visible", async () => {
      const ids = [...expected.groups.keys()].slice(0, 4);
      const found = await site.groups.byIds([...ids, expected.nowhere.groupId]);
      expect([...found.keys()].sort()).toEqual([...ids].sort());
      for (const id of ids) expect(found.get(id)).toMatchObject({ groupId: id, ...expected.groups.get(id) });
    });

    it("give the members of a group over all pages, each once", async () => {
      const { groupId, members } = expected.crowd;
      const list = whole((await site.groups.membersOf([groupId])).get(groupId));
      expect(list.items.map(({ accountId }) => accountId).sort()).toEqual([...members].sort());
    });

    it("name no member of a group that is not shown: that is a failure, or empty where the site does not tell", async () => {
      const { groupId } = expected.nowhere;
      const outcome = (await site.groups.membersOf([groupId])).get(groupId);
      if (outcome instanceof SiteError) expect(outcome.kind).toBe("NotVisible");
      else expect(whole(outcome).items).toEqual([]);
    });

    it("give the groups in a group over all pages, each once, or have no such reading", async () => {
      const { childrenOf } = site.groups;
      if (lacks("NESTED_GROUPS") || childrenOf === null) {
        expect([childrenOf, lacks("NESTED_GROUPS")]).toEqual([null, true]);
        return;
      }
      const { groupId, children } = expected.nest;
      const { groupId: childless } = expected.crowd;
      const found = await childrenOf([groupId, childless, expected.nowhere.groupId]);
      expect(found.get(expected.nowhere.groupId)).toMatchObject({ kind: "NotVisible" });
      const list = whole(found.get(groupId));
      expect(list.items.map((child) => child.groupId).sort()).toEqual([...children].sort());
      for (const child of list.items) expect(child.name).toBe(expected.groups.get(child.groupId)?.name);
      expect(whole(found.get(childless)).items).toEqual([]);
    });

    it("name the group whose members can do everything, if there is one", () => {
      expect(site.groups.superGroupId).toBe(expected.superGroupId);
      expect(site.groups.defaultGroupId).toBe(expected.superGroupId === null ? null : "confluence-users");
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

    it("give everything that a space grants over all pages, with every kind of principal that is told", async () => {
      const { spaceId, grants, ofUnlicensed } = expected.granting;
      const found = await site.spaces.grantsOf([spaceId, expected.nowhere.spaceId], expected.permissionModel);
      expect(found.get(expected.nowhere.spaceId)).toMatchObject({ kind: "NotVisible" });
      const list = whole(found.get(spaceId));
      expect(list.items.map(showGrant).sort()).toEqual(
        showGrants([...grants, ...(lacks("UNLICENSED_GRANTS") ? [] : ofUnlicensed)]),
      );
      const rowIds = list.items.flatMap((grant) => (grant.kind === "permission" ? [grant.permissionId] : []));
      expect(new Set(rowIds).size).toBe(rowIds.length);
    });

    it("tell what is granted on the site as a whole, or that the site does not tell it", async () => {
      const { globalGrants } = site;
      if (lacks("GLOBAL_PERMISSIONS") || globalGrants === null) {
        expect(lacks("GLOBAL_PERMISSIONS")).toBe(true);
        await expectNotOffered(site, globalGrants);
        return;
      }
      const list = whole(await globalGrants());
      expect(list.items.map((grant) => showGrant({ kind: "permission", permissionId: "", ...grant })).sort()).toEqual(
        showGrants(expected.globalGrants),
      );
    });

    it("tell the role definitions, or that the site has none to tell", async () => {
      if (lacks("SPACE_ROLES")) {
        await expect(site.roles.list()).rejects.toMatchObject({ kind: "Unsupported" });
        return;
      }
      const list = await site.roles.list();
      expect(list.items.map(({ roleId }) => roleId).sort()).toEqual([...expected.roleIds].sort());
      expectWhole(list);
    });

    it("say why names and e-mail of accounts cannot be changed where they cannot", async () => {
      const objection = await site.writer.accounts?.objectionToUpdate();
      // Undefined: the site keeps no accounts of its own at all.
      if (lacks("ACCOUNT_UPDATE")) expect(objection ?? "not kept here").toMatch(/./);
      else expect(objection).toBeNull();
    });

    it("answer nothing for no ids", async () => {
      expect((await site.accounts.byIds([])).size).toBe(0);
      expect((await site.groups.byIds([])).size).toBe(0);
      expect((await site.groups.membersOf([])).size).toBe(0);
      expect((await site.spaces.byIds([])).size).toBe(0);
      expect((await site.spaces.byKeys([])).size).toBe(0);
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

/** A deployment without a reading has none; a version without it says so. */
async function expectNotOffered(
  { deployment }: SiteUnderTest["site"],
  read: (() => Promise<unknown>) | null,
): Promise<void> {
  if (deployment === "cloud") expect(read).toBeNull();
  else await expect(read?.()).rejects.toMatchObject({ kind: "Unsupported" });
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
