import type { AccountId, GroupId, SiteId, SpaceId } from "../../../src/domain/ids.js";
import { encodeGlobalId } from "../../../src/graph/schema/GlobalId.js";
import { dataCenterIds } from "../../provisioning/dataCenterIds.js";
import { dcGroups, dcSpaces, dcUsers } from "../../support/dataCenterWorlds.js";
import { escaped, holds, lacks, type Wanted, type WriteCase } from "./cases.js";

type Ids = ReturnType<typeof dataCenterIds>;
type Space = keyof typeof dcSpaces;
const read = { operation: "read", target: "space" };
const create = { operation: "create", target: "page" };

function membership(group: string, userKey: string, isToBe: boolean): Wanted {
  const fact = `member ${group} ${userKey}`;
  return { isSo: isToBe ? holds(fact) : lacks(fact), touches: new RegExp(`^${escaped(fact)}$`) };
}

function rows(space: Space, type: string, holder: string, isToBe: boolean, ...operations: readonly string[]): Wanted {
  const head = `row ${dcSpaces[space]} ${type} ${holder} `;
  const facts = operations.map((operation) => `${head}${operation}`);
  return { isSo: isToBe ? holds(...facts) : lacks(...facts), touches: new RegExp(`^${escaped(head)}`) };
}

/** What is asked of a Data Center site, the cheapest situation of each mutation first. */
export function dataCenterCases(siteId: string, version: string): readonly WriteCase[] {
  const ids = dataCenterIds(siteId);
  const grant = { siteId: siteId as SiteId, type: "Grant" as const };
  return [
    ...memberships(ids, (group, userKey) =>
      encodeGlobalId({ ...grant, kind: "membership", groupId: group as GroupId, accountId: userKey as AccountId }),
    ),
    ...permissions(ids, (space, permissionId) =>
      encodeGlobalId({ ...grant, kind: "permission", spaceId: String(dcSpaces[space]) as SpaceId, permissionId }),
    ),
    ...groups(ids),
    ...accounts(ids, version),
  ];
}

function memberships(ids: Ids, grantId: (group: string, userKey: string) => string): WriteCase[] {
  const change = (
    isToBe: boolean,
    title: string,
    group: string,
    who: readonly string[],
    answers: readonly string[],
  ): WriteCase => ({
    name: `${isToBe ? "grant" : "revoke"}GroupMembership ${title}`,
    mutation: isToBe ? "grantGroupMembership" : "revokeGroupMembership",
    input: { group: ids.group(group), accounts: who.map(ids.account) },
    wanted: who.map((userKey) => membership(group, userKey, isToBe)),
    answers,
  });
  const { a, b, d, empty } = dcGroups;
  return [
    change(true, "absent", empty, [dcUsers.ben], ["CREATED"]),
    change(true, "present", a, [dcUsers.ben], ["ALREADY_EXISTS"]),
    change(true, "suspended, present", d, [dcUsers.fay], ["ALREADY_EXISTS"]),
    change(true, "suspended, absent", empty, [dcUsers.fay], ["CREATED"]),
    change(true, "by a child group alone", b, [dcUsers.cara], ["CREATED"]),
    // The last of a list of many pages.
    change(false, "present on a later page", dcGroups.users, [dcUsers.support], ["REMOVED"]),
    change(false, "present", a, [dcUsers.ben], ["REMOVED"]),
    change(false, "absent", empty, [dcUsers.ben], ["NOT_PRESENT"]),
    change(false, "by a child group alone", b, [dcUsers.cara], ["NOT_PRESENT"]),
    change(false, "suspended, present", d, [dcUsers.fay], ["REMOVED"]),
    change(false, "several", d, [dcUsers.dan, dcUsers.fay, dcUsers.ben], ["REMOVED", "REMOVED", "NOT_PRESENT"]),
    {
      name: "revokeGrants of a membership",
      mutation: "revokeGrants",
      input: { grants: [grantId(a, dcUsers.ben)] },
      wanted: [membership(a, dcUsers.ben, false)],
      answers: ["REMOVED"],
    },
    {
      name: "applyAccessChanges of memberships",
      mutation: "applyAccessChanges",
      input: {
        changes: [
          { grantGroupMembership: { group: ids.group(empty), account: ids.account(dcUsers.ben) } },
          { revokeGroupMembership: { group: ids.group(a), account: ids.account(dcUsers.ben) } },
        ],
      },
      wanted: [membership(empty, dcUsers.ben, true), membership(a, dcUsers.ben, false)],
      answers: ["CREATED", "REMOVED"],
    },
  ];
}

