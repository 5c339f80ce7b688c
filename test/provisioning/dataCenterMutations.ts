import type { AccountId, GroupId, SiteId, SpaceId } from "../../src/domain/ids.js";
import { encodeGlobalId } from "../../src/graph/schema/GlobalId.js";
import { dcGroups, dcSpaces, dcUsers } from "../support/dataCenterWorlds.js";
import type { dataCenterIds } from "./dataCenterIds.js";

type Ids = ReturnType<typeof dataCenterIds>;

/** How permissions and new accounts are written: by REST, or by JSON-RPC where the version has no REST for them. */
export type Way = "rest" | "rpc";

/** A mutation with something to do in the small Data Center world. */
export interface DataCenterMutation {
  readonly name: string;
  readonly type: string;
  readonly selection: string;
  readonly input: (ids: Ids, siteId: string) => Readonly<Record<string, unknown>>;
  readonly done: readonly string[];
  /** What it answers when it is asked once more. */
  readonly again: readonly string[];
  /** Everything that it sends to be written, as `METHOD /path body`; `null` where the version cannot do it. */
  readonly writes: Readonly<Record<Way, readonly [string, ...string[]] | null>>;
  /** How the site says yes to the first of them. */
  readonly yes: Readonly<Record<Way, Readonly<Record<string, unknown>>>>;
}

const one = "outcome plan userErrors { code field message }";
const many = `changes { ${one} } userErrors { code }`;
const api = "/confluence/rest/api";
const rpc = "POST /confluence/rpc/json-rpc/confluenceservice-v2";
const read = { operation: "read", target: "space" };
const page = { operation: "create", target: "page" };
const readBody = '[{"targetType":"space","operationKey":"read"}]';
const pageBody = '[{"targetType":"page","operationKey":"create"}]';
const deletionBody = '[{"targetType":"page","operationKey":"delete"}]';
const noContent = { rest: { status: 204 }, rpc: { status: 200, body: true } } as const;
const restAlways = { rest: { status: 204 }, rpc: { status: 204 } } as const;

const always = (...calls: readonly [string, ...string[]]) => ({ rest: calls, rpc: calls });

function rowId(siteId: string, space: keyof typeof dcSpaces, permissionId: string): string {
  const spaceId = String(dcSpaces[space]) as SpaceId;
  return encodeGlobalId({ type: "Grant", siteId: siteId as SiteId, kind: "permission", spaceId, permissionId });
}

function membershipId(siteId: string, groupId: string, accountId: string): string {
  return encodeGlobalId({
    ...{ type: "Grant", siteId: siteId as SiteId, kind: "membership" },
    ...{ groupId: groupId as GroupId, accountId: accountId as AccountId },
  });
}

/** The password that the mutations give to a new account. No part of it is hexadecimal, as ids are. */
export const givenPassword = 'Canary "Quux" \\ pässword';

