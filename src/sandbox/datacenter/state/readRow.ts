import type { DataCenterPermission } from "../../world/World.js";
import type { DataCenterUserBook } from "./DataCenterUserBook.js";
import type { PermissionRow } from "./PermissionRow.js";
import type { Subject } from "./Subject.js";

/** A row of a world file: a user who is only named is found by the name, where somebody has it. */
export function readRow({ subject, operation }: DataCenterPermission, users: DataCenterUserBook): PermissionRow {
  return { subject: readSubject(subject, users), operation, stated: subject };
}

function readSubject(
  { type, name = "", userKey }: DataCenterPermission["subject"],
  users: DataCenterUserBook,
): Subject {
  if (type === "group") return { kind: "group", name };
  if (type !== "user") return { kind: type };
  const key = userKey ?? users.byName(name)?.userKey;
  return key === undefined ? { kind: "lost-user", username: name } : { kind: "user", userKey: key };
}
