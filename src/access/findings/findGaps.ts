import { type Gap, mergeGaps } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { kindGap, unknowable } from "../Belonging.js";
import type { SiteView } from "../index/AccessIndex.js";
import { type FindingKind, findingKinds, findingRules, type Need } from "./Finding.js";

/** Gaps by what they are a gap of; of one sort so many as an answer names. */
export type GapsByNeed = Readonly<Record<Need | "doubts", readonly Gap[]>>;

/** What is missing of the site as a whole; of spaces, `SpaceGaps` tells on the way. */
export function findSiteGaps({ tables }: SiteView): Pick<GapsByNeed, "globals" | "roles"> {
  const { globals, isCloud, roles } = tables;
  const untold = unknowable(
    "whether anonymous visitors, and people without a licence, may use the site",
    "This version of Confluence does not tell its global permissions; it takes Data Center 9.3 or later.",
  );
  const isModelUntold = roles.model === "UNKNOWN" && roles.gaps.length === 0;
  const model = unknowable("whether space roles count", "The site answered with a permission model that is not known.");
  return {
    globals: isCloud ? [] : (globals?.gaps ?? [untold]),
    roles: mergeGaps(roles.gaps, roles.roles.gaps, isModelUntold ? [model] : []),
  };
}

/** What is missing of accounts and groups: so many as an answer names. */
export function findPeopleGaps(view: SiteView): Pick<GapsByNeed, "accounts" | "groups" | "kinds" | "administrators"> {
  const { tables } = view;
  const { accounts, groups } = tables;
  const ofAccounts: (readonly Gap[])[] = [accounts.listGaps];
  for (const account of accounts.gapped) {
    if (ofAccounts.length > findingRules.gapsTold) break;
    ofAccounts.push(accounts.gapsOf(account));
  }
  const ofGroups: (readonly Gap[])[] = [groups.list.gaps, groups.hiddenGaps];
  for (let group = 1; group < groups.ids.size && ofGroups.length <= findingRules.gapsTold; group += 1) {
    if (groups.gone.has(group)) continue;
    const gaps = mergeGaps(groups.memberGapsOf(group), groups.nesting.childGapsOf(group));
    if (gaps.length > 0) ofGroups.push(gaps);
  }
  const ofKinds: Gap[] = [];
  for (const account of view.sets.active.sure) {
    if (ofKinds.length === findingRules.gapsTold) break;
    if (accounts.byKind.UNKNOWN.has(account)) ofKinds.push(kindGap(accounts.ids.idOf(account) as AccountId));
  }
  const ofRoles: (readonly Gap[])[] = [tables.adminGroups.gaps];
  for (const account of accounts.roleGapped) {
    if (ofRoles.length > findingRules.gapsTold) break;
    ofRoles.push(accounts.roleGapsOf(account));
  }
  return {
    accounts: mergeGaps(...ofAccounts),
    groups: mergeGaps(...ofGroups),
    kinds: ofKinds,
    administrators: mergeGaps(...ofRoles),
  };
}

/** What is missing of spaces, met on the way through them. */
export class SpaceGaps {
  readonly #view: SiteView;
  readonly #spaces: (readonly Gap[])[];
  readonly #grants: (readonly Gap[])[] = [];
  readonly #owners: Gap[] = [];
  readonly #doubts: Gap[] = [];
  readonly #roleIds = new Set<string>();

  constructor(view: SiteView) {
    this.#view = view;
    this.#spaces = [view.tables.spaces.list.gaps];
  }

  /** Whether the space is surely in use; what is not known of it is noted. */
  isInUse(space: number): boolean {
    const { spaces } = this.#view.tables;
    if (spaces.trashed.has(space)) return false;
    if (!spaces.inUse.has(space)) {
      // A space that is gone keeps its number, and nothing is said of it any more.
      if (!spaces.described.has(space) && !spaces.granting.has(space)) return false;
      const gaps = spaces.gapsOf(space);
      const untold = unknowable(
        `whether space ${this.#nameOf(space)} is in use`,
        "The site uses a word that is not known.",
      );
      this.#note(this.#spaces, gaps.length > 0 ? gaps : [untold]);
      return false;
    }
    if (!spaces.whole.has(space)) this.#note(this.#grants, spaces.grantGapsOf(space));
    const doubted = spaces.rowGapsOf(space);
    if (doubted.length > 0) this.#note(this.#grants, doubted);
    if (spaces.kindOf(space) === "PERSONAL" && spaces.ownerOf(space) === null)
      this.#noteOne(
        this.#owners,
        `whose personal space ${this.#nameOf(space)} is`,
        "The site does not tell its owner.",
      );
    return true;
  }

  doubtAdministrator(space: number): void {
    const missing = `whether space ${this.#nameOf(space)} has an active administrator`;
    this.#noteOne(this.#doubts, missing, "Of those who may administer it something is not known.");
  }

  doubtRoles(set: number): void {
    const { roles, sets } = this.#view.tables;
    // While role definitions are missing, that is said already.
    if (roles.gaps.length > 0 || roles.roles.gaps.length > 0) return;
    for (const roleId of sets.rolesOf(set)) if (sets.definitionOf(roleId) === undefined) this.#roleIds.add(roleId);
  }

  tell(): Pick<GapsByNeed, "spaces" | "grants" | "owners" | "doubts" | "roles"> {
    const lost = [...this.#roleIds]
      .slice(0, findingRules.gapsTold)
      .map((roleId) => unknowable(`what role ${roleId} gives`, "It is assigned, and the site does not define it."));
    return {
      spaces: mergeGaps(...this.#spaces),
      grants: mergeGaps(...this.#grants),
      owners: this.#owners,
      doubts: this.#doubts,
      roles: lost,
    };
  }

  #nameOf(space: number): string {
    const { spaces } = this.#view.tables;
    return spaces.keyOf(space) ?? spaces.ids.idOf(space) ?? "";
  }

  #note(lists: (readonly Gap[])[], gaps: readonly Gap[]): void {
    if (lists.length <= findingRules.gapsTold) lists.push(gaps);
  }

  #noteOne(list: Gap[], missing: string, reason: string): void {
    if (list.length < findingRules.gapsTold) list.push(unknowable(missing, reason));
  }
}

/** What is missing of an answer about some kinds. */
export function gapsFor(kinds: readonly FindingKind[], gaps: GapsByNeed): readonly Gap[] {
  const needs = new Set<Need | "doubts">(kinds.flatMap((kind): readonly Need[] => findingKinds[kind].needs));
  if (kinds.includes("NO_ACTIVE_ADMINISTRATOR") && gaps.doubts.length > 0) {
    needs.add("doubts");
    for (const need of findingKinds.INEFFECTIVE_GRANT.needs) needs.add(need);
  }
  return mergeGaps(...[...needs].map((need) => gaps[need]));
}
