import type { Grant } from "../../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { InputError } from "../errors/errorCodes.js";
import { Recent } from "./Recent.js";

/** What an opaque global id stands for. */
export type GlobalId =
  | { readonly type: "Site"; readonly siteId: SiteId }
  | { readonly type: "Account"; readonly siteId: SiteId; readonly accountId: AccountId }
  | { readonly type: "Group"; readonly siteId: SiteId; readonly groupId: GroupId }
  | { readonly type: "AccessClass"; readonly siteId: SiteId; readonly reportedType: string; readonly classId: string }
  | { readonly type: "Space"; readonly siteId: SiteId; readonly spaceId: SpaceId }
  | { readonly type: "SpaceRole"; readonly siteId: SiteId; readonly roleId: RoleId }
  | { readonly type: "Change"; readonly siteId: SiteId; readonly changeId: string }
  | ({ readonly type: "Grant"; readonly siteId: SiteId } & GrantAddress);

/** Where a grant is stored. */
export type GrantAddress =
  | { readonly kind: "membership"; readonly groupId: GroupId; readonly accountId: AccountId }
  | { readonly kind: "nesting"; readonly groupId: GroupId; readonly memberGroupId: GroupId }
  | { readonly kind: "global"; readonly operation: Operation; readonly principal: Principal }
  | { readonly kind: "permission"; readonly spaceId: SpaceId; readonly permissionId: string }
  | { readonly kind: "role"; readonly spaceId: SpaceId; readonly roleId: RoleId; readonly principal: Principal };

export type GlobalIdType = GlobalId["type"];

/** The opaque id of a thing: type, site and native id in one string that needs no escaping anywhere. */
export function encodeGlobalId(id: GlobalId): string {
  return Buffer.from(JSON.stringify(partsOf(id))).toString("base64url");
}

function partsOf(id: GlobalId): string[] {
  switch (id.type) {
    case "Site":
      return ["Site", id.siteId];
    case "Account":
      return ["Account", id.siteId, id.accountId];
    case "Group":
      return ["Group", id.siteId, id.groupId];
    case "AccessClass":
      return ["AccessClass", id.siteId, id.reportedType, id.classId];
    case "Space":
      return ["Space", id.siteId, id.spaceId];
    case "SpaceRole":
      return ["SpaceRole", id.siteId, id.roleId];
    case "Change":
      return ["Change", id.siteId, id.changeId];
    case "Grant":
      switch (id.kind) {
        case "membership":
          return ["Grant", id.siteId, "m", id.groupId, id.accountId];
        case "nesting":
          return ["Grant", id.siteId, "n", id.groupId, id.memberGroupId];
        case "global":
          return ["Grant", id.siteId, "s", id.operation.key, id.operation.target, ...principalParts(id.principal)];
        case "permission":
          return ["Grant", id.siteId, "p", id.spaceId, id.permissionId];
        case "role":
          return ["Grant", id.siteId, "r", id.spaceId, id.roleId, ...principalParts(id.principal)];
      }
  }
}

function principalParts(principal: Principal): string[] {
  switch (principal.kind) {
    case "account":
      return ["a", principal.accountId];
    case "group":
      return ["g", principal.groupId];
    case "accessClass":
      return ["c", principal.reportedType, principal.classId];
  }
}

const decoded = new Recent<string, GlobalId>();

/** Reads an opaque id back; `null` for anything that this graph never gave out. */
export function decodeGlobalId(text: string): GlobalId | null {
  const known = decoded.get(text);
  if (known !== undefined) return known;
  const id = decode(text);
  return id === null ? null : decoded.set(text, id);
}

function decode(text: string): GlobalId | null {
  const [type, site, ...rest] = readParts(text) ?? [];
  if (type === undefined || site === undefined) return null;
  const siteId = site as SiteId;
  const [first, second] = rest;
  if (type === "Site" && rest.length === 0) return { type, siteId };
  if (type === "Grant") {
    const address = readGrantAddress(rest);
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

/** How a list of texts begins as JSON, `["`, in base64url. Parsing what is none takes ten times as long as seeing that. */
const beginning = "WyJ";

function readParts(text: string): string[] | null {
  if (!text.startsWith(beginning) || text.length > maxLength || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const isList = Array.isArray(parts) && parts.every((part) => typeof part === "string" && part !== "");
    return isList ? (parts as string[]) : null;
  } catch {
    return null;
  }
}

function readGrantAddress([kind, place, what, ...holder]: string[]): GrantAddress | null {
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

/** Where a grant is stored: the part of its global id that names it within its site. */
export function grantAddress(grant: Grant): GrantAddress {
  switch (grant.kind) {
    case "membership":
      return { kind: "membership", groupId: grant.groupId, accountId: grant.accountId };
    case "nesting":
      return { kind: "nesting", groupId: grant.groupId, memberGroupId: grant.memberGroupId };
    case "global":
      return { kind: "global", operation: grant.operation, principal: grant.principal };
    case "permission":
      return { kind: "permission", spaceId: grant.spaceId, permissionId: grant.permissionId };
    case "role":
      return { kind: "role", spaceId: grant.spaceId, roleId: grant.roleId, principal: grant.principal };
  }
}

/** An argument that must be the id of one of some types; throws `BAD_USER_INPUT` saying what it is instead. */
export function readGlobalId<T extends GlobalIdType>(
  text: string,
  argument: string,
  types: readonly T[],
): Extract<GlobalId, { type: T }> {
  const id = decodeGlobalId(text);
  const wanted = types.join(" or ");
  if (id === null) {
    throw new InputError(
      "INVALID_ID",
      argument,
      `"${excerpt(text)}" is not an id of this graph. Pass an \`id\` of type ${wanted} exactly as it was answered.`,
    );
  }
  if (!isOneOf(id, types)) {
    throw new InputError(
      "INVALID_ID",
      argument,
      `This is an id of type ${id.type}; an id of type ${wanted} is needed here.`,
    );
  }
  return id;
}

function isOneOf<T extends GlobalIdType>(id: GlobalId, types: readonly T[]): id is Extract<GlobalId, { type: T }> {
  return types.some((type) => type === id.type);
}

function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
