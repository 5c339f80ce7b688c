import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Touched } from "../../../src/cache/Reading.js";
import type { ChangeEvent, WhatChanged } from "../../../src/domain/Change.js";
import type { AccountId, GroupId, SpaceId } from "../../../src/domain/ids.js";
import type { LoaderDeclaration } from "../../../src/loaders/engine/LoaderDeclaration.js";
import { groupChildren, groupList } from "../../../src/loaders/groups.js";
import { groupMembers } from "../../../src/loaders/memberships.js";
import { ManualClock } from "../../support/ManualClock.js";
import { serveConfiguredSite } from "../../support/serveConfiguredSite.js";

const cloud = {
  CONFLUENCE_URL: "https://acme.atlassian.net",
  CONFLUENCE_EMAIL: "svc@example.com",
  CONFLUENCE_API_TOKEN: "token",
};
const organization = { ATLASSIAN_ORG_ID: "org", ATLASSIAN_ORG_API_KEY: "key" };
const dataCenter = {
  CONFLUENCE_URL: "https://wiki.example.com",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "token",
};
const stores = {
  organization: storeOf({ ...cloud, ...organization }),
  cloud: storeOf(cloud),
  dataCenter: storeOf(dataCenter),
};

function storeOf(env: Readonly<Record<string, string>>) {
  return serveConfiguredSite({ env, clock: new ManualClock() }).store;
}

const groupId = "g" as GroupId;
const accountId = "a" as AccountId;
const told = { accountId, username: "ann", email: "ann@example.com" };
const nobody = { accountId: null, username: null, email: null };

/** Each kind of change as a reading shows it, and those of which less is known. */
const changes = {
  membershipChanged: { kind: "membershipChanged", groupId, accountId },
  groupCreated: { kind: "groupCreated", groupId },
  groupDeleted: { kind: "groupDeleted", groupId },
  spaceGrantsChanged: { kind: "spaceGrantsChanged", spaceId: "s" as SpaceId },
  accountCreated: { kind: "accountCreated", ...told },
  accountUpdated: { kind: "accountUpdated", ...told },
  accountStatusChanged: { kind: "accountStatusChanged", ...told },
  accountRemoved: { kind: "accountRemoved", ...told },
  productRoleChanged: { kind: "productRoleChanged", accountId },
} as const satisfies { readonly [K in WhatChanged["kind"]]: Extract<WhatChanged, { kind: K }> };
const lessKnown: Readonly<Record<string, WhatChanged>> = {
  askedIn: { kind: "accountCreated", ...nobody, email: "ann@example.com" },
  somebodyCreated: { kind: "accountCreated", ...nobody, username: "ann", email: "ann@example.com" },
  somebodySuspended: { kind: "accountStatusChanged", ...nobody },
  somebodyRemoved: { kind: "accountRemoved", ...nobody },
};

type Effects = Readonly<Record<string, string>>;

interface Expected {
  readonly why: string;
  readonly organization: Effects;
  readonly cloud: Effects;
  readonly dataCenter: Effects;
}

