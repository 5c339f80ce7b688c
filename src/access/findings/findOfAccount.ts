import { spaceGrantKey } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { compareText } from "../../domain/textOrder.js";
import { firstClass, firstGroup } from "../index/store/Holders.js";
import { administerSpace } from "./evaluateAdministrator.js";
import { type FindingKind, type FoundGrant, findingRules, readingKeys } from "./Finding.js";
import { addSpaces, isGroupCode, type SiteScan, sizeOf, surely } from "./SiteScan.js";

/** What an account surely does in the spaces that are surely in use, a bit a space. */
export interface Doing {
  readonly writes: Uint32Array;
  readonly administers: Uint32Array;
}

/** The kinds that are about one account wherever it is, and what each is about. */
export const accountKinds = {
  GUEST_CAN_WRITE: "writes",
  GUEST_CAN_ADMINISTER: "administers",
  DORMANT_ADMINISTRATOR: "administers",
} as const satisfies Partial<Record<FindingKind, keyof Doing>>;

export type AccountFindingKind = keyof typeof accountKinds;

/** The kinds that an active account may be found for, by what it is alone: most accounts are for none. */
export function askedOfAccount(scan: SiteScan, account: number, nowMs: number): readonly AccountFindingKind[] {
  const { accounts } = scan.view.tables;
  if (!scan.view.sets.active.sure.has(account)) return [];
  const lastActiveMs = accounts.lastActiveMsOf(account);
  const isDormant = lastActiveMs !== null && nowMs - lastActiveMs > findingRules.dormantAfterMs;
  return [
    ...(accounts.byKind.GUEST.has(account) ? (["GUEST_CAN_WRITE", "GUEST_CAN_ADMINISTER"] as const) : []),
    ...(isDormant && !accounts.byKind.APP.has(account) ? (["DORMANT_ADMINISTRATOR"] as const) : []),
  ];
}

/** When somebody who is not dormant yet would be, if nothing more were heard of them; infinite for all others. */
export function dormantFromMs(scan: SiteScan, account: number, nowMs: number): number {
  const lastActiveMs = scan.view.tables.accounts.lastActiveMsOf(account);
  const fromMs = lastActiveMs === null ? 0 : lastActiveMs + findingRules.dormantAfterMs + 1;
  return fromMs > nowMs ? fromMs : Number.POSITIVE_INFINITY;
}

/** In which spaces the account surely writes and administers, by grants alone: a super user is none by that (rule 12). */
export function doingOf(scan: SiteScan, account: number): Doing {
  const { spaces } = scan.view.tables;
  const words = (spaces.ids.size + 31) >>> 5;
  const [reads, writes, administers] = [new Uint32Array(words), new Uint32Array(words), new Uint32Array(words)];
  for (const holder of surelyIs(scan, account)) {
    const known = scan.spacesAsSets(holder);
    if (known === null) addSpaces([reads, writes, administers], spaces.holdings.spacesOf(holder), scan.flags);
    else
      for (let word = 0; word < words; word += 1) {
        reads[word] = (reads[word] ?? 0) | (known[0][word] ?? 0);
        writes[word] = (writes[word] ?? 0) | (known[1][word] ?? 0);
        administers[word] = (administers[word] ?? 0) | (known[2][word] ?? 0);
      }
  }
  const isSuper = scan.view.sets.superusers.sure.has(account) ? -1 : 0;
  for (let word = 0; word < words; word += 1) {
    // Nothing counts without reading (rule 5).
    const counts = (spaces.inUse.words[word] ?? 0) & ((reads[word] ?? 0) | isSuper);
    writes[word] = (writes[word] ?? 0) & counts;
    administers[word] = (administers[word] ?? 0) & counts;
  }
  return { writes, administers };
}

/** The holders that an active account surely is, or is a member of. */
function* surelyIs(scan: SiteScan, account: number): Generator<number> {
  const { tables, sets } = scan.view;
  const { memberships, nesting } = tables.groups;
  const isLicensed = sets.licensed.sure.has(account);
  if (isLicensed) {
    yield account;
    const groups = new Set<number>();
    for (const group of memberships.groupsOf(account))
      if (!nesting.isPossible) groups.add(group);
      else for (const each of nesting.ancestorsOf(group)) groups.add(each);
    for (const group of groups) yield firstGroup + group;
  }
  for (let number = 0; number < tables.holders.classCount; number += 1)
    if (isSurelyOfClass(scan, account, firstClass + number, isLicensed)) yield firstClass + number;
}

