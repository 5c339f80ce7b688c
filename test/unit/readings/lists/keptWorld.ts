import { execute, parse } from "graphql";
import { TtlCache } from "../../../../src/cache/TtlCache.js";
import { keptIndexes, type ServedSite } from "../../../../src/compose/composeSite.js";
import { readConfig } from "../../../../src/config/readConfig.js";
import type { ConfluenceSite } from "../../../../src/confluence/port.js";
import type { Account } from "../../../../src/domain/Account.js";
import type { Complete, Gap } from "../../../../src/domain/Complete.js";
import type { GlobalGrant, SpaceGrant, SpaceRole } from "../../../../src/domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId, SpaceKey } from "../../../../src/domain/ids.js";
import type { Group, Principal } from "../../../../src/domain/Principal.js";
import { SiteError, siteErrorOf } from "../../../../src/domain/SiteError.js";
import type { Space } from "../../../../src/domain/Space.js";
import { buildGraphSchema } from "../../../../src/graph/schema/buildGraphSchema.js";
import { Basis } from "../../../../src/loaders/engine/Basis.js";
import { ChangeEvents } from "../../../../src/loaders/engine/ChangeEvents.js";
import { SiteLoaders } from "../../../../src/loaders/engine/SiteLoaders.js";
import { SiteStore } from "../../../../src/loaders/engine/SiteStore.js";
import { contextOver } from "../../../support/contextOver.js";
import type { ManualClock } from "../../../support/ManualClock.js";
import { serveTestSite } from "../../../support/serveTestSite.js";

/** What a site holds, as two stores read it; a test changes it between questions. */
export interface KeptWorld {
  readonly spaces: Map<SpaceId, SpaceGrant[]>;
  readonly groups: Map<GroupId, { members: AccountId[]; children: GroupId[] }>;
  siteWide: GlobalGrant[];
  roles: SpaceRole[];
  /** Whose reads fail, and whose break off: ids of spaces and groups, and names of lists. */
  readonly failing: Set<string>;
  readonly broken: Set<string>;
}

export const spaceId = (at: number) => `${1_000 + at}` as SpaceId;
export const groupId = (at: number) => `g-${at}` as GroupId;
export const accountId = (at: number) => `a-${String(at).padStart(2, "0")}` as AccountId;

/** One store over the world, and the calls that it made. */
export class Twin {
  readonly calls: string[] = [];
  readonly store: SiteStore;
  readonly #served: ServedSite;
  readonly #clock: ManualClock;

