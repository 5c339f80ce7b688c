import { given, ObjectReader, Uniqueness } from "./ObjectReader.js";
import type {
  DataCenterGroup,
  DataCenterPermission,
  DataCenterSpace,
  DataCenterUser,
  DataCenterWorld,
} from "./World.js";

/**
 * The `dataCenter` half. Members and permissions may name users and groups that do not exist. What a list holds once in
 * Confluence it must hold once here, letter case aside: a file is read back as it was given, so that no entry is dropped
 * without a word.
 */
export function parseDataCenterWorld(reader: ObjectReader): DataCenterWorld {
  const faults = reader.faults;
  const version = reader.text("version");
  if (version !== "" && !/^\d+\.\d+(\.\d+)*$/.test(version)) reader.fault("version", "must look like 9.2.0");
  const contextPath = reader.string("contextPath");
  // Clients resolve . and .. before they send a path, and do not agree on how to encode other characters.
  if (contextPath !== "" && !/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(contextPath)) {
    reader.fault("contextPath", "must be empty or a path like /confluence, of letters, digits, . _ ~ and -");
  }
  if (/^\/__sandbox(\/|$)/.test(contextPath)) {
    reader.fault("contextPath", "must not begin with /__sandbox, below which the control routes are");
  }
  const keys = new Uniqueness(faults);
  const usernames = new Uniqueness(faults);
  const keyByName = new Map<string, string>();
  const users = reader.list("users", (value, path) => {
    const user = parseUser(new ObjectReader(value, path, faults));
    keys.check(user.userKey, `${path}.userKey`);
    // User names are case-insensitive.
    usernames.check(user.username.toLowerCase(), `${path}.username`);
    keyByName.set(user.username.toLowerCase(), user.userKey);
    return user;
  });
  const names = new Uniqueness(faults);
  const groups = reader.list("groups", (value, path) => {
    const group = parseGroup(new ObjectReader(value, path, faults));
    // Two that differ in letter case alone are one to Confluence: the second would take the place of the first.
    names.check(group.name.toLowerCase(), `${path}.name`);
    return group;
  });
  const ids = new Uniqueness(faults);
  const spaceKeys = new Uniqueness(faults);
  const spaces = reader.list("spaces", (value, path) => {
    const spaceReader = new ObjectReader(value, path, faults);
    const space = parseSpace(spaceReader, keyByName);
    // Where the id is malformed, 0 only stands in for it.
    if (spaceReader.holds("id", space.id)) ids.check(String(space.id), `${path}.id`);
    spaceKeys.check(space.key.toLowerCase(), `${path}.key`);
    return space;
  });
  const globalPermissions = parsePermissions(reader, "globalPermissions", keyByName);
  const administrators = reader.texts("administrators", { isRepetitionFault: true });
  reader.finish();
  return { version, contextPath, users, groups, spaces, globalPermissions, administrators };
}

function parseUser(reader: ObjectReader): DataCenterUser {
  const lastLogin = reader.optionalDate("lastLogin");
  const user: DataCenterUser = {
    userKey: reader.text("userKey"),
    username: reader.text("username"),
    displayName: reader.string("displayName"),
    email: reader.string("email"),
    status: reader.oneOf("status", ["current", "deactivated", "externally_deleted", "unlicensed"]),
    ...given({ lastLogin }),
  };
  reader.finish();
  return user;
}

function parseGroup(reader: ObjectReader): DataCenterGroup {
  const groups = reader.has("groups") ? reader.texts("groups", { isRepetitionFault: true }) : undefined;
  const group: DataCenterGroup = {
    name: reader.text("name"),
    members: reader.texts("members", { isRepetitionFault: true }),
    ...given({ groups }),
  };
  reader.finish();
  return group;
}

function parseSpace(reader: ObjectReader, keyByName: ReadonlyMap<string, string>): DataCenterSpace {
  const creator = reader.optionalText("creator");
  const space: DataCenterSpace = {
    id: reader.integer("id"),
    key: reader.text("key"),
    name: reader.string("name"),
    type: reader.oneOf("type", ["global", "personal"]),
    status: reader.oneOf("status", ["current", "archived"]),
    ...given({ creator }),
    permissions: parsePermissions(reader, "permissions", keyByName),
  };
  reader.finish();
  return space;
}

function parsePermissions(
  reader: ObjectReader,
  key: string,
  keyByName: ReadonlyMap<string, string>,
): readonly DataCenterPermission[] {
  const rows = new Uniqueness(reader.faults);
  return reader.list(key, (value, path) => {
    const faultsBefore = reader.faults.length;
    const row = parsePermission(new ObjectReader(value, path, reader.faults));
    if (reader.faults.length === faultsBefore) rows.check(permissionKey(row, keyByName), path);
    return row;
  });
}

function parsePermission(reader: ObjectReader): DataCenterPermission {
  const subject = reader.child("subject");
  const operation = reader.child("operation");
  const type = subject.oneOf("type", ["user", "group", "anonymous", "unlicensed"]);
  const name = subject.optionalText("name");
  const userKey = subject.optionalText("userKey");
  if (type === "group" && name === undefined && reader.has("subject")) subject.fault("name", "missing");
  if (type === "group" && userKey !== undefined) subject.fault("userKey", "only a user has a userKey");
  if (type !== "user" && type !== "group" && (name ?? userKey) !== undefined) {
    subject.fault("type", `${type} stands for many and takes neither name nor userKey`);
  }
  if (type === "user" && name === undefined && userKey === undefined && subject.has("type")) {
    subject.fault("userKey", "missing (a user needs userKey or name)");
  }
  const row: DataCenterPermission = {
    subject: { type, ...given({ name, userKey }) },
    operation: { operationKey: operation.text("operationKey"), targetType: operation.text("targetType") },
  };
  subject.finish();
  operation.finish();
  reader.finish();
  return row;
}

/**
 * One text a row: equal for rows that grant the same to the same subject, however it is named. `keyByName` has the user keys
 * by user name in lower case.
 */
function permissionKey({ subject, operation }: DataCenterPermission, keyByName: ReadonlyMap<string, string>): string {
  const name = subject.name?.toLowerCase() ?? "";
  const userKey = subject.userKey ?? (subject.type === "user" ? keyByName.get(name) : undefined);
  const who = userKey === undefined ? name : `key ${userKey}`;
  return `${subject.type} ${who}: ${operation.operationKey}/${operation.targetType}`;
}
