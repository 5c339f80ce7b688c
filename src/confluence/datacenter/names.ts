import type { GroupId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import type { NameRules } from "../port.js";

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

/** Everybody, signed in or not: Data Center's "anonymous" under the name that Cloud has for the same class. */
export const anonymousUsers = {
  kind: "accessClass",
  classId: "anonymous-users",
  reportedType: "anonymous",
} as const satisfies Principal;

const kindWords = { user: "user name", group: "group name", space: "space key" } as const;

/** What stands in a path by its name. */
type NamedInPath = keyof typeof kindWords;

/**
 * Why a name cannot stand in a path, for a person; `null` where it can. Data Center's web server refuses an encoded slash
 * or backslash with a 400 of its own.
 */
export function objectionToPathName(kind: NamedInPath, name: string): string | null {
  const sign = /[/\\]/.exec(name)?.[0];
  if (sign === undefined) return null;
  return `The ${kindWords[kind]} "${name}" holds a "${sign}", which Confluence Data Center takes in no path: its REST API cannot address the ${kind}.`;
}

/** A user's or a group's name, or a space's key, as it stands in a path. Throws `Unsupported` for one that cannot. */
export function pathName(kind: NamedInPath, name: string, call: string): string {
  const objection = objectionToPathName(kind, name);
  if (objection !== null) throw new SiteError("Unsupported", `${call} was not sent. ${objection}`, { call });
  if (name === "") {
    throw new SiteError("NotVisible", `${call} was not sent: no ${kind} has an empty name.`, { call });
  }
  return encodeURIComponent(name);
}

/**
 * The fourteen permissions of a space: in our words, which are Cloud's, in REST's, and in JSON-RPC's. Ours are REST's but for
 * two that Cloud calls otherwise: `delete_own/space` is `delete/space`, `restrict/space` is `restrict_content/space`.
 */
const operationTable = [
  ["read/space", "read/space", "VIEWSPACE"],
  ["create/page", "create/page", "EDITSPACE"],
  ["delete/page", "delete/page", "REMOVEPAGE"],
  ["create/blogpost", "create/blogpost", "EDITBLOG"],
  ["delete/blogpost", "delete/blogpost", "REMOVEBLOG"],
  ["create/comment", "create/comment", "COMMENT"],
  ["delete/comment", "delete/comment", "REMOVECOMMENT"],
  ["create/attachment", "create/attachment", "CREATEATTACHMENT"],
  ["delete/attachment", "delete/attachment", "REMOVEATTACHMENT"],
  ["delete/space", "delete_own/space", "REMOVEOWNCONTENT"],
  ["delete_mail/space", "delete_mail/space", "REMOVEMAIL"],
  ["export/space", "export/space", "EXPORTSPACE"],
  ["restrict_content/space", "restrict/space", "SETPAGEPERMISSIONS"],
  ["administer/space", "administer/space", "SETSPACEPERMISSIONS"],
] as const;

/**
 * What can be told beside the fourteen and has a name of its own in both: permissions that administrators may hold, and which
 * nothing here grants.
 */
const toldOnly = [["export/page", "export/page", "EXPORTPAGE"]] as const;
const named = [...operationTable, ...toldOnly];

const oursByRest: ReadonlyMap<string, string> = new Map(named.map(([ours, rest]) => [rest, ours]));
const oursByRemote: ReadonlyMap<string, string> = new Map(named.map(([ours, , remote]) => [remote, ours]));
const restByOurs: ReadonlyMap<string, string> = new Map(named.map(([ours, rest]) => [ours, rest]));
const remoteByOurs: ReadonlyMap<string, string> = new Map(named.map(([ours, , remote]) => [ours, remote]));
/** Before a key that would otherwise read like one of the fourteen and is none. */
const unknownPrefix = "unknown_";

/** What permissions are called: here, by REST, and by JSON-RPC. */
export const operationNames = {
  /** The fourteen, in our words. */
  all: operationTable.map(([ours]) => parseOperation(ours)) as readonly Operation[],

  /** A pair of REST's. One that no table has is kept as it comes. */
  fromRest({ operationKey, targetType }: { readonly operationKey: string; readonly targetType: string }): Operation {
    const ours = oursByRest.get(`${operationKey}/${targetType}`);
    return ours === undefined ? unknownOperation(operationKey, targetType) : parseOperation(ours);
  },

  /** A name of JSON-RPC's. One that no table has is kept in lower case, as something done to the space (`archivespace/space`). */
  fromRemote(name: string): Operation {
    const ours = oursByRemote.get(name.toUpperCase());
    return ours === undefined ? unknownOperation(name.toLowerCase(), "space") : parseOperation(ours);
  },

  /** As REST wants it written. */
  toRest({ key, target }: Operation): { readonly targetType: string; readonly operationKey: string } {
    const rest = restByOurs.get(`${key}/${target}`);
    const theirs = rest === undefined ? { key: withoutPrefix(key), target } : parseOperation(rest);
    return { targetType: theirs.target, operationKey: theirs.key };
  },

  /** As JSON-RPC wants it written. */
  toRemote({ key, target }: Operation): string {
    return remoteByOurs.get(`${key}/${target}`) ?? withoutPrefix(key).toUpperCase();
  },
};

function unknownOperation(key: string, target: string): Operation {
  return restByOurs.has(`${key}/${target}`) ? { key: `${unknownPrefix}${key}`, target } : { key, target };
}

function withoutPrefix(key: string): string {
  return key.startsWith(unknownPrefix) ? key.slice(unknownPrefix.length) : key;
}

function parseOperation(pair: string): Operation {
  const slash = pair.indexOf("/");
  return { key: pair.slice(0, slash), target: pair.slice(slash + 1) };
}
