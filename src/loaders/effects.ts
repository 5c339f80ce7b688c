import type { Touched } from "../cache/Reading.js";
import type { ConfluenceSite, NameRules } from "../confluence/port.js";
import type { AccountTold, ChangeEvent, WhatChanged } from "../domain/Change.js";
import type { AccountId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";
import { type OnlyOne, onlyOne } from "./engine/LoaderDeclaration.js";

/** For what no change of ours touches: we write neither spaces nor roles, and nothing of what a site is. */
export const untouched = (): readonly never[] => [];

/** For the one thing of a site: forgotten after changes of some kinds. */
export function touchedOnlyOne(
  { kind }: ChangeEvent,
  kinds: Readonly<Partial<Record<WhatChanged["kind"], true>>>,
): readonly OnlyOne[] {
  return kinds[kind] === true ? [onlyOne] : [];
}

/** Changes of accounts themselves. */
export const accountChanges = {
  accountCreated: true,
  accountUpdated: true,
  accountStatusChanged: true,
  accountRemoved: true,
} as const;

/** The account that a change is of; `null` for a change of anything else. */
export function changedAccount(event: ChangeEvent): AccountTold | null {
  switch (event.kind) {
    case "accountCreated":
    case "accountUpdated":
    case "accountStatusChanged":
    case "accountRemoved":
      return event;
    default:
      return null;
  }
}

/** For what is kept by account id and does not say whose it is: nobody knows which where the change does not. */
export function touchedById(told: AccountTold): readonly AccountId[] | "all" {
  if (told.accountId !== null) return [told.accountId];
  // Who was only asked in has no account yet.
  return told.username === null && told.email !== null ? [] : "all";
}

/** For facts of accounts by id: they say themselves whose they are. */
export function touchedFacts<V extends { readonly username: string | null; readonly email: string | null }>(
  { accountId, username, email }: AccountTold,
  names: NameRules,
): Touched<AccountId, V> {
  if (accountId !== null) return [accountId];
  if (username === null && email === null) return "all";
  return {
    where: (known) =>
      (username !== null && known.username !== null && names.username(known.username) === names.username(username)) ||
      (email !== null && known.email?.toLowerCase() === email.toLowerCase()),
  };
}

/**
 * Whose licence a change of groups or roles may have given or taken, where anything tells licences: groups decide them on Data
 * Center, and groups and roles those of an organization. A deleted group may have been everybody's.
 */
export function touchedLicence(event: ChangeEvent, site: ConfluenceSite): readonly AccountId[] | "all" {
  if (site.accounts.active === null && site.organization === null) return [];
  switch (event.kind) {
    case "membershipChanged":
    case "productRoleChanged":
      return [event.accountId];
    case "groupDeleted":
      return "all";
    default:
      return [];
  }
}

/** Whether a principal went with a change. */
export function isGoneWith(principal: Principal, event: ChangeEvent): boolean {
  if (event.kind === "groupDeleted") return principal.kind === "group" && principal.groupId === event.groupId;
  if (event.kind !== "accountRemoved" || principal.kind !== "account") return false;
  return event.accountId === null || principal.accountId === event.accountId;
}
