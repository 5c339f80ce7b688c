import type { Operation } from "../../domain/Operation.js";

/**
 * The fourteen permissions of a space: in our words, which are Cloud's, in REST's, and in JSON-RPC's. Ours are REST's but for
 * two that Cloud calls otherwise: `delete_own/space` is `delete/space`, `restrict/space` is `restrict_content/space`.
 */
const table = [
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
const told = [["export/page", "export/page", "EXPORTPAGE"]] as const;
const named = [...table, ...told];

const oursByRest: ReadonlyMap<string, string> = new Map(named.map(([ours, rest]) => [rest, ours]));
const oursByRemote: ReadonlyMap<string, string> = new Map(named.map(([ours, , remote]) => [remote, ours]));
const restByOurs: ReadonlyMap<string, string> = new Map(named.map(([ours, rest]) => [ours, rest]));
const remoteByOurs: ReadonlyMap<string, string> = new Map(named.map(([ours, , remote]) => [ours, remote]));
/** Before a key that would otherwise read like one of the fourteen and is none. */
const stranger = "unknown_";

/** What permissions are called: here, by REST, and by JSON-RPC. */
export const operationNames = {
  /** The fourteen, in our words. */
  all: table.map(([ours]) => parse(ours)) as readonly Operation[],

  /** A pair of REST's. One that no table has is kept as it comes. */
  fromRest({ operationKey, targetType }: { readonly operationKey: string; readonly targetType: string }): Operation {
    const ours = oursByRest.get(`${operationKey}/${targetType}`);
    return ours === undefined ? strange(operationKey, targetType) : parse(ours);
  },

  /** A name of JSON-RPC's. One that no table has is kept in lower case, as something done to the space (`archivespace/space`). */
  fromRemote(name: string): Operation {
    const ours = oursByRemote.get(name.toUpperCase());
    return ours === undefined ? strange(name.toLowerCase(), "space") : parse(ours);
  },

  /** As REST wants it written. */
  toRest({ key, target }: Operation): { readonly targetType: string; readonly operationKey: string } {
    const rest = restByOurs.get(`${key}/${target}`);
    const theirs = rest === undefined ? { key: withoutPrefix(key), target } : parse(rest);
    return { targetType: theirs.target, operationKey: theirs.key };
  },

  /** As JSON-RPC wants it written. */
  toRemote({ key, target }: Operation): string {
    return remoteByOurs.get(`${key}/${target}`) ?? withoutPrefix(key).toUpperCase();
  },
};

function strange(key: string, target: string): Operation {
  return restByOurs.has(`${key}/${target}`) ? { key: `${stranger}${key}`, target } : { key, target };
}

function withoutPrefix(key: string): string {
  return key.startsWith(stranger) ? key.slice(stranger.length) : key;
}

function parse(pair: string): Operation {
  const slash = pair.indexOf("/");
  return { key: pair.slice(0, slash), target: pair.slice(slash + 1) };
}
