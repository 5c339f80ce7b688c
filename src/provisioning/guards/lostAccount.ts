import type { Account } from "../../domain/Account.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import { account } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { adminGroups } from "../../loaders/groups.js";
import { readNestedGroups } from "../../readings/groupMembers.js";
import { readAccountGroups } from "../../readings/groups.js";
import { listOrGap } from "../../readings/ReadingParts.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import { type Refusal, refuse } from "../reconcile/Task.js";
import { type Circumstances, noLoss } from "./AdministratorSearch.js";
import {
  administratorsOf,
  type KnownSpace,
  keepsSomebody,
  override,
  readKnownSpaces,
  refuseLeaving,
} from "./groupLoss.js";
import { nothingPlanned } from "./PlannedSoFar.js";

/** Spaces whose grants are read at most where they are not remembered: the reading that a review of access takes, too. */
const maxSpacesRead = 1_000;

/** Spaces that only this account may administer, and that are looked at one by one. */
const maxSpacesLookedAt = 100;

/**
 * Refuses what makes an account unusable, where that leaves a space without an active person who administers it. Which spaces the
 * account administers is not told by Confluence: the grants of the spaces in use and archived are looked at as they are
 * remembered. Those count that name the account itself, or a group of its in which no other active person stays, or the class of
 * administrators where nobody else is in its groups; they are read anew. Classes of everybody go on with everybody else, and its own
 * personal space is not asked about.
 */
export async function refuseLosingAccount(
  store: SiteStore,
  accountId: AccountId,
  { acknowledged }: Pick<Provenance, "acknowledged">,
): Promise<Refusal | null> {
  if (acknowledged?.includes("acknowledgeAdministration")) return null;
  const fresh = new SiteLoaders(store, store.clock.now());
  const facts = await fresh.of(account).get(accountId);
  // Apps administer nothing, and who cannot be used is nobody's administrator.
  if (facts === null || facts.kind === "APP" || (facts.status !== "ACTIVE" && facts.status !== "UNKNOWN")) return null;
  const spaces = await readKnownSpaces(store, { maxRead: maxSpacesRead, planned: nothingPlanned });
  if (spaces === null) return refuse("STATE_UNKNOWN", ["account"], tooMany(`more than ${maxSpacesRead} spaces`));
  const circumstances = { loss: { ...noLoss, accounts: new Set([accountId]) }, planned: nothingPlanned };
  const ways = await waysOf(fresh, accountId, { spaces, circumstances });
  if ("kind" in ways) return ways;
  const naming = spaces.filter(
    ({ space, state }) => !isOwnSpace(space, facts) && (state === null || administratorsOf(state).some(ways.names)),
  );
  if (naming.length > maxSpacesLookedAt)
    return refuse("STATE_UNKNOWN", ["account"], tooMany(`${naming.length} spaces that it administers`));
  return refuseLeaving(
    fresh,
    naming.map(({ space }) => space),
    { names: ways.names, circumstances, field: "account" },
  );
}

/** A personal space is for its owner alone: that it stays behind is meant. */
export function isOwnSpace(
  { kind, spaceId, ownerId, authorId }: Space,
  { accountId, personalSpaceId }: Pick<Account, "accountId" | "personalSpaceId">,
): boolean {
  return kind === "PERSONAL" && (spaceId === personalSpaceId || ownerId === accountId || authorId === accountId);
}

/** The principals through whom this account administers, and nobody else for certain. */
async function waysOf(
  loaders: SiteLoaders,
  accountId: AccountId,
  { spaces, circumstances }: { readonly spaces: readonly KnownSpace[]; readonly circumstances: Circumstances },
): Promise<{ readonly names: (principal: Principal) => boolean } | Refusal> {
  const administrators = spaces.flatMap(({ state }) => (state === null ? [] : administratorsOf(state)));
  const administering = new Set(administrators.flatMap((each) => (each.kind === "group" ? [each.groupId] : [])));
  const isByClass = administrators.some((each) => each.kind === "accessClass" && each.classId === adminClass);
  const admins = isByClass ? await loaders.of(adminGroups).get(onlyOne) : null;
  const roots = [...new Set([...administering, ...(admins?.items ?? [])])];
  let alone: ReadonlySet<GroupId> = new Set();
  let isAloneInClass = false;
  if (roots.length > 0) {
    const outcome = await outcomeOf(readAccountGroups(loaders, accountId));
    const groups = listOrGap(outcome, `groups of account ${accountId}`, loaders.store.clock.now());
    const [gap] = [...groups.gaps, ...(admins?.gaps ?? [])];
    if (gap !== undefined) return refuse("STATE_UNKNOWN", ["account"], `${groupsUnread} ${gap.reason}`);
    const over = await groupsOver(loaders, roots, new Set(groups.items));
    alone = await emptiedOf(loaders, over, circumstances);
    const isInClass = admins?.items.some((groupId) => over.includes(groupId)) === true;
    isAloneInClass =
      isInClass && (await emptiedOf(loaders, admins?.items ?? [], circumstances)).size === admins?.items.length;
  }
  return {
    names: (principal) => {
      if (principal.kind === "account") return principal.accountId === accountId;
      if (principal.kind === "group") return alone.has(principal.groupId);
      return principal.classId === adminClass && isAloneInClass;
    },
  };
}

/** The groups in which no other active person stays. */
async function emptiedOf(
  loaders: SiteLoaders,
  groups: readonly GroupId[],
  circumstances: Circumstances,
): Promise<ReadonlySet<GroupId>> {
  const kept = await Promise.all(groups.map((groupId) => keepsSomebody(loaders, groupId, circumstances)));
  return new Set(groups.filter((_groupId, index) => kept[index] === false));
}

/** Of some groups those that hold one of the account's groups, or are one. */
async function groupsOver(
  loaders: SiteLoaders,
  roots: readonly GroupId[],
  own: ReadonlySet<GroupId>,
): Promise<readonly GroupId[]> {
  const { childrenOf, gapsOf } = await readNestedGroups(loaders, roots);
  return roots.filter((root) => {
    const below = new Set([root]);
    for (const each of below) for (const child of childrenOf.get(each) ?? []) below.add(child);
    // What could not be read may hold it.
    return [...below].some((groupId) => own.has(groupId) || gapsOf.has(groupId));
  });
}

const adminClass = "all-product-admins";

const groupsUnread = `Which groups the account is in could not be read, and one of them may administer a space by it alone, so nothing is changed. ${override}`;

function tooMany(what: string): string {
  return `Whether the account alone administers a space would have to be looked for in ${what}, so nothing is changed. ${override}`;
}
