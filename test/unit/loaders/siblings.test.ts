import { expect, it } from "vitest";
import type { WhatChanged } from "../../../src/domain/Change.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../../src/domain/ids.js";
import { ChangeEvents } from "../../../src/loaders/effects/ChangeEvents.js";

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
    site: { siteId: siteId as SiteId, organization: orgId === null ? null : { orgId } },
    forget: () => void forgot.push(siteId),
  });
  const here = site("here", "one");
  for (const each of [here, site("sibling", "one"), site("stranger", "two"), site("alone", null)]) events.join(each);
  events.tell(here, what, true);
  expect(forgot).toEqual(told);
});
