import { describe, expect, it } from "vitest";
import type { ConfluenceSite } from "../../../../src/confluence/port.js";
import type { SiteWriter } from "../../../../src/confluence/writerPort.js";
import type { WhatChanged } from "../../../../src/domain/Change.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../../../src/domain/ids.js";
import { SiteError } from "../../../../src/domain/SiteError.js";
import { ChangeEvents, tellOfWrites } from "../../../../src/loaders/engine/ChangeEvents.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { serveConfiguredSite } from "../../../support/serveConfiguredSite.js";

const cloud = {
  CONFLUENCE_URL: "https://acme.atlassian.net",
  CONFLUENCE_EMAIL: "svc@example.com",
  CONFLUENCE_API_TOKEN: "token",
  ATLASSIAN_ORG_ID: "org",
  ATLASSIAN_ORG_API_KEY: "key",
  ATLASSIAN_SCIM_DIRECTORY_ID: "directory",
  ATLASSIAN_SCIM_KEY: "key",
};
const dataCenter = {
  CONFLUENCE_URL: "https://wiki.example.com",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "token",
};

type Call = (...given: readonly unknown[]) => unknown;

/** Its functions, each of which is refused; `seen` by the names of those that were called. */
function refusing<T extends object>(port: T, error: SiteError): T {
  const entries = Object.entries(port).map(([name, each]) => [
    name,
    typeof each === "function" ? () => Promise.reject(error) : each,
  ]);
  return Object.fromEntries(entries) as T;
}

function siteOf(env: Readonly<Record<string, string>>, error: SiteError): ConfluenceSite {
  const { site } = serveConfiguredSite({ env, clock: new ManualClock() }).store;
  const { organization, writer } = site;
  const refused: SiteWriter = {
    ...refusing(writer, error),
    accounts: writer.accounts === null ? null : refusing(writer.accounts, error),
  };
  if (organization === null) return { ...site, writer: refused };
  const scim = organization.scim === null ? null : refusing(organization.scim, error);
  return {
    ...site,
    writer: refused,
    organization: { ...organization, writer: refusing(organization.writer, error), scim },
  };
}

/** Asks nobody, or reads alone; every other function of a port writes. */
const reads = new Set([
  "objectionTo",
  "objectionToMembership",
  "objectionToGroup",
  "checkAccessByEmail",
  "passwordWays",
  "objectionToUpdate",
  "objectionToNewUsername",
  "objectionToUsername",
  "taskOf",
  "byUserName",
  "byId",
]);

/** What each write is called with: enough to tell what it is of. */
const space = { spaceId: "s", key: "S" };
const given: Readonly<Record<string, readonly unknown[]>> = {
  addPermission: [space, {}, {}],
  removePermission: [space, {}],
  setRole: [space, {}, null],
  addMember: ["g", "a"],
  removeMember: ["g", "a"],
  createGroup: ["Team"],
  deleteGroup: ["g"],
  inviteByEmail: [["ann@example.com"]],
  invite: [{ email: "ann@example.com", groupIds: [] }],
};

describe("every write of a site", () => {
  it.each([
    ["refused", new SiteError("AccessRefused", "no", { call: "x", status: 403 })],
    ["cut off", new SiteError("Unreachable", "lost", { call: "x" })],
  ])("tells what it may have changed, also when it is %s", async (_how, error) => {
    const told: Record<string, WhatChanged["kind"] | undefined> = {};
    const heard: WhatChanged[] = [];
    for (const env of [cloud, dataCenter]) {
      const site = tellOfWrites(siteOf(env, error), (what) => heard.push(what));
      const { writer, organization } = site;
      for (const port of [writer, writer.accounts, organization?.writer, organization?.scim]) {
        for (const [name, each] of Object.entries(port ?? {})) {
          if (typeof each !== "function" || reads.has(name)) continue;
          heard.length = 0;
          const call = each as Call;
          await expect(call(...(given[name] ?? ["ann", {}])), name).rejects.toBe(error);
          told[`${port === organization?.scim ? "scim " : ""}${name}`] = heard[0]?.kind;
        }
      }
    }
    // Strictly, so that a write of which nothing is told is not taken for none.
    expect(told).toStrictEqual({
      addPermission: "spaceGrantsChanged",
      removePermission: "spaceGrantsChanged",
      setRole: "spaceGrantsChanged",
      addMember: "membershipChanged",
      removeMember: "membershipChanged",
      createGroup: "groupCreated",
      deleteGroup: "groupDeleted",
      inviteByEmail: "accountCreated",
      create: "accountCreated",
      update: "accountUpdated",
      disable: "accountStatusChanged",
      enable: "accountStatusChanged",
      remove: "accountRemoved",
      invite: "accountCreated",
      assignRole: "productRoleChanged",
      suspend: "accountStatusChanged",
      restore: "accountStatusChanged",
      "scim create": "accountCreated",
      "scim setActive": "accountStatusChanged",
      "scim remove": "accountRemoved",
    });
  });
});

const accountId = "a" as AccountId;
const groupId = "g" as GroupId;
const account = { accountId, username: null, email: null };

const changes: readonly (readonly [WhatChanged, readonly string[]])[] = [
  [{ kind: "accountStatusChanged", ...account }, ["here", "sibling"]],
  [{ kind: "accountRemoved", ...account }, ["here", "sibling"]],
  [{ kind: "membershipChanged", groupId, accountId }, ["here", "sibling"]],
  [{ kind: "groupDeleted", groupId }, ["here", "sibling"]],
  [{ kind: "productRoleChanged", accountId }, ["here", "sibling"]],
  [{ kind: "spaceGrantsChanged", spaceId: "1" as SpaceId }, ["here"]],
];

it.each(changes)("tells the sites of an organization what is of all of them: %j", (what, told) => {
  const events = new ChangeEvents();
  const forgot: string[] = [];
  const site = (siteId: string, orgId: string | null) => ({
    site: {
      siteId: siteId as SiteId,
      url: `https://${siteId}.example.com`,
      organization: orgId === null ? null : { orgId },
    },
    forget: () => void forgot.push(siteId),
    forgetAll: () => undefined,
  });
  const here = site("here", "one");
  for (const each of [here, site("sibling", "one"), site("stranger", "two"), site("alone", null)]) events.join(each);
  events.tell(here, what, true);
  expect(forgot).toEqual(told);
});
