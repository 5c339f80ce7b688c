import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChangeEvent, WhatChanged } from "../../../../src/domain/Change.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../../../src/domain/ids.js";
import type { LoaderDeclaration } from "../../../../src/loaders/engine/LoaderDeclaration.js";
import { fleetLimits } from "../../../../src/loaders/fleet/limits.js";
import { SiteChanges } from "../../../../src/loaders/fleet/SiteChanges.js";
import { spaceGrants } from "../../../../src/loaders/grants.js";
import { groupMembers } from "../../../../src/loaders/memberships.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { serveConfiguredSite } from "../../../support/serveConfiguredSite.js";

const cloud = {
  CONFLUENCE_URL: "https://acme.atlassian.net",
  CONFLUENCE_EMAIL: "svc@example.com",
  CONFLUENCE_API_TOKEN: "token",
};
const dataCenter = {
  CONFLUENCE_URL: "https://wiki.example.com",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "token",
};
const clock = new ManualClock();
const places = {
  organization: { ...cloud, ATLASSIAN_ORG_ID: "org", ATLASSIAN_ORG_API_KEY: "key" },
  cloud,
  dataCenter,
};

const [groupId, accountId, spaceId] = ["g" as GroupId, "a" as AccountId, "s" as SpaceId];
const nobody = { accountId: null, username: null, email: null };
const told = { accountId, username: "Ann", email: "Ann@example.com" };
const accountKinds = ["accountCreated", "accountUpdated", "accountStatusChanged", "accountRemoved"] as const;

/** Every kind of change, each with as much and as little as may be told of it. */
const changes: readonly WhatChanged[] = [
  { kind: "membershipChanged", groupId, accountId },
  { kind: "groupCreated", groupId },
  { kind: "groupCreated", groupId: null },
  { kind: "groupDeleted", groupId },
  { kind: "spaceGrantsChanged", spaceId },
  { kind: "productRoleChanged", accountId },
  ...accountKinds.flatMap((kind): WhatChanged[] => [
    { kind, ...told },
    { kind, ...nobody },
    { kind, ...nobody, username: "Ann" },
    { kind, ...nobody, email: "Ann@example.com" },
    { kind, ...nobody, accountId },
  ]),
];

const ids = ["a", "g", "parent", "s", "ann", "ann@example.com", "*"];
const itemsOf: Readonly<Record<string, readonly unknown[]>> = {
  spaceGrants: [{ principal: { kind: "group", groupId } }, { principal: { kind: "account", accountId } }],
  globalGrants: [{ principal: { kind: "group", groupId } }],
  groupList: [groupId, "parent"].map((each) => ({ groupId: each, name: each })),
  activeAccounts: [{ accountId, email: "ann@example.com" }],
  groupChildren: ["g"],
};

/** What a process may remember of anything: it says of itself that it is of all that changes. */
function rememberedOf(name: string) {
  const facts = { accountId, username: "ann", email: "ann@example.com", organizationError: null };
  const list = { items: itemsOf[name] ?? ["a", "g"], gaps: [], assumptions: [], asOfMs: clock.now() };
  return { ...facts, ...list, accountIds: ["a"], length: 1, includes: (id: string) => id === "a", isInferred: false };
}

async function declarations(): Promise<LoaderDeclaration<string, unknown>[]> {
  const files = readdirSync("src/loaders", { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const modules = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ `${process.cwd()}/src/loaders/${file}`) as Promise<object>),
  );
  return modules.flatMap((module) =>
    Object.values(module).filter((each) => typeof each === "object" && each !== null && "touchedBy" in each),
  );
}

const epoch = "epoch";
const at = (n: number) => ({ epoch, n });

/** How each is told: as seen or sent, and on a site of an organization by another of it too. */
const ways = (
  own: SiteId,
  isOfOrganization: boolean,
): readonly { readonly siteId: SiteId; readonly isSeen: boolean }[] => [
  { siteId: own, isSeen: true },
  { siteId: own, isSeen: false },
  ...(isOfOrganization ? [{ siteId: "sibling" as SiteId, isSeen: true }] : []),
];

describe("whatever a process that remembers something forgets of it", () => {
  it.each(Object.entries(places))("is touched for one that remembers nothing: %s", async (_place, env) => {
    const all = await declarations();
    const { store } = serveConfiguredSite({ env, clock });
    const tally = { forgotten: 0, touched: 0, asked: 0 };
    const missed: string[] = [];
    for (const what of changes) {
      for (const way of ways(store.site.siteId, store.site.organization !== null)) {
        const event: ChangeEvent = { ...what, ...way };
        for (const each of all) for (const id of ids) store.of(each).prime(id, rememberedOf(each.name), clock.now());
        const before = all.map((each) => ids.map((id) => store.of(each).remembered(id)));
        const heard = new SiteChanges(store.site);
        heard.begin(at(1));
        heard.hear(2, event);
        heard.advance(at(2));
        const own = new SiteChanges(store.site);
        own.begin(at(1));
        own.tell(1, event);
        store.forget(event);
        all.forEach((each, index) => {
          ids.forEach((id, position) => {
            const value = before[index]?.[position];
            const isForgotten = store.of(each).remembered(id) !== value;
            const isTouched = heard.isTouchedSince(`${epoch}.1`, each, id, value);
            tally.asked += 1;
            if (isForgotten) tally.forgotten += 1;
            if (isTouched) tally.touched += 1;
            const isOwnTouched = own.isTouchedSince(`${epoch}.1`, each, id, value);
            if (
              (isForgotten && !isTouched) ||
              isTouched !== isOwnTouched ||
              heard.isTouchedSince(`${epoch}.2`, each, id, value)
            )
              missed.push(`${JSON.stringify(event)}: ${each.name} ${id}`);
          });
        });
        await clock.advance(1);
      }
    }
    expect(missed).toEqual([]);
    expect(tally.forgotten).toBeGreaterThan(500);
    // Most changes touch little, and so it must stay.
    expect(tally.touched).toBeLessThan(tally.asked / 2);
  });
});