/** Every mutation. */
export const dataCenterMutations: readonly DataCenterMutation[] = [
  {
    ...{ name: "grantSpaceAccess", type: "GrantSpaceAccessInput", selection: one },
    input: (ids) => ({ space: ids.space("ENG"), principal: ids.account(dcUsers.cara), permissions: [page] }),
    ...{ done: ["CREATED"], again: ["ALREADY_EXISTS"], yes: noContent },
    writes: {
      rest: [
        `PUT ${api}/space/ENG/permissions/user/${dcUsers.cara}/grant ${readBody}`,
        `PUT ${api}/space/ENG/permissions/user/${dcUsers.cara}/grant ${pageBody}`,
      ],
      rpc: [
        `${rpc}/addPermissionsToSpace [["VIEWSPACE"],"cara","ENG"]`,
        `${rpc}/addPermissionsToSpace [["EDITSPACE"],"cara","ENG"]`,
      ],
    },
  },
  {
    ...{ name: "revokeSpaceAccess", type: "RevokeSpaceAccessInput", selection: one },
    input: (ids) => ({ space: ids.space("DOCS"), accessClassId: "anonymous-users", permissions: [read] }),
    ...{ done: ["REMOVED"], again: ["NOT_PRESENT"], yes: noContent },
    writes: {
      rest: [`PUT ${api}/space/DOCS/permissions/anonymous/revoke ${readBody}`],
      rpc: [`${rpc}/removeAnonymousPermissionFromSpace ["VIEWSPACE","DOCS"]`],
    },
  },
  {
    ...{ name: "grantGroupMembership", type: "GrantGroupMembershipInput", selection: many },
    input: (ids) => ({ group: ids.group(dcGroups.c), accounts: [dcUsers.dan, dcUsers.cara].map(ids.account) }),
    ...{ done: ["CREATED", "ALREADY_EXISTS"], again: ["ALREADY_EXISTS", "ALREADY_EXISTS"], yes: restAlways },
    writes: always(`PUT ${api}/user/dan/group/c`),
  },
  {
    ...{ name: "revokeGroupMembership", type: "RevokeGroupMembershipInput", selection: many },
    input: (ids) => ({ group: ids.group(dcGroups.d), accounts: [dcUsers.fay, dcUsers.cara].map(ids.account) }),
    ...{ done: ["REMOVED", "NOT_PRESENT"], again: ["NOT_PRESENT", "NOT_PRESENT"], yes: restAlways },
    writes: always(`DELETE ${api}/user/fay/group/d`),
  },
  {
    ...{ name: "revokeGrants", type: "RevokeGrantsInput", selection: many },
    input: (_ids, siteId) => ({
      grants: [
        rowId(siteId, "ENG", `create/page@account:${dcUsers.jo}`),
        rowId(siteId, "DOCS", "read/space@class:anonymous:anonymous-users"),
        membershipId(siteId, dcGroups.a, dcUsers.ben),
      ],
    }),
    ...{ done: ["REMOVED", "REMOVED", "REMOVED"], again: ["NOT_PRESENT", "NOT_PRESENT", "NOT_PRESENT"] },
    yes: noContent,
    writes: {
      rest: [
        `PUT ${api}/space/ENG/permissions/user/${dcUsers.jo}/revoke ${pageBody}`,
        `PUT ${api}/space/DOCS/permissions/anonymous/revoke ${readBody}`,
        `DELETE ${api}/user/ben/group/a`,
      ],
      rpc: [
        `${rpc}/removePermissionFromSpace ["EDITSPACE","jo/ops","ENG"]`,
        `${rpc}/removeAnonymousPermissionFromSpace ["VIEWSPACE","DOCS"]`,
        `DELETE ${api}/user/ben/group/a`,
      ],
    },
  },
  {
    ...{ name: "applyAccessChanges", type: "ApplyAccessChangesInput", selection: many },
    input: (ids, siteId) => ({
      changes: [
        { revokeGrant: rowId(siteId, "ENG", `delete/page@account:${dcUsers.fay}`) },
        { grantGroupMembership: { group: ids.group(dcGroups.b), account: ids.account(dcUsers.ida) } },
        {
          grantSpaceAccess: { space: ids.space("DOCS"), principal: ids.group(dcGroups.a), permissions: [read] },
        },
      ],
    }),
    ...{ done: ["REMOVED", "CREATED", "CREATED"], again: ["NOT_PRESENT", "ALREADY_EXISTS", "ALREADY_EXISTS"] },
    yes: noContent,
    writes: {
      rest: [
        `PUT ${api}/space/ENG/permissions/user/${dcUsers.fay}/revoke ${deletionBody}`,
        `PUT ${api}/user/Ida%40Example.com/group/b`,
        `PUT ${api}/space/DOCS/permissions/group/a/grant ${readBody}`,
      ],
      rpc: [
        `${rpc}/removePermissionFromSpace ["REMOVEPAGE","fay","ENG"]`,
        `PUT ${api}/user/Ida%40Example.com/group/b`,
        `${rpc}/addPermissionsToSpace [["VIEWSPACE"],"a","DOCS"]`,
      ],
    },
  },
  {
    ...{ name: "createGroup", type: "CreateGroupInput", selection: one, input: () => ({ name: "night shift" }) },
    ...{ done: ["CREATED"], again: ["ALREADY_EXISTS"], yes: restAlways },
    writes: always(`POST ${api}/admin/group {"type":"group","name":"night shift"}`),
  },
  {
    ...{ name: "deleteGroup", type: "DeleteGroupInput", selection: one },
    input: (ids) => ({ group: ids.group(dcGroups.e) }),
    ...{ done: ["REMOVED"], again: ["NOT_PRESENT"], yes: restAlways },
    writes: always(`DELETE ${api}/admin/group/e`),
  },
  {
    ...{ name: "provisionAccount", type: "ProvisionAccountInput", selection: one },
    input: () => ({ email: "Grace@Example.com", displayName: "Grace", username: "grace", password: givenPassword }),
    ...{ done: ["CREATED"], again: ["ALREADY_EXISTS"] },
    yes: { rest: { status: 201, body: { userKey: "2c958083" } }, rpc: { status: 200, body: null } },
    writes: {
      rest: [
        `POST ${api}/admin/user ${JSON.stringify({
          ...{ userName: "grace", fullName: "Grace", email: "Grace@Example.com" },
          ...{ notifyViaEmail: false, password: givenPassword },
        })}`,
      ],
      rpc: [
        `${rpc}/addUser ${JSON.stringify([
          { name: "grace", fullname: "Grace", email: "Grace@Example.com" },
          givenPassword,
        ])}`,
      ],
    },
  },
  {
    ...{ name: "updateAccount", type: "UpdateAccountInput", selection: one },
    input: (ids) => ({ account: ids.account(dcUsers.ben), displayName: "Ben B." }),
    ...{ done: ["REPLACED"], again: ["ALREADY_EXISTS"], yes: restAlways },
    writes: { rest: [`PUT ${api}/admin/user/ben {"fullName":"Ben B.","email":"ben@example.com"}`], rpc: null },
  },
  {
    ...{ name: "suspendAccount", type: "SuspendAccountInput", selection: one },
    // Ben alone administers a space.
    input: (ids) => ({ account: ids.account(dcUsers.ben), acknowledgeAdministration: true }),
    ...{ done: ["REPLACED"], again: ["ALREADY_EXISTS"], yes: restAlways },
    writes: always(`PUT ${api}/admin/user/ben/disable`),
  },
  {
    ...{ name: "restoreAccount", type: "RestoreAccountInput", selection: one },
    input: (ids) => ({ account: ids.account(dcUsers.fay) }),
    ...{ done: ["REPLACED"], again: ["ALREADY_EXISTS"], yes: restAlways },
    writes: always(`PUT ${api}/admin/user/fay/enable`),
  },
  {
    ...{ name: "removeAccount", type: "RemoveAccountInput", selection: one },
    input: (ids) => ({ account: ids.account(dcUsers.eve) }),
    ...{ done: ["REMOVED"], again: ["NOT_PRESENT"] },
    yes: { rest: { status: 202, body: { id: "gone" } }, rpc: { status: 202, body: { id: "gone" } } },
    writes: always(`DELETE ${api}/admin/user/eve`),
  },
];
