import type { AccountKind, AccountStatus } from "../../../domain/Account.js";
import type { Gap } from "../../../domain/Complete.js";
import type { AccountId } from "../../../domain/ids.js";
import type { SiteTables } from "../SiteTables.js";
import { type Moment, momentOf, ownMs, type ToOwn } from "./readings.js";

/** What an account is; only its id where a list names it and nothing else is known. */
export type AccountRow = readonly [accountId: AccountId, facts?: AccountRowFacts];

interface AccountRowFacts {
  readonly name: string | null;
  readonly kind: AccountKind;
  readonly status: AccountStatus;
  readonly isLicensed: boolean | null;
  readonly hasAdminRole: boolean | null;
  readonly asOf: Moment;
  readonly active?: number;
  readonly gaps?: readonly Gap[];
  readonly roleGaps?: readonly Gap[];
}

export function copyAccount({ accounts }: SiteTables, account: number): AccountRow {
  const accountId = accounts.ids.idOf(account) as AccountId;
  if (!accounts.described.has(account)) return [accountId];
  const told = (is: boolean, isNot: boolean) => (is ? true : isNot ? false : null);
  const active = accounts.lastActiveMsOf(account);
  const gaps = accounts.gapsOf(account);
  const roleGaps = accounts.roleGapsOf(account);
  const facts = {
    name: accounts.nameOf(account),
    kind: accounts.kindOf(account),
    status: accounts.statusOf(account),
    isLicensed: told(accounts.licensed.has(account), accounts.unlicensed.has(account)),
    hasAdminRole: told(accounts.withAdminRole.has(account), accounts.withoutAdminRole.has(account)),
    asOf: momentOf(accounts.asOfMsOf(account)),
    ...(active === null ? {} : { active }),
    ...(gaps.length === 0 ? {} : { gaps }),
    ...(roleGaps.length === 0 ? {} : { roleGaps }),
  };
  return [accountId, facts];
}

/** Takes over what an account is, unless that is known better here: answers whether it did. */
export function takeAccount({ accounts }: SiteTables, [accountId, facts]: AccountRow, toOwn: ToOwn): boolean {
  const known = accounts.ids.find(accountId);
  if (facts === undefined) {
    if (known === 0) accounts.name(accountId);
    else if (accounts.described.has(known)) accounts.forget(known);
    return true;
  }
  const asOfMs = ownMs(facts.asOf, toOwn);
  const isKnown = known !== 0 && accounts.described.has(known);
  const knownMs = accounts.asOfMsOf(known);
  if (isKnown && Number.isFinite(knownMs) && (asOfMs < knownMs || !Number.isFinite(asOfMs))) return false;
  const { name: displayName, kind, status, isLicensed, hasAdminRole, gaps = [], roleGaps = [] } = facts;
  accounts.replace({ accountId, displayName, kind, status, isLicensed, hasAdminRole, gaps, roleGaps }, asOfMs);
  accounts.noteLastActivity(accounts.ids.intern(accountId), facts.active ?? null);
  return true;
}
