import type { Complete, Gap } from "../../domain/Complete.js";
import { mergeGaps } from "../../domain/Complete.js";
import { type SpaceGrant, spaceGrantKey } from "../../domain/Grant.js";
import type { RoleId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import { compareText } from "../../domain/textOrder.js";
import type { SiteTables } from "./SiteTables.js";

/** What one principal is granted in a space directly: one row, whatever number of grants it is stored as. */
export interface Holder {
  readonly principal: Principal;
  /** What its grants surely give, roles expanded. */
  readonly operations: readonly Operation[];
  /** What they may give beside: behind roles of which it is not known whether, or what, they give. */
  readonly unknown: readonly Operation[];
  readonly mayGiveAnything: boolean;
  readonly roles: readonly RoleId[];
  /** The stored grants: what a revocation names. */
  readonly grants: readonly SpaceGrant[];
}

/** The direct holders of a space, ordered by principal: accounts, classes, groups, each by id. */
export function tellHolders(tables: SiteTables, space: number): Complete<Holder> {
  const { roles, sets, spaces, holders } = tables;
  const rows = spaces.holdings.rowsOf(space);
  const grants = new Map<string, SpaceGrant[]>();
  for (const grant of spaces.grantsOf(space)) {
    const key = principalKey(grant.principal);
    const known = grants.get(key);
    if (known === undefined) grants.set(key, [grant]);
    else known.push(grant);
  }
  const keyed: { readonly key: string; readonly holder: Holder }[] = [];
  for (let at = 0; at < rows.length; at += 2) {
    const set = rows[at + 1] ?? 0;
    const principal = holders.principalOf(rows[at] ?? 0);
    const key = principalKey(principal);
    const sure = new Uint32Array(sets.stride);
    const possible = new Uint32Array(sets.stride);
    sets.addSure(set, sure);
    sets.addPossible(set, possible);
    for (let word = 0; word < possible.length; word += 1) possible[word] = (possible[word] ?? 0) & ~(sure[word] ?? 0);
    const holder = {
      principal,
      operations: sets.operationsIn(sure),
      unknown: sets.operationsIn(possible),
      mayGiveAnything: sets.givesAnything(set),
      roles: sets.rolesOf(set),
      grants: (grants.get(key) ?? []).sort((left, right) => compareText(spaceGrantKey(left), spaceGrantKey(right))),
    };
    keyed.push({ key, holder });
  }
  keyed.sort((left, right) => compareText(left.key, right.key));
  const items = keyed.map(({ holder }) => holder);
  const hasRoles = items.some((holder) => holder.roles.length > 0);
  const roleGaps: readonly Gap[] = hasRoles ? mergeGaps(roles.gaps, roles.roles.gaps) : [];
  const asOfMs = spaces.asOfMsOf(space);
  return {
    items,
    gaps: mergeGaps(spaces.grantGapsOf(space), roleGaps),
    asOfMs: hasRoles ? Math.min(asOfMs, roles.roles.asOfMs) : asOfMs,
    assumptions: spaces.assumptionsOf(space),
  };
}
