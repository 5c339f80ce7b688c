import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import type { GlobalId, GrantAddress } from "./GlobalId.js";

/** Reads an opaque id back; `null` for anything that this graph never gave out. */
export function decodeGlobalId(text: string): GlobalId | null {
  const [type, site, ...rest] = readParts(text) ?? [];
  if (type === undefined || site === undefined) return null;
  const siteId = site as SiteId;
  const [first, second] = rest;
  if (type === "Site" && rest.length === 0) return { type, siteId };
  if (type === "Grant") {
    const address = grantAddress(rest);
    return address === null ? null : { type, siteId, ...address };
  }
  if (type === "AccessClass" && first !== undefined && second !== undefined && rest.length === 2) {
    return { type, siteId, reportedType: first, classId: second };
  }
  if (first === undefined || rest.length !== 1) return null;
  switch (type) {
    case "Account":
      return { type, siteId, accountId: first as AccountId };
    case "Group":
      return { type, siteId, groupId: first as GroupId };
    case "Space":
      return { type, siteId, spaceId: first as SpaceId };
    case "SpaceRole":
      return { type, siteId, roleId: first as RoleId };
    case "Change":
      return { type, siteId, changeId: first };
    default:
      return null;
  }
}

/** Longer than any id that is given out: three names of 255 characters, each escaped. */
const maxLength = 8_000;

function readParts(text: string): string[] | null {
  if (text.length > maxLength || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const isList = Array.isArray(parts) && parts.every((part) => typeof part === "string" && part !== "");
    return isList ? (parts as string[]) : null;
  } catch {
    return null;
  }
}

function grantAddress([kind, place, what, ...holder]: string[]): GrantAddress | null {
  if (kind === undefined || place === undefined || what === undefined) return null;
  if (kind === "m" && holder.length === 0) {
    return { kind: "membership", groupId: place as GroupId, accountId: what as AccountId };
  }
  if (kind === "p" && holder.length === 0) {
    return { kind: "permission", spaceId: place as SpaceId, permissionId: what };
  }
  if (kind === "n" && holder.length === 0) {
    return { kind: "nesting", groupId: place as GroupId, memberGroupId: what as GroupId };
  }
  const principal = kind === "r" || kind === "s" ? readPrincipal(holder) : null;
  if (principal === null) return null;
  return kind === "r"
    ? { kind: "role", spaceId: place as SpaceId, roleId: what as RoleId, principal }
    : { kind: "global", operation: { key: place, target: what }, principal };
}

function readPrincipal([kind, first, second, ...more]: string[]): Principal | null {
  if (first === undefined || more.length > 0) return null;
  if (kind === "a" && second === undefined) return { kind: "account", accountId: first as AccountId };
  if (kind === "g" && second === undefined) return { kind: "group", groupId: first as GroupId };
  if (kind === "c" && second !== undefined) return { kind: "accessClass", reportedType: first, classId: second };
  return null;
}
