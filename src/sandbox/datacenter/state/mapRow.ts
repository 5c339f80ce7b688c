import type { DataCenterPermission } from "../../world/World.js";
import type { DataCenterUserBook } from "./DataCenterUserBook.js";
import type { PermissionRow } from "./PermissionRow.js";
import type { Subject } from "./Subject.js";

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