/** What each loader forgets after each change; a change that is not named touches nothing of it. */
const table: Readonly<Record<string, Expected>> = {
  account: {
    why: "facts tell the status and the licence, which groups and roles decide",
    organization: {
      membershipChanged: "a",
      groupDeleted: "all",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "a",
    },
    cloud: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      membershipChanged: "a",
      groupDeleted: "all",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "a",
    },
  },
  accountByUsername: {
    why: "the same facts, by a name; only where sites tell names",
    organization: {},
    cloud: {},
    dataCenter: {
      membershipChanged: "those that say so",
      groupDeleted: "all",
      accountCreated: "ann",
      accountUpdated: "ann",
      accountStatusChanged: "ann",
      accountRemoved: "ann",
      productRoleChanged: "those that say so",
      somebodyCreated: "ann",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "ann",
    },
  },
  accountEmail: {
    why: "the address changes with the account, and where a list of licensed accounts tells it with that",
    organization: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    cloud: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      membershipChanged: "a",
      groupDeleted: "all",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "a",
    },
  },
  accountIdsByEmail: {
    why: "an address finds other people when one comes, goes or changes it; only an organization is asked so",
    organization: {
      accountCreated: "ann@example.com",
      accountUpdated: "all",
      accountRemoved: "those that say so",
      askedIn: "ann@example.com",
      somebodyCreated: "ann@example.com",
      somebodyRemoved: "all",
      "accountRemoved sent": "those that say so",
    },
    cloud: {},
    dataCenter: {},
  },
  accountList: {
    why: "who comes, goes, or (Cloud) is left out while suspended",
    organization: {
      accountCreated: "revised *",
      accountStatusChanged: "*",
      accountRemoved: "revised *",
      productRoleChanged: "revised *",
      somebodySuspended: "*",
    },
    cloud: {
      accountCreated: "revised *",
      accountStatusChanged: "*",
      accountRemoved: "revised *",
      productRoleChanged: "revised *",
      somebodySuspended: "*",
    },
    dataCenter: {
      accountCreated: "revised *",
      accountRemoved: "revised *",
      productRoleChanged: "revised *",
      askedIn: "*",
      somebodyCreated: "*",
      somebodyRemoved: "*",
      "accountRemoved sent": "*",
    },
  },
  activeAccounts: {
    why: "who is licensed, on Data Center alone",
    organization: {},
    cloud: {},
    dataCenter: {
      membershipChanged: "*",
      groupDeleted: "*",
      accountCreated: "*",
      accountUpdated: "*",
      accountStatusChanged: "*",
      accountRemoved: "*",
      askedIn: "*",
      somebodyCreated: "*",
      somebodySuspended: "*",
      somebodyRemoved: "*",
      "groupDeleted sent": "*",
      "accountRemoved sent": "*",
    },
  },
  adminGroups: {
    why: "a group may administer by its name",
    organization: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
    cloud: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
    dataCenter: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
  },
  siteAdminGroups: {
    why: "a group may administer by its name",
    organization: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
    cloud: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
    dataCenter: {
      groupCreated: "*",
      groupDeleted: "*",
      "groupDeleted sent": "*",
    },
  },
  capabilities: {
    why: "what a deployment can do is no access",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  directoryPeople: {
    why: "who is in the synchronised directory, and active there",
    organization: {
      accountCreated: "*",
      accountUpdated: "*",
      accountStatusChanged: "*",
      accountRemoved: "*",
      askedIn: "*",
      somebodyCreated: "*",
      somebodySuspended: "*",
      somebodyRemoved: "*",
      "accountRemoved sent": "*",
    },
    cloud: {},
    dataCenter: {},
  },
  globalGrants: {
    why: "rows may go with their holder",
    organization: {
      groupDeleted: "*",
      accountRemoved: "*",
      somebodyRemoved: "*",
      "groupDeleted sent": "*",
      "accountRemoved sent": "*",
    },
    cloud: {
      groupDeleted: "*",
      accountRemoved: "*",
      somebodyRemoved: "*",
      "groupDeleted sent": "*",
      "accountRemoved sent": "*",
    },
    dataCenter: {
      groupDeleted: "*",
      accountRemoved: "*",
      somebodyRemoved: "*",
      "groupDeleted sent": "*",
      "accountRemoved sent": "*",
    },
  },
  group: {
    why: "a group itself",
    organization: {
      groupCreated: "g",
      groupDeleted: "g",
      "groupDeleted sent": "g",
    },
    cloud: {
      groupCreated: "g",
      groupDeleted: "g",
      "groupDeleted sent": "g",
    },
    dataCenter: {
      groupCreated: "g",
      groupDeleted: "g",
      "groupDeleted sent": "g",
    },
  },
  groupChildren: {
    why: "a group that is gone holds none and is in none",
    organization: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
    cloud: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
    dataCenter: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
  },
  groupList: {
    why: "which groups there are",
    organization: {
      groupCreated: "*",
      groupDeleted: "revised *",
      "groupDeleted sent": "*",
    },
    cloud: {
      groupCreated: "*",
      groupDeleted: "revised *",
      "groupDeleted sent": "*",
    },
    dataCenter: {
      groupCreated: "*",
      groupDeleted: "revised *",
      "groupDeleted sent": "*",
    },
  },
  groupMembers: {
    why: "who is in a group; default groups come with accounts and roles, and Cloud lists nobody who is suspended",
    organization: {
      membershipChanged: "g",
      groupCreated: "g",
      groupDeleted: "g",
      accountCreated: "all",
      accountStatusChanged: "all",
      accountRemoved: "those that say so",
      productRoleChanged: "all",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "g",
      "accountRemoved sent": "those that say so",
    },
    cloud: {
      membershipChanged: "g",
      groupCreated: "g",
      groupDeleted: "g",
      accountCreated: "all",
      accountStatusChanged: "all",
      accountRemoved: "those that say so",
      productRoleChanged: "all",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "g",
      "accountRemoved sent": "those that say so",
    },
    dataCenter: {
      membershipChanged: "all",
      groupCreated: "g",
      groupDeleted: "all",
      accountCreated: "all",
      accountRemoved: "those that say so",
      productRoleChanged: "all",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "those that say so",
    },
  },
  groupParents: {
    why: "a group that is gone holds none and is in none",
    organization: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
    cloud: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
    dataCenter: {
      groupCreated: "g",
      groupDeleted: "those that say so",
      "groupDeleted sent": "those that say so",
    },
  },
  lastActive: {
    why: "whether there is a product to be active in",
    organization: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    cloud: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
  },
  lastActiveSurveyed: {
    why: "the same, asked about all",
    organization: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    cloud: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      accountCreated: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
  },
  listedAccount: {
    why: "what lists told of the account",
    organization: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    cloud: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      askedIn: "those that say so",
      somebodyCreated: "those that say so",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "accountRemoved sent": "a",
    },
  },
  memberOf: {
    why: "the groups of the account",
    organization: {
      membershipChanged: "a",
      groupDeleted: "those that say so",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "a",
    },
    cloud: {
      membershipChanged: "a",
      groupDeleted: "those that say so",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "a",
    },
    dataCenter: {
      membershipChanged: "a",
      groupDeleted: "those that say so",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "a",
    },
  },
  organizationUser: {
    why: "status, roles and products, which groups bring",
    organization: {
      membershipChanged: "a",
      groupDeleted: "all",
      accountCreated: "a",
      accountUpdated: "a",
      accountStatusChanged: "a",
      accountRemoved: "a",
      productRoleChanged: "a",
      somebodyCreated: "all",
      somebodySuspended: "all",
      somebodyRemoved: "all",
      "groupDeleted sent": "all",
      "accountRemoved sent": "a",
    },
    cloud: {},
    dataCenter: {},
  },
  permissionModel: {
    why: "how a site stores access is not changed by changing it",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  roleList: {
    why: "no role is written",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  space: {
    why: "no space is written",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  spaceByKey: {
    why: "no space is written",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  spaceGrants: {
    why: "what a space grants; rows may go with their holder",
    organization: {
      groupDeleted: "those that say so",
      spaceGrantsChanged: "s",
      accountRemoved: "those that say so",
      somebodyRemoved: "those that say so",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "those that say so",
    },
    cloud: {
      groupDeleted: "those that say so",
      spaceGrantsChanged: "s",
      accountRemoved: "those that say so",
      somebodyRemoved: "those that say so",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "those that say so",
    },
    dataCenter: {
      groupDeleted: "those that say so",
      spaceGrantsChanged: "s",
      accountRemoved: "those that say so",
      somebodyRemoved: "those that say so",
      "groupDeleted sent": "those that say so",
      "accountRemoved sent": "those that say so",
    },
  },
  spaceList: {
    why: "no space is written",
    organization: {},
    cloud: {},
    dataCenter: {},
  },
  suspendedPeople: {
    why: "who is suspended",
    organization: {
      accountCreated: "*",
      accountUpdated: "*",
      accountStatusChanged: "*",
      accountRemoved: "*",
      askedIn: "*",
      somebodyCreated: "*",
      somebodySuspended: "*",
      somebodyRemoved: "*",
      "accountRemoved sent": "*",
    },
    cloud: {},
    dataCenter: {},
  },
};

function show<K extends string, V>(touched: Touched<K, V>): string {
  if (touched === "all") return "all";
  if ("where" in touched) return "those that say so";
  return "revise" in touched ? `revised ${touched.revise}` : touched.join(" ");
}

const files = readdirSync("src/loaders", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** Every declaration of the folder: who adds one comes by here. */
async function declarations(): Promise<LoaderDeclaration<string, unknown>[]> {
  const modules = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ `${process.cwd()}/src/loaders/${file}`) as Promise<object>),
  );
  return modules.flatMap((module) =>
    Object.values(module).filter((each) => typeof each === "object" && each !== null && "touchedBy" in each),
  );
}

function effectsOn(
  { touchedBy }: LoaderDeclaration<string, unknown>,
  place: keyof typeof stores,
): Record<string, string> {
  const store = stores[place];
  const event = (what: WhatChanged, isSeen: boolean): ChangeEvent => ({ ...what, siteId: store.site.siteId, isSeen });
  const all = [
    ...Object.entries(changes).map(([name, what]) => [name, event(what, true)] as const),
    ...Object.entries(lessKnown).map(([name, what]) => [name, event(what, false)] as const),
    ["groupDeleted sent", event(changes.groupDeleted, false)] as const,
    ["accountRemoved sent", event(changes.accountRemoved, false)] as const,
  ];
  return Object.fromEntries(
    all.map(([name, each]) => [name, show(touchedBy(each, store))] as const).filter(([, effect]) => effect !== ""),
  );
}

describe("what a change makes us forget", () => {
  it("is said for every loader", async () => {
    const names = (await declarations()).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.sort()).toEqual(Object.keys(table).sort());
    // One that its file keeps to itself would not be among them.
    const texts = files.map((file) => readFileSync(`src/loaders/${file}`, "utf8"));
    expect(texts.flatMap((text) => text.match(/= define(?:List)?Loader\b/g) ?? [])).toHaveLength(names.length);
  });

  it.each(Object.entries(table))("%s", async (name, expected) => {
    const declaration = (await declarations()).find((each) => each.name === name);
    if (declaration === undefined) throw new Error(`there is no loader ${name}`);
    const { why, ...effects } = expected;
    expect(why).not.toBe("");
    const found = {
      organization: effectsOn(declaration, "organization"),
      cloud: effectsOn(declaration, "cloud"),
      dataCenter: effectsOn(declaration, "dataCenter"),
    };
    expect(found).toEqual(effects);
  });
});

it.each([0, 3, 30])(
  "a change of a group's members also touches the groups above it, known %d minutes ago",
  async (minutes) => {
    const clock = new ManualClock();
    const { store } = serveConfiguredSite({ env: dataCenter, clock });
    const parent = "parent" as GroupId;
    const whole = { gaps: [], assumptions: [], asOfMs: clock.now() };
    const kind = { managedBy: "UNKNOWN", reportedManager: null, usage: "UNKNOWN", reportedUsage: null } as const;
    const items = [groupId, parent].map((id) => ({ groupId: id, name: id, ...kind }));
    store.of(groupList).prime("*", { ...whole, items }, clock.now());
    store.of(groupChildren).prime(parent, { ...whole, items: [groupId] }, clock.now());
    await clock.advance(minutes * 60_000);
    const event: ChangeEvent = { ...changes.membershipChanged, siteId: store.site.siteId, isSeen: true };
    expect(groupMembers.touchedBy(event, store)).toEqual([groupId, parent]);
  },
);
