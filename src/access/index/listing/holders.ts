import { type Complete, type Gap, mergeGaps, type Trust } from "../../../domain/Complete.js";
import { type SpaceGrant, spaceGrantKey } from "../../../domain/Grant.js";
import type { RoleId, SpaceId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import { type Principal, principalKey } from "../../../domain/Principal.js";
import { compareText } from "../../../domain/textOrder.js";
import type { PageWanted } from "../answers.js";
import { gapsTold, type SiteTables } from "../SiteTables.js";
import { Bitmap } from "../store/Bitmap.js";
import { pageOf } from "./pages.js";

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

/** What a principal itself is granted in one space. */
export interface Holding extends Omit<Holder, "principal"> {
  readonly spaceId: SpaceId;
}

export interface HoldingPage extends Trust {
  readonly rows: readonly Holding[];
  readonly count: number;
  readonly hasNextPage: boolean;
}

/** Where a principal itself is granted anything, whoever belongs to it: the inverse of `tellHolders`. */
export function findHoldings(tables: SiteTables, principal: Principal, page: PageWanted<SpaceId>): HoldingPage {
  const { holders, spaces } = tables;
  const code = holders.findCode(principal);
  const held = new Bitmap(spaces.ids.size);
  const rows = code < 0 ? [] : spaces.holdings.spacesOf(code);
  for (let at = 0; at < rows.length; at += 2) held.add(rows[at] ?? 0);
  const { numbers, hasMore } = pageOf(held.words, spaces.ids, page);
  const unread = [...spaces.described].filter((space) => !spaces.whole.has(space)).slice(0, gapsTold);
  return tables.aged({
    rows: numbers.map((space): Holding => {
      const { principal: _, ...what } = tellHolder(tables, space, code, spaces.holdings.setOf(space, code));
      return { spaceId: spaces.ids.idOf(space) as SpaceId, ...what };
    }),
    count: rows.length / 2,
    hasNextPage: hasMore,
    gaps: mergeGaps(
      spaces.list.gaps,
      ...unread.map((space) => spaces.grantGapsOf(space)),
      ...numbers.map((space) => spaces.rowGapsOf(space, code)),
    ),
    assumptions: [],
    asOfMs: tables.oldestMs,
  });
}

/** The direct holders of a space, ordered by principal: accounts, classes, groups, each by id. */
export function tellHolders(tables: SiteTables, space: number): Complete<Holder> {
  const { roles, spaces } = tables;
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
    const principal = tables.holders.principalOf(rows[at] ?? 0);
    const key = principalKey(principal);
    keyed.push({ key, holder: tellHolder(tables, space, rows[at] ?? 0, rows[at + 1] ?? 0, grants.get(key) ?? []) });
  }
  keyed.sort((left, right) => compareText(left.key, right.key));
  const items = keyed.map(({ holder }) => holder);
  const hasRoles = items.some((holder) => holder.roles.length > 0);
  const roleGaps: readonly Gap[] = hasRoles ? mergeGaps(roles.gaps, roles.roles.gaps) : [];
  const asOfMs = spaces.asOfMsOf(space);
  return tables.aged({
    items,
    gaps: mergeGaps(spaces.grantGapsOf(space), spaces.rowGapsOf(space), roleGaps),
    asOfMs: hasRoles ? Math.min(asOfMs, roles.roles.asOfMs) : asOfMs,
    assumptions: spaces.assumptionsOf(space),
  });
}

function tellHolder(tables: SiteTables, space: number, code: number, set: number, told?: SpaceGrant[]): Holder {
  const { holders, sets, spaces } = tables;
  const principal = holders.principalOf(code);
  const key = principalKey(principal);
  const grants = told ?? spaces.grantsOf(space).filter((grant) => principalKey(grant.principal) === key);
  const sure = new Uint32Array(sets.stride);
  const possible = new Uint32Array(sets.stride);
  sets.addSure(set, sure);
  sets.addPossible(set, possible);
  for (let word = 0; word < possible.length; word += 1) possible[word] = (possible[word] ?? 0) & ~(sure[word] ?? 0);
  return {
    principal,
    operations: sets.operationsIn(sure),
    unknown: sets.operationsIn(possible),
    mayGiveAnything: sets.givesAnything(set),
    roles: sets.rolesOf(set),
    grants: grants.sort((left, right) => compareText(spaceGrantKey(left), spaceGrantKey(right))),
  };
}
