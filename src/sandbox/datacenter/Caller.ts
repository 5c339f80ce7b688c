import type { DataCenterUser } from "../world/World.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import type { Subject } from "./state/Subject.js";

/** Who calls, and what that opens. */
export interface Caller {
  /** Null for anonymous. */
  readonly user: DataCenterUser | null;
  /** Whose permissions count for it: its own, its groups' with those above them, anonymous's where it may use the site. */
  readonly subjects: readonly Subject[];
  /** By a group of administrators or by a global permission: opens what only administrators may ask and change. */
  readonly isAdministrator: boolean;
  /** In a group of administrators: sees every space, whatever its permissions say. */
  readonly isSuperUser: boolean;
  /** Whether it may use the site at all: licensed, or an administrator. */
  readonly mayUse: boolean;
}

/** Whom the credentials of the Data Center half act as; null for nobody: such a credential is refused. */
export interface ActingAs {
  /** Of the personal access token and of the password. */
  readonly administrator: { readonly username: string; readonly isAdministrator: boolean } | null;
  readonly reader: { readonly username: string } | null;
}

/** Whether a user's credentials are good. Who has no licence may sign in, and then may do next to nothing. */
export function maySignIn({ status }: DataCenterUser): boolean {
  return status === "current" || status === "unlicensed";
}

const anonymous = { kind: "anonymous" } as const;
const use = { operationKey: "use", targetType: "application" } as const;
const administering = ["application", "system"].map((targetType) => ({ operationKey: "administer", targetType }));

/** What somebody, or null for anonymous, may do by the state as it is now. */
export function evaluateCaller(
  { groups, globals, administrators }: DataCenterState,
  user: DataCenterUser | null,
): Caller {
  // What anonymous was granted has no effect while it may not use the site.
  const mayAnonymousUse = globals.has(anonymous, use);
  const shared: readonly Subject[] = mayAnonymousUse ? [anonymous] : [];
  if (user === null) {
    return { user, subjects: shared, isAdministrator: false, isSuperUser: false, mayUse: mayAnonymousUse };
  }
  const above = groups.withAncestors(groups.of(user.username));
  const own: readonly Subject[] = [
    { kind: "user", userKey: user.userKey },
    ...above.map((name) => ({ kind: "group", name }) as const),
  ];
  const named = new Set(administrators.map((name) => name.toLowerCase()));
  const isSuperUser = above.some((name) => named.has(name.toLowerCase()));
  const isAdministrator =
    isSuperUser || own.some((subject) => administering.some((operation) => globals.has(subject, operation)));
  // Anonymous's right to use the site licenses nobody who is signed in.
  const isLicensed = user.status === "current" && own.some((subject) => globals.has(subject, use));
  return { user, subjects: [...own, ...shared], isAdministrator, isSuperUser, mayUse: isAdministrator || isLicensed };
}
