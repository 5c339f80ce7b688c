/** Whom a permission is granted to. */
export type Subject =
  /** The user may be gone; its rows stay. */
  | { readonly kind: "user"; readonly userKey: string }
  /** Left over in a world file: a user name that nobody has and no key. It matches nobody, until somebody gets the name. */
  | { readonly kind: "lost-user"; readonly username: string }
  /** The group may be gone; its rows stay. */
  | { readonly kind: "group"; readonly name: string }
  | { readonly kind: "anonymous" }
  | { readonly kind: "unlicensed" };

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
