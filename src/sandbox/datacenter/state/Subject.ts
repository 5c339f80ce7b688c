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
