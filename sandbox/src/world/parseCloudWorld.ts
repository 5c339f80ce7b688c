import { given, ObjectReader, Uniqueness } from "./ObjectReader.js";
import type {
  CloudWorld,
  UntoldField,
  WorldAccount,
  WorldGroup,
  WorldPermission,
  WorldRole,
  WorldRoleAssignment,
  WorldRoleElsewhere,
  WorldSpace,
} from "./World.js";

/** The `cloud` half. Principals, members, authors and role ids may name what does not exist: deletions leave such rows. */
export function parseCloudWorld(reader: ObjectReader): CloudWorld {
  const faults = reader.faults;
  const cloudId = reader.text("cloudId");
  if (/[\s/?#%]/.test(cloudId)) reader.fault("cloudId", "must be usable as one segment of a path");
  const siteUrl = reader.optionalText("siteUrl");
  if (siteUrl !== undefined && !/^https?:\/\/[^\s/]+/.test(siteUrl)) reader.fault("siteUrl", "must be an http(s) URL");
  const mode = reader.oneOf("mode", ["PRE_ROLES", "ROLES_TRANSITION", "ROLES"]);
  const addingMemberTwice = reader.has("addingMemberTwice") ? readTwice(reader) : undefined;
  const deletedGroupsLoseGrants = reader.optionalBoolean("deletedGroupsLoseGrants");
  const ids = new Map<string, string>();
  const intern = (text: string): string | undefined => ids.get(text);
  const accountIds = new Uniqueness(faults);
  const accounts = reader.list("accounts", (value, path) => {
    const account = parseAccount(new ObjectReader(value, path, faults));
    accountIds.check(account.accountId, `${path}.accountId`);
    ids.set(account.accountId, account.accountId);
    return account;
  });
  const groupIds = new Uniqueness(faults);
  const groups = reader.list("groups", (value, path) => {
    const group = parseGroup(new ObjectReader(value, path, faults), intern);
    groupIds.check(group.id, `${path}.id`);
    return group;
  });
  const unique = { ids: new Uniqueness(faults), keys: new Uniqueness(faults) };
  const spaces = reader.list("spaces", (value, path) => {
    const space = parseSpace(new ObjectReader(value, path, faults));
    unique.ids.check(space.id, `${path}.id`);
    unique.keys.check(space.key, `${path}.key`);
    return space;
  });
  const roleIds = new Uniqueness(faults);
  const roles = reader.list("roles", (value, path) => {
    const role = parseRole(new ObjectReader(value, path, faults));
    roleIds.check(role.id, `${path}.id`);
    return role;
  });
  reader.finish();
  const undocumented = given({ addingMemberTwice, deletedGroupsLoseGrants });
  return { cloudId, ...given({ siteUrl }), mode, ...undocumented, accounts, groups, spaces, roles };
}

function readTwice(reader: ObjectReader): 201 | 400 | undefined {
  const status = reader.integer("addingMemberTwice");
  if (status === 201 || status === 400) return status;
  reader.fault("addingMemberTwice", "must be 201 or 400");
  return undefined;
}

function parseAccount(reader: ObjectReader): WorldAccount {
  const account: WorldAccount = {
    accountId: reader.text("accountId"),
    accountType: reader.oneOf("accountType", ["atlassian", "app", "customer", "unknown"]),
    accountStatus: reader.oneOf("accountStatus", ["active", "inactive", "closed", "unknown"]),
    displayName: reader.string("displayName"),
    email: reader.stringOrNull("email"),
    ...given({
      hiddenEmail: reader.optionalBoolean("hiddenEmail"),
      isExternalCollaborator: reader.optionalBoolean("isExternalCollaborator"),
      orgStatus: reader.optionalOneOf("orgStatus", [
        "active",
        "suspended",
        "not_invited",
        "deactivated",
        "for_deletion",
      ]),
      productRoles: reader.optionalTexts("productRoles"),
      lastActive: reader.optionalDate("lastActive"),
      managed: reader.optionalBoolean("managed"),
      givenName: reader.optionalText("givenName"),
      familyName: reader.optionalText("familyName"),
      department: reader.optionalText("department"),
      externalId: reader.optionalText("externalId"),
      untold: reader.optionalTexts("untold")?.map((field) => {
        const known = untoldFields.find((each) => each === field);
        if (known === undefined) reader.fault("untold", `must hold only ${untoldFields.join(", ")}`);
        return known ?? "email";
      }),
      rolesElsewhere: reader.has("rolesElsewhere")
        ? reader.list("rolesElsewhere", parseRoleElsewhere(reader.faults))
        : undefined,
    }),
  };
  reader.finish();
  return account;
}

const untoldFields: readonly UntoldField[] = ["productAccess", "platformRoles", "email"];

function parseRoleElsewhere(faults: ObjectReader["faults"]) {
  return (value: unknown, path: string): WorldRoleElsewhere => {
    const reader = new ObjectReader(value, path, faults);
    const role = { role: reader.text("role"), resource: reader.text("resource") };
    reader.finish();
    return role;
  };
}

function parseGroup(reader: ObjectReader, intern: (text: string) => string | undefined): WorldGroup {
  const group: WorldGroup = {
    id: reader.text("id"),
    name: reader.text("name"),
    ...given({
      usageType: reader.optionalText("usageType"),
      managedBy: reader.optionalOneOf("managedBy", ["ADMINS", "EXTERNAL", "TEAM_MEMBERS", "OPEN"]),
      accessType: reader.optionalOneOf("accessType", ["admin", "user", "site-admin"]),
    }),
    members: reader.texts("members", { isUnique: true, intern }),
    ...given({ listedTwice: reader.optionalTexts("listedTwice") }),
  };
  reader.finish();
  return group;
}

function parseSpace(reader: ObjectReader): WorldSpace {
  const id = reader.text("id");
  if (id !== "" && !isDecimal(id)) reader.fault("id", "must be decimal digits, at most 19");
  // A row is addressed by its space and its id, so worlds may count each space's rows from 1.
  const permissionIds = new Uniqueness(reader.faults);
  const principals = new Uniqueness(reader.faults);
  const space: WorldSpace = {
    id,
    key: reader.text("key"),
    ...given({ alias: reader.optionalText("alias") }),
    name: reader.string("name"),
    type: reader.text("type"),
    status: reader.oneOf("status", ["current", "archived", "trashed"]),
    authorId: reader.text("authorId"),
    ...given({ spaceOwnerId: reader.optionalText("spaceOwnerId") }),
    createdAt: reader.date("createdAt"),
    permissions: reader.list("permissions", (value, path) => {
      const row = parsePermission(new ObjectReader(value, path, reader.faults));
      permissionIds.check(row.id ?? "", `${path}.id`);
      return row;
    }),
    roleAssignments: reader.list("roleAssignments", (value, path) => {
      const row = parseAssignment(new ObjectReader(value, path, reader.faults));
      // One role per principal per space: two would be a state that Confluence cannot hold.
      const { principalType, principalId } = row.principal;
      if (principalId !== "") principals.check(`${principalType} ${principalId}`, `${path}.principal`);
      return row;
    }),
  };
  reader.finish();
  return space;
}

function parsePermission(reader: ObjectReader): WorldPermission {
  const id = reader.optionalText("id");
  if (id !== undefined && id !== "" && !isDecimal(id)) reader.fault("id", "must be decimal digits, at most 19");
  const principal = reader.child("principal");
  const operation = reader.child("operation");
  const row: WorldPermission = {
    ...given({ id }),
    principal: {
      type: principal.oneOf("type", ["user", "group", "role", "access-class"]),
      id: principal.text("id"),
    },
    operation: { key: operation.text("key"), targetType: operation.text("targetType") },
  };
  principal.finish();
  operation.finish();
  reader.finish();
  return row;
}

function parseAssignment(reader: ObjectReader): WorldRoleAssignment {
  const principal = reader.child("principal");
  const row: WorldRoleAssignment = {
    principal: {
      principalType: principal.oneOf("principalType", ["USER", "GROUP", "ACCESS_CLASS"]),
      principalId: principal.text("principalId"),
    },
    roleId: reader.text("roleId"),
  };
  principal.finish();
  reader.finish();
  return row;
}

function parseRole(reader: ObjectReader): WorldRole {
  const role: WorldRole = {
    id: reader.text("id"),
    type: reader.oneOf("type", ["SYSTEM", "CUSTOM"]),
    name: reader.text("name"),
    description: reader.string("description"),
    spacePermissions: reader.texts("spacePermissions", { isUnique: true }),
  };
  reader.finish();
  return role;
}

function isDecimal(id: string): boolean {
  return /^(0|[1-9]\d{0,18})$/.test(id);
}
