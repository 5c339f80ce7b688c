import type { Gap } from "../../../domain/Complete.js";
import type { SpaceGrant } from "../../../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import { type Principal, principalKey } from "../../../domain/Principal.js";
import type { SpacePart } from "../parts.js";
import type { SiteTables } from "../SiteTables.js";
import type { Steps } from "../store/slices.js";
import { copyReading, type ReadingCopy, readingOf, type ToOwn } from "./readings.js";

type PrincipalCopy = readonly ["a" | "g", string] | readonly ["c", classId: string, reportedType: string];

/** What one principal is granted: of each granular row the operation, by its place, and its id, where it has one of its own. */
type HolderCopy = readonly [PrincipalCopy, ...(readonly [operation: number, id?: string] | string)[]];

/** What a space grants. */
export interface SpaceGrantsCopy {
  readonly reading: ReadingCopy | null;
  readonly operations: readonly (readonly [key: string, target: string])[];
  readonly holders: readonly HolderCopy[];
  readonly doubted: readonly (readonly [PrincipalCopy, Gap])[];
}

export function copySpaceGrants({ spaces, holders: codes }: SiteTables, spaceId: SpaceId): SpaceGrantsCopy {
  const space = spaces.ids.find(spaceId);
  const operations = new Map<string, { readonly place: number; readonly pair: readonly [string, string] }>();
  const placeOf = ({ key, target }: Operation): number => {
    const name = `${key}/${target}`;
    const known = operations.get(name) ?? { place: operations.size, pair: [key, target] as const };
    operations.set(name, known);
    return known.place;
  };
  const holders = new Map<string, [PrincipalCopy, ...(readonly [number, string?] | string)[]]>();
  for (const grant of spaces.grantsOf(space)) {
    const key = principalKey(grant.principal);
    const row = holders.get(key) ?? [copyPrincipal(grant.principal)];
    holders.set(key, row);
    if (grant.kind === "role") row.push(grant.roleId);
    else {
      const place = placeOf(grant.operation);
      const isOwn = grant.permissionId !== codes.permissionIdOf(grant.principal, grant.operation);
      row.push(isOwn ? [place, grant.permissionId] : [place]);
    }
  }
  const gaps = spaces.grantGapsOf(space);
  const reading = { gaps, asOfMs: spaces.asOfMsOf(space), assumptions: spaces.assumptionsOf(space) };
  return {
    reading: spaces.granting.has(space) ? copyReading(reading) : null,
    operations: [...operations.values()].map(({ pair }) => pair),
    holders: [...holders.values()],
    doubted: spaces.doubtedRowsOf(space).map(([principal, gap]) => [copyPrincipal(principal), gap]),
  };
}

export function* takeSpaceGrants(
  { spaces, holders: codes }: SiteTables,
  spaceId: SpaceId,
  { reading, operations, holders, doubted }: SpaceGrantsCopy,
  toOwn: ToOwn,
): Steps {
  if (reading !== null) {
    const known = operations.map(([key, target]) => ({ key, target }));
    const items = holders.flatMap(([holder, ...rows]) => {
      const principal = principalOf(holder);
      return rows.map((row): SpaceGrant => {
        if (typeof row === "string") return { kind: "role", principal, roleId: row as RoleId };
        const [place, id] = row;
        const operation = known[place] ?? { key: "", target: "" };
        const permissionId = id ?? codes.permissionIdOf(principal, operation);
        return { kind: "permission", permissionId, principal, operation };
      });
    });
    yield;
    yield* spaces.replaceGrants(spaceId, { items, ...readingOf(reading, toOwn) });
  }
  spaces.restoreDoubts(
    spaces.ids.intern(spaceId),
    doubted.map(([holder, gap]) => [principalOf(holder), gap]),
  );
}

/** What a space is, but for its grants. */
export function copySpace({ spaces }: SiteTables, space: number): SpacePart {
  return {
    spaceId: spaces.ids.idOf(space) as SpaceId,
    key: spaces.keyOf(space),
    name: spaces.nameOf(space),
    kind: spaces.kindOf(space),
    status: spaces.statusOf(space),
    ownerId: spaces.ownerOf(space),
    gaps: spaces.gapsOf(space),
  };
}

export function copyPrincipal(principal: Principal): PrincipalCopy {
  switch (principal.kind) {
    case "account":
      return ["a", principal.accountId];
    case "group":
      return ["g", principal.groupId];
    case "accessClass":
      return ["c", principal.classId, principal.reportedType];
  }
}

export function principalOf(copy: PrincipalCopy): Principal {
  const [kind, id, reportedType = ""] = copy;
  if (kind === "a") return { kind: "account", accountId: id as AccountId };
  if (kind === "g") return { kind: "group", groupId: id as GroupId };
  return { kind: "accessClass", classId: id, reportedType };
}
