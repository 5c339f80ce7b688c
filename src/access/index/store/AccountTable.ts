import type { AccountKind, AccountStatus } from "../../../domain/Account.js";
import type { Gap } from "../../../domain/Complete.js";
import type { AccountId } from "../../../domain/ids.js";
import { ChangedParts } from "../copies/ChangedParts.js";
import { type AccountPart, type AccountSortKey, ListState, notReadYet } from "../parts.js";
import { Bitmap, bitsIn } from "./Bitmap.js";
import { Interner, type Order } from "./Interner.js";
import { NameOrder } from "./NameOrder.js";
import type { Steps } from "./slices.js";

const kinds: readonly AccountKind[] = ["HUMAN", "GUEST", "APP", "CUSTOMER", "UNKNOWN"];
const statuses: readonly AccountStatus[] = ["ACTIVE", "INACTIVE", "SUSPENDED", "DEACTIVATED", "CLOSED", "UNKNOWN"];
const none: readonly Gap[] = [];

/** What accounts are, a bit a fact. An account that is only named somewhere stands here without facts. */
export class AccountTable {
  readonly ids = new Interner<AccountId>();
  readonly list = new ListState("the list of accounts");
  readonly described = new Bitmap();
  readonly byKind = bitmapsOf(kinds);
  readonly byStatus = bitmapsOf(statuses);
  readonly licensed = new Bitmap();
  readonly unlicensed = new Bitmap();
  readonly withAdminRole = new Bitmap();
  readonly withoutAdminRole = new Bitmap();
  /** Whose facts, and whose roles, could not be read whole. */
  readonly gapped = new Bitmap();
  readonly roleGapped = new Bitmap();
  readonly #names: (string | null | undefined)[] = [];
  readonly #byName = new NameOrder(this.ids, (account) => this.nameOf(account));
  readonly #gaps = new Map<number, Pick<AccountPart, "gaps" | "roleGaps">>();
  /** Without room until anything is told. */
  #lastActiveMs = new Float64Array(0);
  /** Whether they are read apart from the list. */
  readonly areFactsApart: boolean;
  #asOfMs = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  readonly #changed: ChangedParts;

  constructor(areFactsApart = false, changed = new ChangedParts(false)) {
    this.areFactsApart = areFactsApart;
    this.#changed = changed;
  }

  /** A list names it. */
  name(accountId: AccountId): void {
    if (this.ids.find(accountId) !== 0) return;
    this.ids.intern(accountId);
    this.#changed.noteRow("accounts", accountId);
  }