function permissions(ids: Ids, grantId: (space: Space, permissionId: string) => string): WriteCase[] {
  const change = (
    isToBe: boolean,
    title: string,
    where: { readonly space: Space; readonly userKey: string },
    which: readonly (typeof read)[],
    answer: string,
  ): WriteCase => ({
    name: `${isToBe ? "grant" : "revoke"}SpaceAccess ${title}`,
    mutation: isToBe ? "grantSpaceAccess" : "revokeSpaceAccess",
    input: { space: ids.space(where.space), principal: ids.account(where.userKey), permissions: which },
    wanted: [
      rows(
        where.space,
        "user",
        where.userKey,
        isToBe,
        ...which.map(({ operation, target }) => `${operation}/${target}`),
      ),
    ],
    answers: [answer],
  });
  const administer = { operation: "administer", target: "space" };
  return [
    change(true, "absent", { space: "ENG", userKey: dcUsers.dan }, [read, create], "CREATED"),
    change(true, "present", { space: "ENG", userKey: dcUsers.kim }, [read], "ALREADY_EXISTS"),
    change(true, "absent of a suspended person", { space: "DOCS", userKey: dcUsers.fay }, [read], "CREATED"),
    change(false, "present", { space: "ENG", userKey: dcUsers.kim }, [read], "REMOVED"),
    change(false, "absent", { space: "ENG", userKey: dcUsers.dan }, [read], "NOT_PRESENT"),
    change(false, "present of a suspended person", { space: "ENG", userKey: dcUsers.fay }, [read], "REMOVED"),
    change(false, "of the last administrator", { space: "~ben", userKey: dcUsers.ben }, [administer], "FAILED"),
    {
      name: "revokeGrants of a row",
      mutation: "revokeGrants",
      input: { grants: [grantId("ENG", `read/space@account:${dcUsers.kim}`)] },
      wanted: [rows("ENG", "user", dcUsers.kim, false, "read/space")],
      answers: ["REMOVED"],
    },
    {
      name: "applyAccessChanges of rows",
      mutation: "applyAccessChanges",
      input: {
        changes: [
          {
            grantSpaceAccess: { space: ids.space("ENG"), principal: ids.account(dcUsers.dan), permissions: [read] },
          },
          {
            revokeSpaceAccess: { space: ids.space("ENG"), principal: ids.account(dcUsers.kim), permissions: [read] },
          },
          {
            grantSpaceAccess: { space: ids.space("DOCS"), principal: ids.group(dcGroups.a), permissions: [read] },
          },
        ],
      },
      wanted: [
        rows("ENG", "user", dcUsers.dan, true, "read/space"),
        rows("ENG", "user", dcUsers.kim, false, "read/space"),
        rows("DOCS", "group", dcGroups.a, true, "read/space"),
      ],
      answers: ["CREATED", "REMOVED", "CREATED"],
    },
  ];
}

function groups(ids: Ids): WriteCase[] {
  const { a, empty } = dcGroups;
  const group = (name: string) => `group ${name} ${name}`;
  return [
    {
      name: "createGroup absent",
      mutation: "createGroup",
      input: { name: "night shift" },
      wanted: [{ isSo: holds(group("night shift")), touches: / night shift$/ }],
      answers: ["CREATED"],
    },
    {
      name: "createGroup present",
      mutation: "createGroup",
      input: { name: "a" },
      wanted: [{ isSo: holds(group(a)), touches: /^never$/ }],
      answers: ["ALREADY_EXISTS"],
    },
    {
      name: "deleteGroup present",
      mutation: "deleteGroup",
      input: { group: ids.group(empty) },
      wanted: [{ isSo: lacks(group(empty)), touches: /^(group|member) empty / }],
      answers: ["REMOVED"],
    },
    {
      name: "deleteGroup absent",
      mutation: "deleteGroup",
      input: { group: ids.group("nobody's") },
      wanted: [{ isSo: lacks(group("nobody's")), touches: /^never$/ }],
      answers: ["NOT_PRESENT"],
    },
  ];
}

function accounts(ids: Ids, version: string): WriteCase[] {
  const single = (
    mutation: string,
    title: string,
    userKey: string,
    isSo: Wanted["isSo"],
    answer: string,
  ): WriteCase => ({
    name: `${mutation} ${title}`,
    mutation,
    input: { account: ids.account(userKey) },
    wanted: [{ isSo, touches: new RegExp(`${userKey}|^username `) }],
    answers: [answer],
  });
  const profile = `profile ${dcUsers.ben} Ben B. ben@example.com`;
  return [
    {
      name: "provisionAccount absent",
      mutation: "provisionAccount",
      input: { email: "grace@example.com", displayName: "Grace", username: "grace", password: "Once-4711" },
      wanted: [{ isSo: holds("username grace"), touches: /grace|^account |^member confluence-users / }],
      answers: ["CREATED"],
    },
    {
      name: "provisionAccount present, with a group",
      mutation: "provisionAccount",
      input: { email: "ben@example.com", username: "ben", groups: [ids.group(dcGroups.empty)] },
      wanted: [{ isSo: holds("username ben"), touches: /^never$/ }, membership(dcGroups.empty, dcUsers.ben, true)],
      answers: ["ALREADY_EXISTS", "CREATED"],
    },
    single("suspendAccount", "active", dcUsers.ben, holds(`blocked ${dcUsers.ben}`), "REPLACED"),
    single("suspendAccount", "suspended", dcUsers.fay, holds(`blocked ${dcUsers.fay}`), "ALREADY_EXISTS"),
    single("restoreAccount", "suspended", dcUsers.fay, lacks(`blocked ${dcUsers.fay}`), "REPLACED"),
    single("restoreAccount", "active", dcUsers.ben, lacks(`blocked ${dcUsers.ben}`), "ALREADY_EXISTS"),
    single("removeAccount", "present", dcUsers.eve, lacks(`account ${dcUsers.eve}`), "REMOVED"),
    single("removeAccount", "absent", dcUsers.gone, lacks(`account ${dcUsers.gone}`), "NOT_PRESENT"),
    ...(version < "9" && !version.startsWith("10")
      ? []
      : [
          {
            ...single("updateAccount", "other name", dcUsers.ben, holds(profile), "REPLACED"),
            input: { account: ids.account(dcUsers.ben), displayName: "Ben B." },
          },
        ]),
  ];
}
