import type { DataCenterUser } from "../world/World.js";
import type { Caller } from "./Caller.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import type { Subject } from "./state/Subject.js";

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
