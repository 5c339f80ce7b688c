import { expect, it } from "vitest";
import type { WhatChanged } from "../../../../src/domain/Change.js";
import type { AccountId, GroupId, SpaceId } from "../../../../src/domain/ids.js";
import { readBody, writeBody } from "../../../../src/loaders/fleet/changeBody.js";

const [groupId, spaceId, accountId] = ["g" as GroupId, "s" as SpaceId, "a" as AccountId];
const account = { accountId, username: "u", email: null };

/** Processes of other versions read what this one writes: whatever changes here has another number of its format. */
const golden: { readonly [K in WhatChanged["kind"]]: readonly [WhatChanged & { readonly kind: K }, text: string] } = {
  membershipChanged: [{ kind: "membershipChanged", groupId, accountId }, '"groupId":"g","accountId":"a"'],
  groupCreated: [{ kind: "groupCreated", groupId: null }, '"groupId":null'],
  groupDeleted: [{ kind: "groupDeleted", groupId }, '"groupId":"g"'],
  spaceGrantsChanged: [{ kind: "spaceGrantsChanged", spaceId }, '"spaceId":"s"'],
  accountCreated: [{ kind: "accountCreated", ...account }, '"accountId":"a","username":"u","email":null'],
  accountUpdated: [{ kind: "accountUpdated", ...account }, '"accountId":"a","username":"u","email":null'],
  accountStatusChanged: [{ kind: "accountStatusChanged", ...account }, '"accountId":"a","username":"u","email":null'],
  accountRemoved: [{ kind: "accountRemoved", ...account }, '"accountId":"a","username":"u","email":null'],
  productRoleChanged: [{ kind: "productRoleChanged", accountId }, '"accountId":"a"'],
};

it.each(Object.entries(golden))("a change is told as in format 1: %s", (kind, [what, text]) => {
  const told = { url: "https://acme.example.com", orgId: null, what, isSeen: false };
  const bytes = writeBody({ processId: "one", ticket: 7, told });
  expect(bytes.toString()).toBe(
    `{"format":1,"processId":"one","ticket":7,"url":"https://acme.example.com","orgId":null,"what":{"kind":"${kind}",${text}},"isSeen":false}`,
  );
  expect(readBody(bytes)).toEqual({ processId: "one", ticket: 7, told });
});
