import type { WorldAccount, WorldGroup } from "../world/World.js";
import type { ScimCall } from "./ScimCall.js";
import { schemas } from "./schemas.js";

/** A user as SCIM shows it: what the world does not tell is absent, never made up. */
export function mapScimUser({ directory, base }: ScimCall, account: WorldAccount): Record<string, unknown> {
  const id = directory.userIdOf(account);
  const { email, givenName, familyName, displayName, department, externalId, accountId } = account;
  const { attributes } = directory.extrasOf(account);
  const { organization } = attributes;
  return {
    schemas: [schemas.user, schemas.enterprise, schemas.atlassian],
    id,
    ...(externalId === undefined ? {} : { externalId }),
    // The document says USER; live answers say User (2026-11-20, test "are as described, but for the resource type").
    meta: { resourceType: "User", location: `${base}/Users/${id}`, ...directory.timesOf(accountId) },
    userName: directory.userNameOf(account),
    name: {
      formatted: displayName,
      ...(familyName === undefined ? {} : { familyName }),
      ...(givenName === undefined ? {} : { givenName }),
    },
    displayName,
    ...attributes,
    ...(department === undefined ? {} : { department }),
    active: directory.isActive(account),
    emails: email === null || email === "" ? [] : [{ value: email, type: "work", primary: true }],
    groups: directory.groupsOf(account).map((group) => {
      const value = directory.groupIdOf(group);
      return { type: "Group", value, display: group.name, $ref: `${base}/Groups/${value}` };
    }),
    [schemas.enterprise]: {
      ...(typeof organization === "string" ? { organization } : {}),
      ...(department === undefined ? {} : { department }),
    },
    [schemas.atlassian]: { atlassianAccountId: accountId },
  };
}

/** A group as SCIM shows it, with those of its members that the directory knows. */
export function mapScimGroup({ directory, state, base }: ScimCall, group: WorldGroup): Record<string, unknown> {
  const id = directory.groupIdOf(group);
  const externalId = directory.groupExternalIdOf(group);
  return {
    schemas: [schemas.group],
    id,
    ...(externalId === undefined ? {} : { externalId }),
    displayName: group.name,
    members: group.members.flatMap((accountId) => {
      const account = state.accounts.get(accountId);
      if (account === undefined) return [];
      const value = directory.userIdOf(account);
      if (directory.user(value) === undefined) return [];
      return [{ type: "User", value, display: directory.userNameOf(account), $ref: `${base}/Users/${value}` }];
    }),
    meta: { resourceType: "Group", location: `${base}/Groups/${id}`, ...directory.timesOf(group.id) },
  };
}