  replace(part: AccountPart, asOfMs: number): void {
    const account = this.ids.intern(part.accountId);
    this.described.add(account);
    for (const kind of kinds) this.byKind[kind].put(account, kind === part.kind);
    for (const status of statuses) this.byStatus[status].put(account, status === part.status);
    this.licensed.put(account, part.isLicensed === true);
    this.unlicensed.put(account, part.isLicensed === false);
    this.withAdminRole.put(account, part.hasAdminRole === true);
    this.withoutAdminRole.put(account, part.hasAdminRole === false);
    this.gapped.put(account, part.gaps.length > 0);
    this.roleGapped.put(account, part.roleGaps.length > 0);
    if (part.gaps.length + part.roleGaps.length > 0)
      this.#gaps.set(account, { gaps: part.gaps, roleGaps: part.roleGaps });
    else this.#gaps.delete(account);
    this.#rename(account, part.displayName);
    if (account >= this.#asOfMs.length) {
      const grown = new Float64Array(account + (account >>> 1)).fill(Number.POSITIVE_INFINITY);
      grown.set(this.#asOfMs);
      this.#asOfMs = grown;
    }
    this.#asOfMs[account] = asOfMs;
    this.#changed.noteRow("accounts", part.accountId);
  }

  /** Answers whether that is news. */
  noteLastActivity(account: number, atMs: number | null): boolean {
    if (this.lastActiveMsOf(account) === atMs) return false;
    if (account >= this.#lastActiveMs.length) {
      const grown = new Float64Array(Math.max(64, account + (account >>> 1))).fill(Number.NaN);
      grown.set(this.#lastActiveMs);
      this.#lastActiveMs = grown;
    }
    this.#lastActiveMs[account] = atMs ?? Number.NaN;
    this.#changed.noteRow("accounts", this.ids.idOf(account) ?? "");
    return true;
  }

  /** `null` where it is not known. */
  lastActiveMsOf(account: number): number | null {
    const atMs = this.#lastActiveMs[account] ?? Number.NaN;
    return Number.isNaN(atMs) ? null : atMs;
  }

  /** Takes an account's facts away: no list knows it any more. */
  forget(account: number): void {
    if (account === 0) return;
    const sets = [...Object.values(this.byKind), ...Object.values(this.byStatus), this.licensed, this.unlicensed];
    const facts = [this.described, this.withAdminRole, this.withoutAdminRole, this.gapped, this.roleGapped];
    for (const set of [...sets, ...facts]) set.delete(account);
    this.#gaps.delete(account);
    this.#rename(account, undefined);
    this.#asOfMs[account] = Number.POSITIVE_INFINITY;
    this.#changed.noteRow("accounts", this.ids.idOf(account) ?? "");
    this.noteLastActivity(account, null);
  }

  #rename(account: number, name: string | null | undefined): void {
    if (this.#names[account] !== name) this.#byName.touch(account);
    this.#names[account] = name;
  }

  orderBy(key: AccountSortKey): Order {
    return key === "ID" ? this.ids : this.#byName;
  }

  *ordering(key: string): Steps {
    if (key !== "ID") yield* this.#byName.settling();
  }

  nameOf(account: number): string | null {
    return this.#names[account] ?? null;
  }

  kindOf(account: number): AccountKind {
    return kinds.find((kind) => this.byKind[kind].has(account)) ?? "UNKNOWN";
  }

  statusOf(account: number): AccountStatus {
    return statuses.find((status) => this.byStatus[status].has(account)) ?? "UNKNOWN";
  }

  /**
   * Why facts are missing: for one that no list knows, nothing, once the list was read to its end; unless the list tells none,
   * and they are still to be read.
   */
  gapsOf(account: number): readonly Gap[] {
    if (this.described.has(account)) return this.#gaps.get(account)?.gaps ?? none;
    if (this.list.gaps.length === 0 && !this.areFactsApart) return none;
    const facts = notReadYet(
      account === 0 ? "facts of an account that nothing names" : `account ${this.ids.idOf(account)}`,
    );
    return account === 0 && !this.areFactsApart ? this.list.gaps : [...this.list.gaps, facts];
  }

  /** Why accounts may be missing from a list of them, or stand in it without their facts. */
  get listGaps(): readonly Gap[] {
    if (!this.areFactsApart) return this.list.gaps;
    let unread = this.ids.size - 1;
    for (const word of this.described.words) unread -= bitsIn(word);
    return unread === 0
      ? this.list.gaps
      : [...this.list.gaps, notReadYet(unread === 1 ? "facts of an account" : `facts of ${unread} accounts`)];
  }

  roleGapsOf(account: number): readonly Gap[] {
    return this.#gaps.get(account)?.roleGaps ?? none;
  }

  /** Infinite where nothing was read of it. */
  asOfMsOf(account: number): number {
    return this.#asOfMs[account] ?? Number.POSITIVE_INFINITY;
  }

  get oldestMs(): number {
    let oldest = this.list.asOfMs;
    for (let account = 0; account < this.#asOfMs.length; account += 1)
      oldest = Math.min(oldest, this.#asOfMs[account] ?? oldest);
    return oldest;
  }

  get bytes(): number {
    const sets = [...Object.values(this.byKind), ...Object.values(this.byStatus), this.licensed, this.unlicensed];
    const facts = [this.described, this.withAdminRole, this.withoutAdminRole, this.gapped, this.roleGapped];
    const bits = [...sets, ...facts].reduce((sum, set) => sum + set.bytes, 0);
    let names = 0;
    for (const name of this.#names) names += typeof name === "string" ? name.length + 24 : 8;
    return (
      this.ids.bytes +
      bits +
      names +
      this.#byName.bytes +
      this.#asOfMs.byteLength +
      this.#lastActiveMs.byteLength +
      this.#gaps.size * 300
    );
  }
}

function bitmapsOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, Bitmap>> {
  return Object.fromEntries(names.map((name) => [name, new Bitmap()])) as Record<Name, Bitmap>;
}
