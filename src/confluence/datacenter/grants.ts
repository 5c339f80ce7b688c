import { type Complete, type Gap, gapFromError } from "../../domain/Complete.js";
import type { GlobalGrant, SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { notVisible, SiteError } from "../../domain/SiteError.js";
import { type Found, fetchEach } from "../fetchMany.js";
import { readShape } from "../readShape.js";
import { callRemoteApi } from "./client.js";
import type { DataCenterContext } from "./context.js";
import { isRouteMissing } from "./features.js";
import { anonymousUsers, fold, groupIdOf, groupMark, operationNames, pathName } from "./names.js";
import { fetchSpaceKeys, fetchSpacesByKeys } from "./spaces.js";
import { type PermissionSetsWire, permissionSetsWire, permissionsWire, type SubjectWire } from "./wire.js";

/** What one space permits, read by its key. */
interface SpaceRows {
  readonly key: SpaceKey;
  readonly permissions: readonly SubjectPermission[];
  readonly asOfMs: number;
  /** False where neither the rows nor what was read before say that the key is this space's. */
  readonly isProved: boolean;
}

/**
 * What spaces grant, one call each. Rows have no id of their own, and equal rows are one grant. The call takes a key, which
 * may have become another space's: the rows of REST say whose they are, and where no row says it, keys that were learned
 * long ago, or before what the reader may be told, are proved by reading their spaces, many a call.
 *
 * @param notBeforeMs what was learned before this moment proves nothing.
 */
export async function fetchSpaceGrants(
  context: DataCenterContext,
  ids: readonly SpaceId[],
  notBeforeMs = 0,
): Promise<Found<SpaceId, Complete<SpaceGrant>>> {
  const keys = await fetchSpaceKeys(context, ids);
  const rows = await fetchEach(ids, context.client.concurrency, (id) =>
    fetchRows(context, id, keys.get(id), notBeforeMs),
  );
  const proved = await withoutStrangers(context, rows);
  const read = [...proved.values()].flatMap((outcome) => (outcome instanceof SiteError ? [] : outcome.permissions));
  const resolve = await resolveSubjects(context, read);
  return new Map(
    [...proved].map(([id, outcome]) => [id, outcome instanceof SiteError ? outcome : grantsOf(outcome, resolve)]),
  );
}

async function fetchRows(
  context: DataCenterContext,
  id: SpaceId,
  key: SpaceKey | SiteError | undefined,
  notBeforeMs: number,
): Promise<SpaceRows> {
  const { client, spaceKeys } = context;
  if (key === undefined) throw notVisible(`space ${id}`, "GET /rest/api/space");
  if (key instanceof SiteError) throw key;
  const isFresh = spaceKeys.isFresh(id, notBeforeMs);
  const asOfMs = client.clock.now();
  const { permissions, spaceId } = await fetchSpacePermissions(context, key);
  if (spaceId !== null && spaceId !== id) {
    spaceKeys.forget(id);
    const call = "GET /rest/api/space/{spaceKey}/permissions";
    throw new SiteError("NotVisible", `${call} answered for another space that has the key now.`, { call });
  }
  return { key, permissions, asOfMs, isProved: spaceId !== null || isFresh };
}

/** Without what was read under a key that is another space's by now; reading the spaces makes those forgotten. */
async function withoutStrangers(
  context: DataCenterContext,
  rows: Found<SpaceId, SpaceRows>,
): Promise<Found<SpaceId, SpaceRows>> {
  const unproved = new Map(
    [...rows].flatMap(([id, outcome]) =>
      outcome instanceof SiteError || outcome.isProved ? [] : [[id, outcome.key] as const],
    ),
  );
  const spaces = await fetchSpacesByKeys(context, [...unproved.values()]);
  return new Map(
    [...rows].flatMap(([id, outcome]) => {
      const key = unproved.get(id);
      if (key === undefined) return [[id, outcome]];
      const space = spaces.get(key);
      if (space instanceof SiteError) return [[id, space]];
      if (space?.spaceId === id) return [[id, outcome]];
      return [[id, notVisible(`space ${id} under the key it had`, "GET /rest/api/space")]];
    }),
  );
}

function grantsOf(
  { key, permissions, asOfMs }: SpaceRows,
  resolve: Awaited<ReturnType<typeof resolveSubjects>>,
): Complete<SpaceGrant> {
  const resolved = resolve({ permissions, where: `permissions of space ${key}`, asOfMs });
  const grants = new Map<string, SpaceGrant>();
  for (const { principal, operation } of resolved.items) {
    const permissionId = permissionIdOf(principal, operation);
    grants.set(permissionId, { kind: "permission", permissionId, principal, operation });
  }
  return { ...resolved, items: [...grants.values()] };
}

/** What is permitted on the site as a whole, unpaged. Rejects with `Unsupported` before 9.3. Pairs are kept as they come. */
export async function fetchGlobalGrants(context: DataCenterContext): Promise<Complete<GlobalGrant>> {
  const { client, features } = context;
  const asOfMs = client.clock.now();
  const read = (path: string) => client.fetchOne({ method: "GET", call: `GET ${path}`, path }, permissionsWire);
  const rows = await features.whereOffered("globalPermissions", async () =>
    // The list is documented as that of users, groups and anonymous; whether it holds the unlicensed is not said.
    (await Promise.all([read("/rest/api/permissions"), read("/rest/api/permissions/unlicensed")])).flat(),
  );
  const permissions = rows.map(({ subject, operation: { operationKey, targetType } }) => ({
    subject: mapSubject(subject),
    operation: { key: operationKey, target: targetType },
  }));
  const resolve = await resolveSubjects(context, permissions);
  const resolved = resolve({ permissions, where: "global permissions", asOfMs });
  const grants = new Map(resolved.items.map((grant) => [permissionIdOf(grant.principal, grant.operation), grant]));
  return { ...resolved, items: [...grants.values()] };
}

interface SpacePermissions {
  readonly permissions: readonly SubjectPermission[];
  /** The space that the rows say they are of; `null` where none says it. */
  readonly spaceId: SpaceId | null;
}

/**
 * What a space permits to whom, all in one call: by REST where the site has it (9.1) and its path takes the key, else by
 * JSON-RPC, which takes any key, knows users by name and does not tell what unlicensed users may. Rejects with `Unsupported`
 * where there is neither.
 */
async function fetchSpacePermissions(context: DataCenterContext, key: SpaceKey): Promise<SpacePermissions> {
  try {
    return await fetchByRest(context, key);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    return { permissions: await fetchByRemoteApi(context, key, error), spaceId: null };
  }
}

async function fetchByRest({ client, features }: DataCenterContext, key: SpaceKey): Promise<SpacePermissions> {
  const call = "GET /rest/api/space/{spaceKey}/permissions";
  const path = `/rest/api/space/${pathName("space", key, call)}/permissions`;
  const rows = await features.whereOffered("spacePermissions", () =>
    client.fetchOne({ method: "GET", call, path }, permissionsWire),
  );
  const permissions = rows.map(({ subject, operation }) => ({
    subject: mapSubject(subject),
    operation: operationNames.fromRest(operation),
  }));
  const told = rows.find(({ spaceId }) => spaceId !== null && spaceId !== undefined)?.spaceId;
  return { permissions, spaceId: (told === undefined ? null : String(told)) as SpaceId | null };
}

async function fetchByRemoteApi(
  context: DataCenterContext,
  key: SpaceKey,
  missing: SiteError,
): Promise<SubjectPermission[]> {
  const method = "getSpacePermissionSets";
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  try {
    const sets = await callRemoteApi(context, { method, parameters: [key], isRead: true });
    if (sets === null) {
      const message = `${call} answered null, which says nothing about the space's permissions. Ask again later.`;
      throw new SiteError("UpstreamFailed", message, { call, status: 200 });
    }
    return mapPermissionSets(readShape(permissionSetsWire, sets, call));
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    const message = `Space permissions cannot be read. ${missing.message} ${error.message}`;
    throw new SiteError("Unsupported", message, { call: missing.call, status: missing.status, cause: error });
  }
}

interface PrincipalPermission {
  readonly principal: Principal;
  readonly operation: Operation;
}

/** Rows as they were read, their users by name yet. */
interface PermissionList {
  readonly permissions: readonly SubjectPermission[];
  /** The rows, in a person's words: `permissions of space ds`. */
  readonly where: string;
  readonly asOfMs: number;
}

/**
 * How rows become permissions with their principals. All names of all rows are looked up together, after the rows were read:
 * a name can be given to somebody else, and a row must not go to whoever had it before. A user whose name is nobody's
 * (deleted, and left over here) is an account by that name; one whose name could not be looked up is kept as a principal
 * that nobody can tell, with a gap: no row is dropped.
 */
async function resolveSubjects(
  { userKeys }: DataCenterContext,
  rows: readonly SubjectPermission[],
): Promise<(read: PermissionList) => Complete<PrincipalPermission>> {
  const found = await userKeys.find(rows.flatMap(nameIn));
  const principalOf = ({ subject }: SubjectPermission): Principal => {
    if (subject.kind !== "username") return subject;
    const name = fold(subject.username);
    const known = found.get(name);
    if (typeof known === "string") return { kind: "account", accountId: known };
    // Nobody's any more: an account that no list knows. Its name, or its key in the name's place, is all that is left of it.
    if (known === null) return { kind: "account", accountId: name as AccountId };
    return { kind: "accessClass", classId: name, reportedType: "user" };
  };
  return ({ permissions, where, asOfMs }) => {
    const gaps = [...new Set(permissions.flatMap(nameIn))].flatMap((name): Gap[] => {
      const outcome = found.get(name);
      return outcome instanceof SiteError
        ? [gapFromError(`whose user name "${name}" is in the ${where}`, outcome)]
        : [];
    });
    const items = permissions.map((permission) => ({
      principal: principalOf(permission),
      operation: permission.operation,
    }));
    return { items, gaps, asOfMs, assumptions: [] };
  };
}

function nameIn({ subject }: SubjectPermission): string[] {
  return subject.kind === "username" ? [fold(subject.username)] : [];
}

/** Who holds a permission, as a row tells it: a user by name alone is nobody in particular until the name was looked up. */
type Subject = Principal | { readonly kind: "username"; readonly username: string };

/** One row of a list of permissions, whichever call it came by. */
interface SubjectPermission {
  readonly subject: Subject;
  readonly operation: Operation;
}

/**
 * The subject of a REST row. A user comes with or without a type, so what counts is what is there: a `userKey` is a user;
 * a name alone is a group's unless the type says that it is a user's. Whatever else comes is kept under its own type.
 */
export function mapSubject(subject: SubjectWire): Subject {
  if (subject === null || subject === undefined) return anonymousUsers;
  const reportedType = subject.type ?? "";
  const type = reportedType.toLowerCase();
  if (subject.userKey) return { kind: "account", accountId: subject.userKey as AccountId };
  if (subject.username) return { kind: "username", username: subject.username };
  const name = subject.name ?? "";
  if (name === "") {
    if (type === "anonymous") return anonymousUsers;
    return { kind: "accessClass", classId: type || "unknown", reportedType: reportedType || "unknown" };
  }
  if (type === "user" || type === "known") return { kind: "username", username: name };
  if (type === "group" || type === "") return { kind: "group", groupId: groupIdOf(name) };
  return { kind: "accessClass", classId: name, reportedType };
}

/** The rows of JSON-RPC's sets: users come by name alone, and anonymous as nobody. */
function mapPermissionSets(sets: PermissionSetsWire): SubjectPermission[] {
  return sets.flatMap(({ type, spacePermissions }) =>
    (spacePermissions ?? []).map((row) => ({
      subject: subjectOf(row),
      operation: operationNames.fromRemote(row.type || type),
    })),
  );
}

function subjectOf({
  userName,
  groupName,
}: {
  readonly userName?: string | null | undefined;
  readonly groupName?: string | null | undefined;
}): Subject {
  if (userName) return { kind: "username", username: userName };
  if (groupName) return { kind: "group", groupId: groupIdOf(groupName) };
  return anonymousUsers;
}

/** What names a stored row, which has no id of its own: what is permitted, and to whom. Equal for equal rows alone. */
export function permissionIdOf(principal: Principal, { key, target }: Operation): string {
  return `${key}/${target}${markOf(principal)}`;
}

function markOf(principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return `@account:${principal.accountId}`;
    case "group":
      return `${groupMark}${principal.groupId}`;
    case "accessClass":
      return `@class:${principal.reportedType}:${principal.classId}`;
  }
}