  constructor(
    readonly world: KeptWorld,
    clock: ManualClock,
    /** False for the way of a process that keeps nothing from one request to the next but its cache. */
    readonly keepsLists: boolean,
  ) {
    this.#clock = clock;
    this.#served = serveTestSite({ url: "http://127.0.0.1:9", email: "someone@example.com", apiToken: "token", clock });
    this.store = new SiteStore({
      site: this.#site(this.#served.store.site),
      scope: { siteId: this.#served.store.site.siteId, credentialFingerprint: "one" },
      cache: new TtlCache({ maxBytes: 100_000_000, maxEntries: 100_000, clock }),
      lifetimes: readConfig({}).cache.ttlMs,
      clock,
      changes: new ChangeEvents(),
    });
  }

  async close(): Promise<void> {
    await this.#served.store.site.close();
  }

  /** Everything that is answered, as text, and the calls of it; a request may ask for what is fresh. */
  async ask(query: string, isFreshWanted = false): Promise<{ readonly answer: string; readonly calls: string[] }> {
    if (!this.keepsLists) this.store.kept.clear();
    this.calls.length = 0;
    const { site } = this.store;
    const basis = new Basis();
    const contextValue = contextOver(this.store, {
      sites: new Map([[site.siteId, new SiteLoaders(this.store, isFreshWanted ? this.#clock.now() : 0, basis)]]),
      ...{ basis, clock: this.#clock, indexes: keptIndexes([this.#served]) },
    });
    const answer = await execute({ schema: buildGraphSchema().schema, document: parse(query), contextValue });
    const errors = contextValue.gaps.errors(answer.data, true);
    // What is read again behind the answer belongs to it.
    for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return { answer: JSON.stringify([answer, errors, contextValue.gaps.all()]), calls: [...this.calls].sort() };
  }

  #site(site: ConfluenceSite): ConfluenceSite {
    const { world } = this;
    const clock = this.#clock;
    const note = (call: string) => this.calls.push(call);
    const list = <T>(name: string, items: readonly T[]): Complete<T> => {
      note(name);
      if (world.failing.has(name)) throw new SiteError("UpstreamFailed", `No answer for ${name}.`, { call: name });
      const isBroken = world.broken.has(name);
      const gap: Gap = {
        missing: `the rest of ${name}`,
        kind: "Unreachable",
        reason: "It broke off.",
        call: name,
        retryAfterMs: null,
      };
      const kept = isBroken ? items.slice(0, Math.ceil(items.length / 2)) : items;
      return { items: kept, gaps: isBroken ? [gap] : [], asOfMs: clock.now(), assumptions: [] };
    };
    const each = <K extends string, V>(ids: readonly K[], read: (id: K) => V): Map<K, V | SiteError> => {
      const found = new Map<K, V | SiteError>();
      for (const id of ids) {
        try {
          found.set(id, read(id));
        } catch (error) {
          found.set(id, siteErrorOf(error));
        }
      }
      return found;
    };
    const group = (id: GroupId): Group => ({
      ...{ groupId: id, name: id, managedBy: "ADMINS", reportedManager: null, usage: "UNKNOWN", reportedUsage: null },
    });
    const gone = (what: string) => new SiteError("NotVisible", `${what} is not shown.`, { call: what, status: 404 });
    return {
      ...site,
      readPermissionModel: async () => ({ model: "ROLES_TRANSITION", isInferred: false, assumptions: [] }),
      accounts: {
        ...site.accounts,
        byIds: async (ids) => each(ids, (id) => accountOf(id)),
        list: async () =>
          list(
            "accounts",
            [accountId(90), accountId(1)].map((id) => ({ accountId: id, facts: null })),
          ),
      },
      groups: {
        ...site.groups,
        list: async () => list("groups", [...world.groups.keys()].map(group)),
        byIds: async (ids) =>
          each(
            ids.filter((id) => world.groups.has(id)),
            group,
          ),
        membersOf: async (ids) =>
          each(ids, (id) => {
            const known = world.groups.get(id);
            if (known === undefined) throw gone(id);
            return list(
              `members ${id}`,
              known.members.map((member) => ({ accountId: member, facts: null })),
            );
          }),
        childrenOf: async (ids) =>
          each(ids, (id) => list(`children ${id}`, (world.groups.get(id)?.children ?? []).map(group))),
        ofAccounts: async (ids) =>
          each(ids, (id) =>
            list(
              `groups of ${id}`,
              [...world.groups].filter(([, { members }]) => members.includes(id)).map(([found]) => group(found)),
            ),
          ),
      },
      spaces: {
        ...site.spaces,
        list: async (status) =>
          list(`spaces ${status}`, status === "CURRENT" ? [...world.spaces.keys()].map(spaceOf) : []),
        byIds: async (ids) =>
          each(
            ids.filter((id) => world.spaces.has(id)),
            spaceOf,
          ),
        grantsOf: async (ids) =>
          each(ids, (id) => {
            const grants = world.spaces.get(id);
            if (grants === undefined) throw gone(id);
            return list(`grants ${id}`, grants);
          }),
      },
      globalGrants: async () => list("global", world.siteWide),
      roles: { exist: true, list: async () => list("roles", world.roles) },
    };
  }
}

function accountOf(id: AccountId): Account {
  return {
    ...{ accountId: id, username: null, displayName: `Name of ${id}`, publicName: null, email: null, kind: "HUMAN" },
    ...{
      reportedKind: null,
      status: "ACTIVE",
      statusSource: "CONFLUENCE",
      reportedStatus: null,
      personalSpaceId: null,
      picturePath: null,
    },
    ...{ isLicensed: null, isManaged: null, roles: null, jobTitle: null, department: null, organizationError: null },
  };
}

function spaceOf(id: SpaceId): Space {
  return {
    ...{
      spaceId: id,
      key: `K${id}` as SpaceKey,
      alias: null,
      name: `Space ${id}`,
      kind: "GLOBAL",
      reportedKind: "global",
    },
    ...{
      status: "CURRENT",
      reportedStatus: "current",
      createdAt: null,
      authorId: null,
      ownerId: null,
      homepageUrl: null,
    },
  };
}

export const roleOf = (at: number, operations: readonly string[]): SpaceRole => ({
  ...{ roleId: `r-${at}` as RoleId, name: `Role ${at}`, description: null, reportedType: "CUSTOM" },
  permissions: operations.map((key) => ({ key, target: "space" })),
});

export const principalAt = (at: number): Principal => {
  if (at % 5 === 0) return { kind: "group", groupId: groupId(at % 7) };
  if (at % 11 === 0) return { kind: "accessClass", classId: "anonymous-users", reportedType: "access-class" };
  return { kind: "account", accountId: accountId(at % 20) };
};
