import type { Caller } from "../../callers/Caller.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { AccountId, GroupId, SiteId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { isOfKind, outcomeOf } from "../../domain/SiteError.js";
import { account, accountList } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { organizationUser } from "../../loaders/organization.js";
import { readAccountGroups } from "../../readings/groups.js";
import { isAccountGone } from "../accounts/dataCenterReading.js";
import { type Refusal, refuse } from "../reconcile/Task.js";
import { FreshFacts } from "../targets/FreshFacts.js";
import { groupsHolding } from "./groupLoss.js";
import { isOwnSpace } from "./lostAccount.js";
import { administersSite, administersSpace, lacksAdministration, ownAccess } from "./mandate.js";
import { isPlainRole } from "./reach.js";

/** Why a caller may not give its own account a way into the site. */
export function refuseCallersAccount(
  mandate: Caller | undefined,
  siteId: SiteId,
  accountId: AccountId | null,
): Refusal | null {
  if (accountId === null || mandate?.owns(siteId, accountId) !== true) return null;
  return refuse("OWN_ACCESS", ["account"], ownAccess);
}

/**
 * Why a caller may not have an address taken in that nobody was found by: where an account of its own is not seen here, or is
 * seen without its address and without access, it may be whom the address brings back. Rejects with a `SiteError`.
 */
export async function refuseCallersAddress(
  store: SiteStore,
  mandate: Caller | undefined,
  wanted: { readonly email: string; readonly username: string | null },
): Promise<Refusal | null> {
  for (const accountId of mandate?.accountsOn(store.site.siteId) ?? []) {
    if (await mayBe(store, accountId, wanted)) return refuse("OWN_ACCESS", ["email"], mayBeOwn);
  }
  return null;
}

async function mayBe(
  store: SiteStore,
  accountId: AccountId,
  { email, username }: { readonly email: string; readonly username: string | null },
): Promise<boolean> {
  const known = await store.readAnew(account, accountId);
  if (known === null) return true;
  // A site that keeps its own accounts has each under a name, and a removed one under none.
  if (username !== null) return isAccountGone(known) || known.username?.toLowerCase() === username;
  if (known.email !== null) return known.email.toLowerCase() === email.toLowerCase();
  if (known.status !== "ACTIVE") return true;
  if (known.isLicensed === true) return false;
  // Search names nobody without access to the site: whom it names is given nothing by an invitation.
  const listed = await store.readAnew(accountList, onlyOne);
  return listed?.items.includes(accountId) !== true;
}

/** Why a caller may not give this product role. */
export function refuseUnmandatedRole(mandate: Caller | undefined, siteId: SiteId, isPlain: boolean): Refusal | null {
  if (isPlain || mandate === undefined || mandate.may("grant:administration", siteId)) return null;
  const because = "the product role is another than that of a user or a guest";
  return refuse("FORBIDDEN", ["productRole"], lacksAdministration(because));
}

/**
 * Why a caller may not switch an account off, bring it back or have its post sent elsewhere: who administers gains or loses that
 * with it. Nothing is read for callers who may. Rejects with a `SiteError` where it cannot be known.
 */
export async function refuseUnmandatedAccount(
  store: SiteStore,
  mandate: Caller | undefined,
  { accountId, field = "account" }: { readonly accountId: AccountId; readonly field?: string },
): Promise<Refusal | null> {
  if (mandate === undefined || mandate.may("grant:administration", store.site.siteId)) return null;
  const because = (await roleBeyond(store, accountId)) ?? (await administrationOf(new FreshFacts(store), accountId));
  return because === null ? null : refuse("FORBIDDEN", [field], lacksAdministration(because));
}

/** A product role beyond that of a user and of a guest, on whichever product of the organization: it comes and goes with the account. */
async function roleBeyond(store: SiteStore, accountId: AccountId): Promise<string | null> {
  const user = store.site.organization === null ? null : await store.readAnew(organizationUser, accountId);
  if (user === null) return null;
  const beyond = user.roles.items.find(({ name }) => !isPlainRole(name));
  if (beyond !== undefined) return `the account has the product role ${beyond.name}`;
  return user.roles.isWhole ? null : "the organization does not tell all product roles of the account";
}

/** What the account administers here, by itself or through its groups; its own personal space is nobody else's concern. */
async function administrationOf(facts: FreshFacts, accountId: AccountId): Promise<string | null> {
  const { loaders } = facts;
  const known = await loaders.of(account).get(accountId);
  const above = await groupsHolding(loaders, await readGroupsOf(facts, accountId, known !== null));
  const isHolder = (each: Principal) =>
    each.kind === "group" ? above.has(each.groupId) : each.kind === "account" && each.accountId === accountId;
  if (await administersSite(loaders, isHolder)) return "the account administers the site";
  return administersSpace(facts, {
    ...{ who: "the account", isHolder },
    isLeftOut: (space) => isOwnSpace(space, { accountId, personalSpaceId: known?.personalSpaceId ?? null }),
  });
}

/** Whom the site does not know is in no group of it; of anybody else groups that are not shown are not known. */
async function readGroupsOf(
  { loaders }: FreshFacts,
  accountId: AccountId,
  isKnown: boolean,
): Promise<readonly GroupId[]> {
  const groups = await outcomeOf(Promise.resolve(readAccountGroups(loaders, accountId)));
  if (groups instanceof Error) {
    if (!isKnown && isOfKind(groups, "NotVisible")) return [];
    throw groups;
  }
  const [gap] = groups.gaps;
  if (gap !== undefined) throw errorFromGap(gap, `Which groups the account is in is not known. ${gap.reason}`);
  return groups.items;
}

const mayBeOwn =
  "Nobody was found by this address, and an account of the caller's own is not seen here, or not with its address: it may be the one that is taken in. Have another caller do it, or name the site of each of the caller's accounts: site/id.";