function isSurelyOfClass(scan: SiteScan, account: number, holder: number, isLicensed: boolean): boolean {
  const { tables, sets } = scan.view;
  const name = tables.holders.classNameOf(holder);
  switch (name) {
    case "anonymous-users":
      return tables.isCloud || (isLicensed && sets.anonymousUse === "YES");
    case "authenticated-users":
      return isLicensed;
    case "all-licensed-users":
    case "all-product-admins":
      return isLicensed && (name === "all-licensed-users" ? sets.allLicensed : sets.administrators).sure.has(account);
    default:
      return false;
  }
}

/** The grants by which an account does what it was found for: the first of them, and whether there are more. */
export function grantsOfAccount(
  scan: SiteScan,
  account: number,
  kind: AccountFindingKind,
): { readonly grants: readonly FoundGrant[]; readonly hasMoreGrants: boolean; readonly spaceCount: number } {
  const { accounts, groups, spaces } = scan.view.tables;
  const doing = accountKinds[kind];
  const there = doingOf(scan, account)[doing];
  const grants: FoundGrant[] = [];
  const accountId = accounts.ids.idOf(account) as AccountId;
  const holders = [...surelyIs(scan, account)];
  if (holders.includes(account))
    for (const group of inOrder(groups.memberships.groupsOf(account), groups.ids.ranks)) {
      // A membership gives what its group does, and what the groups do that hold it.
      const giving = [...groups.nesting.ancestorsOf(group)].some(
        (each) => spacesWhere(scan, firstGroup + each, doing, there).next().done === false,
      );
      if (giving) grants.push({ kind: "membership", groupId: groups.ids.idOf(group) as GroupId, accountId });
    }
  for (const holder of holders) {
    if (isGroupCode(holder)) continue;
    for (const space of inOrder(spacesWhere(scan, holder, doing, there), spaces.ids.ranks)) {
      if (grants.length > findingRules.grants) break;
      grants.push(...grantsIn(scan, space, holder, doing));
    }
  }
  const hasMoreGrants = grants.length > findingRules.grants;
  return { grants: grants.slice(0, findingRules.grants), hasMoreGrants, spaceCount: sizeOf(there) };
}

function* spacesWhere(scan: SiteScan, holder: number, doing: keyof Doing, there: Uint32Array): Generator<number> {
  const rows = scan.view.tables.spaces.holdings.spacesOf(holder);
  for (let at = 0; at < rows.length; at += 2) {
    const space = rows[at] ?? 0;
    const isThere = ((there[space >>> 5] ?? 0) & (1 << (space & 31))) !== 0;
    if (isThere && scan.factsOf(rows[at + 1] ?? 0)[doing] === surely) yield space;
  }
}

function inOrder(numbers: Iterable<number>, ranks: Uint32Array): number[] {
  return [...numbers].sort((left, right) => (ranks[left] ?? 0) - (ranks[right] ?? 0));
}

/** The stored grants of a holder in a space: all, or those that give what is asked about. */
export function grantsIn(
  scan: SiteScan,
  space: number,
  holder: number,
  doing: keyof Doing | "anything" = "anything",
): FoundGrant[] {
  const { sets, spaces } = scan.view.tables;
  const spaceId = spaces.ids.idOf(space) as SpaceId;
  const gives = ({ key: what, target }: Operation) =>
    doing === "writes" ? !readingKeys.has(what) : what === administerSpace.key && target === administerSpace.target;
  const found = spaces.grantsOf(space, holder).filter((grant) => {
    if (doing === "anything") return true;
    if (grant.kind === "permission") return gives(grant.operation);
    return (sets.definitionOf(grant.roleId) ?? []).some((number) => {
      const operation = sets.operations[number];
      return operation !== undefined && gives(operation);
    });
  });
  return found
    .sort((left, right) => compareText(spaceGrantKey(left), spaceGrantKey(right)))
    .map((grant) => ({ kind: "space", spaceId, grant }));
}
