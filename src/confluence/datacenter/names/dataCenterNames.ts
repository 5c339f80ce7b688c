import type { GroupId, SpaceKey } from "../../../domain/ids.js";
import type { Principal } from "../../../domain/Principal.js";
import type { NameRules } from "../../NameRules.js";
import { anonymousUsers } from "../anonymousUsers.js";

/**
 * Data Center compares the names of groups and users, and the keys of spaces, whatever their case, and its answers spell one
 * name in several ways. A name that is an id is folded, as the site's own directory does: that needs no call and no memory,
 * so two processes, and one before and after it was started, give a group the same id.
 */
export const dataCenterNames: NameRules = {
  groupId: groupIdOf,
  principal: settlePrincipal,
  groupName: fold,
  username: fold,
  spaceKey: (text) => fold(text) as SpaceKey,
  permissionId: (text) => {
    const place = text.indexOf(groupMark);
    if (place === -1) return text;
    const start = place + groupMark.length;
    return text.slice(0, start) + fold(text.slice(start));
  },
};

/** Before a group's name in the id of a permission. */
export const groupMark = "@group:";

export function groupIdOf(name: string): GroupId {
  return fold(name) as GroupId;
}

/** Rows name a class by its type, which is its id but for that of anonymous users. */
function settlePrincipal(principal: Principal): Principal {
  if (principal.kind === "group") return { kind: "group", groupId: groupIdOf(principal.groupId) };
  if (principal.kind !== "accessClass" || principal.reportedType !== "access-class") return principal;
  const { classId } = principal;
  return classId === anonymousUsers.classId ? anonymousUsers : { ...principal, reportedType: classId };
}

/** All spellings of a user's name are one. */
export function fold(name: string): string {
  return name.toLowerCase();
}
