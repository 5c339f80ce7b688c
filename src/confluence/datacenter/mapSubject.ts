import type { AccountId } from "../../domain/ids.js";
import { anonymousUsers } from "./anonymousUsers.js";
import type { Holder } from "./Holder.js";
import { groupIdOf } from "./names/dataCenterNames.js";
import type { SubjectWire } from "./wire/permissionWire.js";

/**
 * The holder of a REST row. A user comes with or without a type, so what counts is what is there: a `userKey` is a user;
 * a name alone is a group's unless the type says that it is a user's. Whatever else comes is kept under its own type.
 */
export function mapSubject(subject: SubjectWire): Holder {
  if (subject === null || subject === undefined) return anonymousUsers;
  const reportedType = subject.type ?? "";
  const type = reportedType.toLowerCase();
  if (subject.userKey) return { kind: "account", accountId: subject.userKey as AccountId };
  if (subject.username) return { kind: "username", username: subject.username };
  const name = subject.name ?? "";
  if (name === "") {
    if (type === "anonymous") return anonymousUsers;
    return { kind: "accessClass", classId: type || "unknown", reportedType: reportedType || "unknown" };
  }
  if (type === "user" || type === "known") return { kind: "username", username: name };
  if (type === "group" || type === "") return { kind: "group", groupId: groupIdOf(name) };
  return { kind: "accessClass", classId: name, reportedType };
}
