import type { Subject } from "./Subject.js";

/** One text a subject: equal for equal subjects. Names are case-insensitive. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case "user":
      return `user ${subject.userKey}`;
    case "lost-user":
      return `lost-user ${subject.username.toLowerCase()}`;
    case "group":
      return `group ${subject.name.toLowerCase()}`;
    default:
      return subject.kind;
  }
}
