import { type Complete, type Gap, knownEmpty, mergeAssumptions, mergeGaps, type Trust } from "../../domain/Complete.js";
import type { GroupId } from "../../domain/ids.js";
import { ChangedParts } from "./copies/ChangedParts.js";
import { type GlobalPart, type IndexOptions, notReadYet, type RolePart } from "./parts.js";
import { AccountTable } from "./store/AccountTable.js";
import { lowestBit } from "./store/Bitmap.js";
import { GroupTable } from "./store/GroupTable.js";
import { Holders } from "./store/Holders.js";
import { OperationSets } from "./store/OperationSets.js";
import { SpaceTable } from "./store/SpaceTable.js";

/** Gaps of one kind that one answer names; each stands for a list of its own, and there may be as many as there are groups. */
export const gapsTold = 25;

const noGaps: readonly Gap[] = [];

/** What it makes of what was read before some moments that the site gives no answers now. The moments go with the time. */
export interface Outage {
  /** It is told as it was, and that it is stale. */
  readonly staleBeforeMs: number;
  /** It is told as it was, and that nobody knows how it is. */
  readonly unknownBeforeMs: number;
  readonly gap: Gap;
}

/** Everything that was read of one site, as numbers. What follows from it is found elsewhere, and again after each change. */
export class SiteTables {
  readonly options: IndexOptions;
  readonly isCloud: boolean;
  readonly accounts: AccountTable;
  readonly groups: GroupTable;
  readonly sets = new OperationSets();
  readonly holders: Holders;
  readonly spaces: SpaceTable;
  /** Rises with every change: what follows from the tables holds as long as it stands still. */
  generation = 1;
  roles: RolePart;
  adminGroups: Complete<GroupId>;
  globals: GlobalPart;
  #outage: Outage | null = null;

  #oldest = { generation: 0, ms: Number.POSITIVE_INFINITY };

  constructor(
    options: IndexOptions,
    readonly changed = new ChangedParts(false),
  ) {
    this.options = options;
    this.isCloud = options.rules.licensedBy === "ORGANIZATION";
    const touch = () => this.touch();
    this.accounts = new AccountTable(options.areFactsApart ?? false, changed);
    this.groups = new GroupTable(this.accounts.ids, options.hasNestedGroups, touch, changed);
    this.holders = new Holders(this.accounts.ids, this.groups.ids, (id) => this.groups.intern(id), options);
    this.spaces = new SpaceTable(this.sets, this.holders, touch, changed);
    const waiting = (what: string) => ({ ...knownEmpty(Number.POSITIVE_INFINITY), gaps: [notReadYet(what)] });
    this.roles = this.isCloud
      ? { model: "UNKNOWN", roles: waiting("role definitions"), gaps: [notReadYet("the permission model")] }
      : { model: "PRE_ROLES", roles: knownEmpty(Number.POSITIVE_INFINITY), gaps: [] };
    this.adminGroups = this.isCloud ? waiting("groups of administrators") : knownEmpty(Number.POSITIVE_INFINITY);
    this.globals = this.isCloud ? null : waiting("permissions on the site as a whole");
    this.sets.describeRoles(this.roles.model, []);
  }

  touch(): void {
    this.generation += 1;
  }

  /** Something of the site as a whole has changed. */
  touchSite(): void {
    this.changed.note("site");
    this.touch();
  }

  /** The site gives no answers, or does again. */
  set outage(outage: Outage | null) {
    if (outage === null && this.#outage === null) return;
    this.#outage = outage;
    this.touch();
  }

  get isOut(): boolean {
    return this.#outage !== null;
  }

  /** How far an answer can be trusted, given how old the oldest of it is: while the site answers, as far as it says. */
  aged<T extends Trust>(answer: T): T {
    const outage = this.#outage;
    if (outage === null || answer.asOfMs >= outage.staleBeforeMs) return answer;
    const gaps = answer.asOfMs < outage.unknownBeforeMs ? mergeGaps(answer.gaps, [outage.gap]) : answer.gaps;
    return { ...answer, gaps, assumptions: mergeAssumptions(answer.assumptions, ["STALE"]) };
  }

  /** When the oldest of all that was read was read. */
  get oldestMs(): number {
    if (this.#oldest.generation === this.generation) return this.#oldest.ms;
    const site = [this.roles.roles.asOfMs, this.adminGroups.asOfMs, this.globals?.asOfMs ?? Number.POSITIVE_INFINITY];
    const ms = Math.min(...site, this.accounts.oldestMs, this.groups.oldestMs, this.spaces.oldestMs);
    this.#oldest = { generation: this.generation, ms };
    return ms;
  }

  get bytes(): number {
    return this.accounts.bytes + this.groups.bytes + this.spaces.bytes + this.sets.bytes + this.holders.bytes;
  }
}

/** What is missing of the site as a whole and may matter to any account in any space. */
export function siteGapsOf({ adminGroups, globals, groups, roles }: SiteTables): readonly Gap[] {
  const parts = [groups.list.gaps, roles.gaps, roles.roles.gaps, adminGroups.gaps, globals?.gaps ?? noGaps];
  return parts.every((gaps) => gaps.length === 0) ? noGaps : parts.flat();
}

/**
 * What is missing of single accounts of a set, for which they may not be decided: of all of them, or of those beside whom it
 * is certain of. The first of many.
 */
export function untoldOf({ accounts }: SiteTables, set: Uint32Array, sure: Uint32Array | null): readonly Gap[] {
  const told: Gap[] = [];
  for (let word = 0; word < set.length && told.length < gapsTold; word += 1) {
    const gapped = (accounts.gapped.words[word] ?? 0) | (accounts.roleGapped.words[word] ?? 0);
    for (let rest = (set[word] ?? 0) & gapped & ~(sure?.[word] ?? 0); rest !== 0; rest &= rest - 1) {
      const account = (word << 5) + lowestBit(rest);
      told.push(...accounts.gapsOf(account), ...accounts.roleGapsOf(account));
    }
  }
  return told.slice(0, gapsTold);
}

/**
 * Where accounts may stand that nothing names which was read: only where no list holds them all. They count where a class
 * reaches whoever there is. The first of many.
 */
export function unnamedOf({ accounts, groups, spaces }: SiteTables): readonly Gap[] {
  if (!accounts.areFactsApart) return noGaps;
  const told: Gap[] = [...groups.list.gaps, ...spaces.list.gaps].slice(0, gapsTold);
  const { described, whole } = spaces;
  for (let word = 0; word < described.words.length && told.length < gapsTold; word += 1)
    for (let rest = (described.words[word] ?? 0) & ~(whole.words[word] ?? 0); rest !== 0; rest &= rest - 1)
      told.push(...spaces.grantGapsOf((word << 5) + lowestBit(rest)));
  for (let group = 1; group < groups.ids.size && told.length < 2 * gapsTold; group += 1)
    if (!groups.whole.has(group)) told.push(...groups.memberGapsOf(group));
  return told.slice(0, 2 * gapsTold);
}
