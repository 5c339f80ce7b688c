import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import type { Subject } from "../state/Subject.js";

/** A user as every list and lookup words it. There is no e-mail here, and no `active`: only `status`, and only when asked. */
export function mapUser(
  { baseUrl, state }: DataCenterCall,
  { username, userKey, displayName, status }: DataCenterUser,
  expansions: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const isStatusWanted = expansions.has("status");
  return {
    type: "known",
    username,
    userKey,
    profilePicture: profilePicture(state.contextPath),
    displayName,
    ...(isStatusWanted ? { status } : {}),
    _links: { self: `${baseUrl}/rest/api/user?key=${encodeURIComponent(userKey)}` },
    _expandable: isStatusWanted ? {} : { status: "" },
  };
}

/** A user who was deleted and of whom only the key is left, in place of the name as well. */
export function mapLostUser({ state }: DataCenterCall, userKey: string): Readonly<Record<string, unknown>> {
  const picture = profilePicture(state.contextPath);
  return {
    type: "unknown",
    username: userKey,
    userKey,
    profilePicture: picture,
    displayName: `Unknown User (${userKey})`,
  };
}

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

/** A group: the name is all there is. */
export function mapGroup({ baseUrl }: DataCenterCall, name: string): Readonly<Record<string, unknown>> {
  return { type: "group", name, _links: { self: `${baseUrl}/rest/api/group/${encodeURIComponent(name)}` } };
}

/** The picture of somebody who has none of their own. */
export function profilePicture(contextPath: string): Readonly<Record<string, unknown>> {
  return { path: `${contextPath}/images/icons/profilepics/default.svg`, width: 48, height: 48, isDefault: true };
}