describe("what was read at a position", () => {
  const { store } = serveConfiguredSite({ env: cloud, clock });
  const changed = (id: string): ChangeEvent => ({
    ...{ kind: "spaceGrantsChanged", spaceId: id as SpaceId },
    ...{ siteId: store.site.siteId, isSeen: true },
  });
  const grants = { items: [], gaps: [], assumptions: [], asOfMs: 0 };

  function hearing(count = 3): SiteChanges {
    const heard = new SiteChanges(store.site);
    heard.begin(at(10));
    for (let n = 11; n <= 10 + count; n += 1) heard.hear(n, changed(`space${n}`));
    heard.advance(at(10 + count));
    return heard;
  }
  const isTouched = (heard: SiteChanges, position: string, id: string) =>
    heard.isTouchedSince(position, spaceGrants, id as SpaceId, grants);

  it("is touched by what came after it alone", () => {
    const heard = hearing();
    expect(heard.appliedPosition).toBe("epoch.13");
    expect(
      ["epoch.10", "epoch.11", "epoch.12", "epoch.13", "epoch.99"].map((each) => isTouched(heard, each, "space12")),
    ).toEqual([...[true, true, false, false, false]]);
    expect(isTouched(heard, "epoch.10", "untouched")).toBe(false);
    heard.hear(14, changed("space12"));
    expect(isTouched(heard, "epoch.13", "space12")).toBe(true);
  });

  it.each(["epoch.9", "another.12", "garbage", "", "alone-one.3"])(
    "is touched where nobody can tell: %j",
    (position) => {
      expect(isTouched(hearing(), position, "untouched")).toBe(true);
    },
  );

  it("is touched, all of it, by a process that hears nothing any more, until it does again", () => {
    const heard = hearing();
    heard.lose();
    expect(heard.appliedPosition).toBeNull();
    expect(isTouched(heard, "epoch.13", "untouched")).toBe(true);
    heard.advance(at(13));
    expect(isTouched(heard, "epoch.13", "untouched")).toBe(false);
  });

  it("is touched by a change of our own that has no number yet, whatever its position", () => {
    const heard = hearing();
    heard.tell(1, changed("own"));
    expect(isTouched(heard, "epoch.13", "own")).toBe(true);
    expect(isTouched(heard, "epoch.13", "other")).toBe(false);
    heard.number(1, 14);
    heard.advance(at(14));
    expect(isTouched(heard, "epoch.13", "own")).toBe(true);
    expect(isTouched(heard, "epoch.14", "own")).toBe(false);
  });

  it("is touched by what a caller brought of another process, until the stream tells of it", () => {
    const heard = hearing();
    heard.noteRumour("one 7", changed("brought"));
    expect(isTouched(heard, "epoch.13", "brought")).toBe(true);
    expect(isTouched(heard, "epoch.13", "other")).toBe(false);
    heard.hear(14, changed("brought"));
    heard.advance(at(14));
    heard.noteRumour("one 7", null);
    expect(isTouched(heard, "epoch.13", "brought")).toBe(true);
    expect(isTouched(heard, "epoch.14", "brought")).toBe(false);
  });

  it("is touched no more by what could not be told and never will be", () => {
    const heard = hearing();
    for (let ticket = 1; ticket <= fleetLimits.mostUntold + 1; ticket += 1) heard.tell(ticket, changed(`own${ticket}`));
    expect(isTouched(heard, "epoch.13", "own1")).toBe(false);
    expect(isTouched(heard, "epoch.13", "own2")).toBe(true);
  });

  it("is touched where more came since than is kept, and keeps no more than that", () => {
    const heard = hearing(3 * fleetLimits.mostKnown);
    expect(isTouched(heard, "epoch.10", "untouched")).toBe(true);
    expect(isTouched(heard, `epoch.${10 + 3 * fleetLimits.mostKnown - 10}`, "untouched")).toBe(false);
    expect(
      isTouched(heard, `epoch.${10 + 3 * fleetLimits.mostKnown - 10}`, `space${10 + 3 * fleetLimits.mostKnown}`),
    ).toBe(true);
  });

  it("is touched where nothing was found in which it could be seen", () => {
    const heard = hearing();
    heard.hear(14, { kind: "groupDeleted", groupId, siteId: store.site.siteId, isSeen: true });
    const touches = (value: typeof grants | null) =>
      heard.isTouchedSince("epoch.13", spaceGrants, "else" as SpaceId, value);
    expect([touches(null), touches(grants)]).toEqual([true, false]);
  });

  it("is touched where groups hold groups and nothing tells which are above", () => {
    const { store: nested } = serveConfiguredSite({ env: dataCenter, clock });
    const heard = new SiteChanges(nested.site);
    heard.begin(at(1));
    heard.hear(2, { kind: "membershipChanged", groupId, accountId, siteId: nested.site.siteId, isSeen: true });
    expect(heard.appliedPosition).toBe("epoch.1");
    expect(heard.isTouchedSince("epoch.1", groupMembers, "parent" as GroupId, grants)).toBe(true);
  });
});
