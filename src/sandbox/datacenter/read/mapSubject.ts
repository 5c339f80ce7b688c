import type { DataCenterState } from "../state/DataCenterState.js";
import type { Subject } from "../state/Subject.js";

/**
 * Whom a permission is granted to. A user is told by key alone, under one type or another: what counts is which of
 * `userKey` and `name` is there (2026-11-21, test "tells users by key, whatever the type says").
 */
export function mapSubject({ users }: DataCenterState, subject: Subject): Readonly<Record<string, unknown>> {
  switch (subject.kind) {
    case "user":
      return {
        ...(users.byKey(subject.userKey) === undefined ? {} : { type: "known" }),
        userKey: subject.userKey,
      };
    case "lost-user":
      // Of somebody deleted long ago the name is all there is, and it stands in place of the key.
      return { type: "user", userKey: subject.username };
    case "group":
      return { type: "group", name: subject.name };
    default:
      return { type: subject.kind };
  }
}
