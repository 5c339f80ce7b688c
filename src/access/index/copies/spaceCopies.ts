import type { Gap } from "../../../domain/Complete.js";
import type { SpaceGrant } from "../../../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import type { Principal } from "../../../domain/Principal.js";
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

/** Grants that one step looks at, about. */
const grantsAStep = 1_024;

/** As they are now, in steps: what changes before the last of them does not count. */
export function* copyingSpaceGrants({ spaces, holders: codes }: SiteTables, spaceId: SpaceId): Steps<SpaceGrantsCopy> {
  const space = spaces.ids.find(spaceId);
  const operations = new Map<string, { readonly place: number; readonly pair: readonly [string, string] }>();
  const placeOf = ({ key, target }: Operation): number => {
    const name = `${key}/${target}`;
    const known = operations.get(name) ?? { place: operations.size, pair: [key, target] as const };
    operations.set(name, known);
    return known.place;
  };
  const gaps = spaces.grantGapsOf(space);
  const trust = { gaps, asOfMs: spaces.asOfMsOf(space), assumptions: spaces.assumptionsOf(space) };
  const reading = spaces.granting.has(space) ? copyReading(trust) : null;
  const doubted = spaces
    .doubtedRowsOf(space)
    .map(([principal, gap]): [PrincipalCopy, Gap] => [copyPrincipal(principal), gap]);
  const holders: [PrincipalCopy, ...(readonly [number, string?] | string)[]][] = [];
  let seen = 0;
  for (const grants of spaces.grantsByHolder(space)) {
    const [first] = grants;
    if (first === undefined) continue;
    const row: (typeof holders)[number] = [copyPrincipal(first.principal)];
    holders.push(row);
    for (const grant of grants) {
      if (grant.kind === "role") row.push(grant.roleId);
      else {
        const place = placeOf(grant.operation);
        const isOwn = grant.permissionId !== codes.permissionIdOf(grant.principal, grant.operation);
        row.push(isOwn ? [place, grant.permissionId] : [place]);
      }
    }
    seen += grants.length;
    if (seen < grantsAStep) continue;
    seen = 0;
    yield;
  }
  return { reading, operations: [...operations.values()].map(({ pair }) => pair), holders, doubted };
}

export function* takeSpaceGrants(
  { spaces, holders: codes }: SiteTables,
  spaceId: SpaceId,
  { reading, operations, holders, doubted }: SpaceGrantsCopy,
  toOwn: ToOwn,
): Steps {
  if (reading !== null) {
    const known = operations.map(([key, target]) => ({ key, target }));
    const items: SpaceGrant[] = [];
    let seen = 0;
    for (const [holder, ...rows] of holders) {
      const principal = principalOf(holder);
      for (const row of rows) {
        if (typeof row === "string") {
          items.push({ kind: "role", principal, roleId: row as RoleId });
          continue;
        }
        const [place, id] = row;
        const operation = known[place] ?? { key: "", target: "" };
        const permissionId = id ?? codes.permissionIdOf(principal, operation);
        items.push({ kind: "permission", permissionId, principal, operation });
      }
      seen += rows.length;
      if (seen < grantsAStep) continue;
      seen = 0;
      yield;
    }
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
