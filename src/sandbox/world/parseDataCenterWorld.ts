import { ObjectReader } from "./ObjectReader.js";
import { Uniqueness } from "./Uniqueness.js";
import type {
  DataCenterGroup,
  DataCenterPermission,
  DataCenterSpace,
  DataCenterUser,
  DataCenterWorld,
} from "./World.js";

/** The `dataCenter` half. It is checked and kept; no Data Center route is emulated yet. */
export function parseDataCenterWorld(reader: ObjectReader): DataCenterWorld {
  const faults = reader.faults;
  const version = reader.text("version");
  if (version !== "" && !/^\d+\.\d+(\.\d+)*$/.test(version)) reader.fault("version", "must look like 9.2.0");
  const contextPath = reader.string("contextPath");
  if (contextPath !== "" && !/^(\/[^\s/?#]+)+$/.test(contextPath)) {
    reader.fault("contextPath", "must be empty or a path like /confluence");
  }
  const keys = new Uniqueness(faults);
  const usernames = new Uniqueness(faults);
  const users = reader.list("users", (value, path) => {
    const user = parseUser(new ObjectReader(value, path, faults));
    keys.check(user.userKey, `${path}.userKey`);
    // User names are case-insensitive.
    usernames.check(user.username.toLowerCase(), `${path}.username`);
    return user;
  });
  const names = new Uniqueness(faults);
  const groups = reader.list("groups", (value, path) => {
    const group = parseGroup(new ObjectReader(value, path, faults));
    names.check(group.name, `${path}.name`);
    return group;
  });
  const ids = new Uniqueness(faults);
  const spaceKeys = new Uniqueness(faults);
  const spaces = reader.list("spaces", (value, path) => {
    const space = parseSpace(new ObjectReader(value, path, faults));
    if (space.id !== 0) ids.check(String(space.id), `${path}.id`);
    spaceKeys.check(space.key, `${path}.key`);
    return space;
  });
  const globalPermissions = reader.list("globalPermissions", (value, path) =>
    parsePermission(new ObjectReader(value, path, faults)),
  );
  const administrators = reader.texts("administrators", { isUnique: true });
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
    ...(lastLogin === undefined ? {} : { lastLogin }),
  };
  reader.finish();
  return user;
}

function parseGroup(reader: ObjectReader): DataCenterGroup {
  const groups = reader.has("groups") ? reader.texts("groups", { isUnique: true }) : undefined;
  const group: DataCenterGroup = {
    name: reader.text("name"),
    members: reader.texts("members", { isUnique: true }),
    ...(groups === undefined ? {} : { groups }),
  };
  reader.finish();
  return group;
}

function parseSpace(reader: ObjectReader): DataCenterSpace {
  const creator = reader.optionalText("creator");
  const space: DataCenterSpace = {
    id: reader.integer("id"),
    key: reader.text("key"),
    name: reader.string("name"),
    type: reader.oneOf("type", ["global", "personal"]),
    status: reader.oneOf("status", ["current", "archived"]),
    ...(creator === undefined ? {} : { creator }),
    permissions: reader.list("permissions", (value, path) =>
      parsePermission(new ObjectReader(value, path, reader.faults)),
    ),
  };
  reader.finish();
  return space;
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
    subject: { type, ...(name === undefined ? {} : { name }), ...(userKey === undefined ? {} : { userKey }) },
    operation: { operationKey: operation.text("operationKey"), targetType: operation.text("targetType") },
  };
  subject.finish();
  operation.finish();
  reader.finish();
  return row;
}
