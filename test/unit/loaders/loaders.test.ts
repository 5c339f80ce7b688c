import { describe, expect, it } from "vitest";
import { TtlCache } from "../../../src/cache/TtlCache.js";
import { readConfig } from "../../../src/config/readConfig.js";
import type { ConfluenceSite } from "../../../src/confluence/port.js";
import type { Account } from "../../../src/domain/Account.js";
import type { Complete } from "../../../src/domain/Complete.js";
import type { SpaceRole } from "../../../src/domain/Grant.js";
import type { AccountId, RoleId, SiteId } from "../../../src/domain/ids.js";
import { readSpace } from "../../../src/domain/Operation.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { accountEmail } from "../../../src/loaders/accountEmails.js";
import { account, accountByUsername } from "../../../src/loaders/accounts.js";
import { ChangeEvents } from "../../../src/loaders/engine/ChangeEvents.js";
import { onlyOne } from "../../../src/loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../../src/loaders/engine/SiteLoaders.js";
import { SiteStore } from "../../../src/loaders/engine/SiteStore.js";
import { globalGrants } from "../../../src/loaders/grants.js";
import { roleList } from "../../../src/loaders/site.js";
import { readEmailAnew } from "../../../src/provisioning/accounts/dataCenterReading.js";
import { readRoleDefinition } from "../../../src/readings/grants.js";
import { ManualClock } from "../../support/ManualClock.js";
import { serveConfiguredSite } from "../../support/serveConfiguredSite.js";
import { settleTurn } from "../cache/settleTurn.js";

const env = {
  CONFLUENCE_URL: "https://wiki.example.com",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "token",
};
const accountId = "a" as AccountId;
const ann = { accountId, username: "ann", email: null, status: "ACTIVE", organizationError: null } as Account;

/** A store over a Data Center site of which some calls are answered here, and none by a network. */
function storeOver(answered: Partial<ConfluenceSite>, accounts: Partial<ConfluenceSite["accounts"]> = {}) {
  const clock = new ManualClock(10_000_000);
  const { site } = serveConfiguredSite({ env, clock }).store;
  const store = new SiteStore({
    site: { ...site, ...answered, accounts: { ...site.accounts, ...accounts } },
    scope: { siteId: "a" as SiteId, credentialFingerprint: "f" },
    cache: new TtlCache({ maxBytes: 1_000_000, maxEntries: 1_000, clock }),
    lifetimes: readConfig({}).cache.ttlMs,
    clock,
    changes: new ChangeEvents(),
  });
  return { store, clock };
}

function whole<T>(items: readonly T[], asOfMs: number): Complete<T> {
  return { items, gaps: [], asOfMs, assumptions: [] };
}

function role(roleId: string, name: string): SpaceRole {
  return { roleId: roleId as RoleId, name, description: null, reportedType: "CUSTOM", permissions: [] };
}

/** What only a defect of ours rejects with. */
const defect = new TypeError("x is undefined");
const fail = async (): Promise<never> => {
  throw defect;
};

describe("what loaders make of what a site answers", () => {
  it("dates a permission on the site by its list", async () => {
    const grant = { principal: { kind: "account", accountId }, operation: readSpace } as const;
    const { store } = storeOver({ globalGrants: async () => whole([grant], 1_234) });
    expect((await store.read(globalGrants, onlyOne))?.items).toMatchObject([{ ...grant, asOfMs: 1_234 }]);
  });

  it("orders roles by name, and those of one name by id; each stands once", async () => {
    const roles = [role("3", "Editor"), role("2", "Viewer"), role("1", "Editor"), role("3", "Editor")];
    const { store } = storeOver({ roles: { exist: true, list: async () => whole(roles, 1_234) } });
    expect((await store.read(roleList, onlyOne))?.items.map(({ roleId }) => roleId)).toEqual(["1", "3", "2"]);
  });

  it("leaves what a name told of an account under its id as well, and a failure nowhere", async () => {
    const refused = new SiteError("AccessRefused", "No.", { call: "GET /rest/api/user" });
    const { store } = storeOver(
      {},
      {
        byUsernames: async () =>
          new Map<string, Account | SiteError>([
            ["ann", ann],
            ["ben", refused],
          ]),
        byIds: fail,
      },
    );
    const [found, failed] = await store.of(accountByUsername).readMany(["ann", "ben"], 0);
    expect(found).toMatchObject({ username: "ann" });
    expect(failed).toBe(refused);
    expect(await store.read(account, accountId)).toMatchObject({ username: "ann" });
  });

  it("reads a stale answer again with parts that are fresh, and without those that are as stale as itself", async () => {
    let byIds = 0;
    const { store, clock } = storeOver(
      {},
      {
        active: null,
        byIds: async () => {
          byIds += 1;
          return new Map([[accountId, ann]]);
        },
        emailsOf: async () => new Map([[accountId, "ann@example.com"]]),
      },
    );
    const lifetimeMs = readConfig({}).cache.ttlMs.accounts;
    await store.read(accountEmail, accountId);
    expect(byIds).toBe(1);
    await clock.advance(lifetimeMs + 1);
    await store.read(accountEmail, accountId);
    await settleTurn();
    // Both had grown old: behind the stale answer both were read.
    expect(byIds).toBe(2);
    await clock.advance(lifetimeMs / 2);
    await store.readAnew(account, accountId);
    expect(byIds).toBe(3);
    await clock.advance(lifetimeMs / 2 + 1);
    await store.read(accountEmail, accountId);
    await settleTurn();
    expect(byIds).toBe(3);
  });

  it("takes a defect of ours for no list without addresses", async () => {
    const { store } = storeOver({}, { active: fail, byIds: async () => new Map([[accountId, ann]]), emailsOf: null });
    await expect(store.read(accountEmail, accountId)).rejects.toBe(defect);
    await expect(readEmailAnew(store, ann)).rejects.toBe(defect);
  });

  it("says of a role without a definition whether the definitions were all read", async () => {
    const readOf = async (gaps: Complete<SpaceRole>["gaps"]) => {
      const { store, clock } = storeOver({
        roles: { exist: true, list: async () => ({ ...whole([], clock.now()), gaps }) },
      });
      return readRoleDefinition(new SiteLoaders(store, 0), "7" as RoleId);
    };
    expect(await readOf([])).toMatchObject({ message: expect.stringContaining("hold no role 7") });
    const gap = { missing: "x", kind: "UpstreamFailed", reason: "It said 500.", call: "GET /x", retryAfterMs: null };
    expect(await readOf([gap as Complete<SpaceRole>["gaps"][number]])).toMatchObject({
      ...{ message: expect.stringMatching(/not among those that could be read. It said 500\./), call: "GET /x" },
    });
  });
});
