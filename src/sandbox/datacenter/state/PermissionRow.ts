import type { DataCenterPermission } from "../../world/World.js";
import type { DataCenterUserBook } from "./DataCenterUserBook.js";
import type { Subject } from "./Subject.js";

/** One grant. */
export interface PermissionRow {
  readonly subject: Subject;
  readonly operation: Operation;
  /** The subject in the words of the world file it came from, so that it goes back into one the same. */
  readonly stated?: DataCenterPermission["subject"];
}

/** What a permission allows: `read` on `space`. The REST API's words. */
export interface Operation {
  readonly operationKey: string;
  readonly targetType: string;
}

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

/** A grant in the format of world files. A row that came from one goes back as it was, unless its name now means another. */
export function mapRow({ subject, operation, stated }: PermissionRow, users: DataCenterUserBook): DataCenterPermission {
  return {
    subject: stated !== undefined && isStillTrue(stated, subject, users) ? stated : mapSubject(subject),
    operation,
  };
}

function isStillTrue(stated: DataCenterPermission["subject"], subject: Subject, users: DataCenterUserBook): boolean {
  if (subject.kind === "lost-user") return true;
  return stated.type !== "user" || stated.userKey !== undefined || nameMeans(stated.name, subject, users);
}

function nameMeans(name: string | undefined, subject: Subject, users: DataCenterUserBook): boolean {
  return subject.kind === "user" && name !== undefined && users.byName(name)?.userKey === subject.userKey;
}

function mapSubject(subject: Subject): DataCenterPermission["subject"] {
  switch (subject.kind) {
    case "user":
      return { type: "user", userKey: subject.userKey };
    case "lost-user":
      return { type: "user", name: subject.username };
    case "group":
      return { type: "group", name: subject.name };
    default:
      return { type: subject.kind };
  }
}
