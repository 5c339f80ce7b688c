import { mergeAssumptions, mergeGaps, type Trust } from "../../../domain/Complete.js";
import type { AccountId } from "../../../domain/ids.js";
import type { Principal } from "../../../domain/Principal.js";
import type { Decision } from "../../AccessDecision.js";
import type { AccountSets } from "../AccountSets.js";
import type { PageWanted } from "../answers.js";
import { type SiteTables, siteGapsOf, unnamedOf, untoldOf } from "../SiteTables.js";
import { Bitmap } from "../store/Bitmap.js";
import { countOf, pageOf } from "./pages.js";

/** An account that is, or may be, what a group or a class stands for. */
export interface Member {
  readonly accountId: AccountId;
  readonly decision: Exclude<Decision, "DENIED">;
}

export interface MemberPage extends Trust {
  readonly rows: readonly Member[];
  /** How many surely are, and how many may be beside. */
  readonly allowed: number;
  readonly unknown: number;
  readonly hasNextPage: boolean;
}

export interface MembersWanted extends PageWanted<AccountId> {
  /** Something may have changed that the index has not heard of: nobody surely is. */
  readonly isNothingSure?: boolean;
}

type GroupOrClass = Exclude<Principal, { readonly kind: "account" }>;

/**
 * Who belongs to a group, child groups included, or to an access class (rule 3). A group holds whoever stands in its list,
 * active or not; a class only who is active, and licensed where that is asked.
 */
export function findMembers(
  tables: SiteTables,
  sets: AccountSets,
  principal: GroupOrClass,
  page: MembersWanted,
): MemberPage {
  const { accounts, groups } = tables;
  const { sure, possible } =
    principal.kind === "group"
      ? membersOfGroup(tables, sets, principal.groupId)
      : membersOfClass(tables, sets, principal);
  for (let word = 0; word < sure.length; word += 1) {
    const known = sets.known.words[word] ?? 0;
    sure[word] = (sure[word] ?? 0) & known;
    possible[word] = ((possible[word] ?? 0) & known) | (sure[word] ?? 0);
    if (page.isNothingSure === true) sure[word] = 0;
  }
  const { numbers, hasMore } = pageOf(possible, accounts.ids, page);
  const rows = numbers.map((account): Member => {
    const isSure = ((sure[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0;
    return { accountId: accounts.ids.idOf(account) as AccountId, decision: isSure ? "ALLOWED" : "UNKNOWN" };
  });
  const within =
    principal.kind === "group" ? [...groups.nesting.descendantsOf(groups.ids.find(principal.groupId))] : [];
  const allowed = countOf(sure);
  return tables.aged({
    rows,
    allowed,
    unknown: countOf(possible) - allowed,
    hasNextPage: hasMore,
    gaps: mergeGaps(
      accounts.listGaps,
      principal.kind === "group" ? [] : [...untoldOf(tables, possible, sure), ...unnamedOf(tables)],
      ...within.flatMap((group) => [groups.memberGapsOf(group), groups.nesting.childGapsOf(group)]),
      principal.kind === "group" ? [] : siteGapsOf(tables),
    ),
    assumptions: mergeAssumptions(...within.map((group) => groups.assumptionsOf(group))),
    asOfMs: Math.min(
      accounts.list.asOfMs,
      principal.kind === "group" ? Number.POSITIVE_INFINITY : tables.oldestMs,
      ...within.map((group) => groups.asOfMsOf(group)),
    ),
  });
}

/** A class that an account belongs to, or may belong to, of those that hold anything in a space. */
export interface ClassBelonging {
  readonly accessClass: Extract<GroupOrClass, { readonly kind: "accessClass" }>;
  readonly decision: Exclude<Decision, "DENIED">;
}

export function findClasses(tables: SiteTables, sets: AccountSets, account: number): ClassBelonging[] {
  return tables.holders.classes.flatMap((accessClass): ClassBelonging[] => {
    const { sure, possible } = membersOfClass(tables, sets, accessClass);
    const isIn = (words: Uint32Array) => ((words[account >>> 5] ?? 0) & (1 << (account & 31))) !== 0;
    if (!isIn(possible) && !isIn(sure)) return [];
    return [{ accessClass, decision: isIn(sure) ? "ALLOWED" : "UNKNOWN" }];
  });
}

function membersOfGroup(
  { groups }: SiteTables,
  sets: AccountSets,
  groupId: Extract<GroupOrClass, { kind: "group" }>["groupId"],
) {
  const bounds = { sure: new Bitmap(sets.words * 32), possible: new Bitmap(sets.words * 32) };
  const group = groups.ids.find(groupId);
  if (group !== 0) sets.addGroup(bounds, group);
  else if (groups.list.gaps.length > 0) bounds.possible.words.fill(0xffff_ffff);
  return { sure: bounds.sure.words, possible: bounds.possible.words };
}

function membersOfClass(
  { holders, isCloud }: SiteTables,
  sets: AccountSets,
  principal: Extract<GroupOrClass, { kind: "accessClass" }>,
) {
  const sure = new Uint32Array(sets.words);
  const possible = new Uint32Array(sets.words);
  const name = holders.classOf(principal);
  const { active, administrators, allLicensed, anonymousUse, licensed, unlicensed, unlicensedUse } = sets;
  for (let word = 0; word < sets.words; word += 1) {
    const [isLicensed, mayBe] = [licensed.sure.words[word] ?? 0, licensed.possible.words[word] ?? 0];
    const [isActive, mayBeActive] = [active.sure.words[word] ?? 0, active.possible.words[word] ?? 0];
    let is = 0;
    let isPossibly = 0;
    if (name === "anonymous-users") {
      is = isCloud ? -1 : anonymousUse === "YES" ? isLicensed : 0;
      isPossibly = isCloud ? -1 : anonymousUse === "NO" ? 0 : mayBe;
    } else if (name === "authenticated-users") {
      is = isLicensed;
      isPossibly = mayBe;
    } else if (name === "all-licensed-users" || name === "all-product-admins") {
      const members = name === "all-licensed-users" ? allLicensed : administrators;
      is = isLicensed & (members.sure.words[word] ?? 0);
      isPossibly = mayBe & (members.possible.words[word] ?? 0);
    } else if (name === "unlicensed") isPossibly = unlicensedUse === "NO" ? 0 : (unlicensed.words[word] ?? 0);
    else isPossibly = mayBe;
    sure[word] = isActive & is;
    possible[word] = mayBeActive & isPossibly;
  }
  return { sure, possible };
}
