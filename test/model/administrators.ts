import type { World } from "../../sandbox/src/world/World.js";

/**
 * The spaces that somebody active administers, read off a world. Where no organization is asked, nobody can tell who is suspended
 * or has no licence: then such people count, as they do for the product.
 */
export function administered(world: World, hasOrganization: boolean): ReadonlySet<string> {
  const spaces = [...onCloud(world, hasOrganization), ...onDataCenter(world)];
  // A personal space goes with its owner, unasked.
  return new Set(
    spaces
      .filter(({ people }) => people.some((can) => can("administer/space") && can("read/space")))
      .map(({ id }) => id),
  );
}

interface SpaceAbility {
  readonly id: string;
  /** Of each active person: what it may do there. */
  readonly people: readonly ((operation: string) => boolean)[];
}

function onCloud({ cloud }: World, hasOrganization: boolean): SpaceAbility[] {
  if (cloud === undefined) return [];
  const { mode, accounts, groups, spaces, roles } = cloud;
  const active = accounts.filter(
    ({ accountType, accountStatus, orgStatus = "active", productRoles }) =>
      accountType === "atlassian" &&
      accountStatus === "active" &&
      (!hasOrganization || (orgStatus === "active" && productRoles?.length !== 0)),
  );
  return spaces.filter(isShared).map(({ id, permissions, roleAssignments }) => ({
    id,
    people: active.map(({ accountId }) => {
      const own = new Set([
        accountId,
        ...groups.filter(({ members }) => members.includes(accountId)).map((group) => group.id),
        ...["all-licensed-users", "anonymous-users"],
      ]);
      const held = new Set([
        ...permissions
          .filter(({ principal }) => mode !== "ROLES" && own.has(principal.id))
          .map(({ operation }) => `${operation.key}/${operation.targetType}`),
        ...roleAssignments
          .filter(({ principal }) => mode !== "PRE_ROLES" && own.has(principal.principalId))
          .flatMap(({ roleId }) => roles.find((role) => role.id === roleId)?.spacePermissions ?? []),
      ]);
      return (operation) => held.has(operation);
    }),
  }));
}

function onDataCenter({ dataCenter }: World): SpaceAbility[] {
  if (dataCenter === undefined) return [];
  const { users, groups, spaces } = dataCenter;
  const active = users.filter(({ status }) => status === "current");
  return spaces.filter(isShared).map(({ id, permissions }) => ({
    id: String(id),
    people: active.map(({ userKey, username }) => {
      const mine = new Set(groups.filter(({ members }) => holdsName(members, username)).map(({ name }) => name));
      // Members of a group in a group are members of both.
      for (let size = -1; size !== mine.size; ) {
        size = mine.size;
        for (const { name, groups: children = [] } of groups)
          if (children.some((each) => mine.has(each))) mine.add(name);
      }
      const held = permissions.filter(({ subject }) =>
        subject.type === "user"
          ? subject.userKey === userKey || (subject.name !== undefined && holdsName([subject.name], username))
          : subject.type === "anonymous" || (subject.type === "group" && mine.has(subject.name ?? "")),
      );
      return (name) => held.some(({ operation }) => `${operation.operationKey}/${operation.targetType}` === name);
    }),
  }));
}

function isShared({ type }: { readonly type: string }): boolean {
  return type !== "personal";
}

function holdsName(names: readonly string[], username: string): boolean {
  return names.some((name) => name.toLowerCase() === username.toLowerCase());
}
