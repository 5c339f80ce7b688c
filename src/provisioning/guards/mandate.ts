import type { SpaceFacts } from "../../access/SpaceFacts.js";
import type { Caller } from "../../callers/Caller.js";
import type { ChangeFault } from "../../domain/Change.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { type Principal, principalKey } from "../../domain/Principal.js";
import type { Scope } from "../../domain/Scope.js";
import { isOfKind, outcomeOf } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import { account } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { globalGrants } from "../../loaders/grants.js";
import { adminGroups, siteAdminGroups } from "../../loaders/groups.js";
import { readResidualAccess } from "../../readings/residualAccess.js";
import type { MembershipChange, SpaceChange } from "../Change.js";
import type { SpaceState } from "../plans/SpaceState.js";
import { type Refusal, refuse } from "../reconcile/Task.js";
import type { FreshFacts } from "../targets/FreshFacts.js";
import { administratorsOf, groupsHolding, readKnownSpaces } from "./groupLoss.js";

/** Why a caller may not do something on a site at all; `null` where it may. Without a mandate it is we who ask. */
export function faultOfScope(mandate: Caller | undefined, scope: Scope, siteId: SiteId): ChangeFault | null {
  if (mandate === undefined || mandate.may(scope, siteId)) return null;
  const message = `This caller does not hold the scope ${scope} on site ${siteId}.`;
  return { code: "FORBIDDEN", field: [], message };
}

interface PlannedSpaceChange {
  readonly change: SpaceChange;
  readonly mandate: Caller | undefined;
  readonly before: SpaceState;
  readonly after: SpaceState;
}

/** Why a caller may not make this change of a space, by its scopes and because of who it is. Rejects with a `SiteError`. */
export async function refuseUnmandated(facts: FreshFacts, planned: PlannedSpaceChange): Promise<Refusal | null> {
  const { change, mandate, before, after } = planned;
  if (mandate === undefined) return null;
  const { siteId } = facts.store.site;
  if (!mandate.may("grant:administration", siteId)) {
    const what = administrationIn(change, before, after);
    if (what !== null) return refuse("FORBIDDEN", [what.field], lacksAdministration(what.because));
  }
  return refuseOwnAccess(facts, planned);
}

/** What of a change is administration; `null` where nothing is. A role that nobody knows may give anything. */
function administrationIn(
  change: SpaceChange,
  before: SpaceState,
  after: SpaceState,
): { readonly field: string; readonly because: string } | null {
  const { principal } = change;
  if (principal.kind === "accessClass" && principal.classId !== "all-licensed-users") {
    return { field: "principal", because: "the access class goes beyond licensed users, or is one of administrators" };
  }
  if ("roleId" in change && !before.roles.some(({ roleId }) => roleId === change.roleId)) {
    return { field: "role", because: "what the role gives is not known" };
  }
  const gives = (state: SpaceState) => administrationOf(state, principal);
  if (gives(before) === gives(after) && !namesAdministration(change)) return null;
  const field = "roleId" in change ? "role" : "permissions";
  return { field, because: "it gives or takes the administration of the space" };
}

function namesAdministration(change: SpaceChange): boolean {
  return "operations" in change && change.operations.some(isAdministration);
}

function isAdministration({ key }: Operation): boolean {
  return key.toLowerCase().startsWith("administer");
}

/** What a principal holds of administration in a space, as one text to be compared. */
function administrationOf({ grants, roles }: SpaceState, principal: Principal): string {
  const key = principalKey(principal);
  return grants
    .filter((grant) => principalKey(grant.principal) === key)
    .flatMap((grant) => {
      if (grant.kind === "permission") return [grant.operation];
      return roles.find(({ roleId }) => roleId === grant.roleId)?.permissions ?? [];
    })
    .filter(isAdministration)
    .map(operationName)
    .sort()
    .join();
}

/** Nobody gives themselves what they do not hold: directly, through a group they are in, or through a class they belong to. */
async function refuseOwnAccess(
  { store, loaders }: FreshFacts,
  { change, mandate, after }: PlannedSpaceChange,
): Promise<Refusal | null> {
  const isGrant = change.kind === "grantRole" || change.kind === "grantPermissions";
  const { siteId } = store.site;
  if (!isGrant || mandate === undefined) return null;
  const { principal, spaceId } = change;
  if (principal.kind === "account") {
    return mandate.owns(siteId, principal.accountId) ? refuse("OWN_ACCESS", ["principal"], ownAccess) : null;
  }
  for (const accountId of [...mandate.accountsOn(siteId), ...(await sharedAccounts(loaders, mandate))]) {
    const isGiven = await gainsIn(loaders, { accountId, spaceId, after });
    if (isGiven) return refuse("OWN_ACCESS", ["principal"], ownAccess);
  }
  return null;
}

/** Accounts of the caller on other sites of Cloud that are here as well. Whom this site does not know gains nothing by a group or a class. */
async function sharedAccounts(loaders: SiteLoaders, mandate: Caller): Promise<readonly AccountId[]> {
  const shared = mandate.accountsSharedWith(loaders.store.site.siteId);
  const known = await Promise.all(shared.map((accountId) => loaders.of(account).get(accountId)));
  return shared.filter((_accountId, index) => known[index] !== null);
}

/** Whether an account could do, or might do, more in a space after a change than it surely can before. */
async function gainsIn(
  loaders: SiteLoaders,
  {
    accountId,
    spaceId,
    after,
  }: { readonly accountId: AccountId; readonly spaceId: SpaceId; readonly after: SpaceState },
): Promise<boolean> {
  const nothing = { spaces: new Map(), memberships: new Map() };
  const [now, later] = await Promise.all([
    readResidualAccess(loaders, accountId, spaceId, nothing),
    readResidualAccess(loaders, accountId, spaceId, { ...nothing, spaces: new Map([[spaceId, factsOf(after)]]) }),
  ]);
  const [gap] = later.gaps;
  if (gap !== undefined)
    throw errorFromGap(gap, `Whether this would give the caller's own account anything is not known. ${gap.reason}`);
  const held = new Set(
    now.items.flatMap(({ decision, operation }) => (decision === "ALLOWED" ? [operationName(operation)] : [])),
  );
  return later.items.some(({ operation }) => !held.has(operationName(operation)));
}

function factsOf({ space, grants, trust, model, roles }: SpaceState): SpaceFacts {
  const { gaps, asOfMs, assumptions } = trust;
  return {
    ...{ spaceId: space.spaceId, status: space.status, model, gaps: [] },
    grants: { items: grants, gaps, asOfMs, assumptions },
    roles: { items: roles, gaps: [], asOfMs, assumptions: [] },
  };
}

/** Why a caller may not change this membership. Rejects with a `SiteError`. */
export async function refuseUnmandatedMembership(
  facts: FreshFacts,
  { kind, groupId, accountId }: MembershipChange,
  mandate: Caller | undefined,
): Promise<Refusal | null> {
  if (mandate === undefined) return null;
  if (kind === "grantMembership" && mandate.owns(facts.store.site.siteId, accountId)) {
    return refuse("OWN_ACCESS", ["account"], ownAccess);
  }
  return refuseUnmandatedGroup(facts, groupId, mandate);
}

/** Why a caller may not change who administers by way of a group. Nothing is read for callers who may. */
export async function refuseUnmandatedGroup(
  facts: FreshFacts,
  groupId: GroupId,
  mandate: Caller | undefined,
): Promise<Refusal | null> {
  if (mandate === undefined || mandate.may("grant:administration", facts.store.site.siteId)) return null;
  const above = await groupsHolding(facts.loaders, [groupId]);
  const isHolder = (each: Principal) => each.kind === "group" && above.has(each.groupId);
  const because = (await administersSite(facts.loaders, isHolder))
    ? "the group administers the site"
    : await administersSpace(facts, { isHolder, who: "the group", isLeftOut: () => false });
  return because === null ? null : refuse("FORBIDDEN", ["group"], lacksAdministration(because));
}

/** Whether one of some principals administers the site: by itself, or because it is a group of administrators. */
export async function administersSite(
  loaders: SiteLoaders,
  isHolder: (principal: Principal) => boolean,
): Promise<boolean> {
  const { groups, globalGrants: siteWide } = loaders.store.site;
  const isGroupOf = (groupId: GroupId) => isHolder({ kind: "group", groupId });
  if (groups.superGroupId !== null && isGroupOf(groups.superGroupId)) return true;
  if (groups.admins !== null) {
    const [admins, siteAdmins] = await Promise.all([
      loaders.of(adminGroups).get(onlyOne),
      loaders.of(siteAdminGroups).get(onlyOne),
    ]);
    if (admins?.items.some(isGroupOf) || siteAdmins?.items.some(isGroupOf)) return true;
    const [gap] = [...(admins?.gaps ?? []), ...(siteAdmins?.gaps ?? [])];
    if (gap !== undefined) throw errorFromGap(gap);
  }
  if (siteWide === null) return false;
  const outcome = await outcomeOf(loaders.of(globalGrants).get(onlyOne));
  // A version that does not tell them has the group that it comes with, which is the super group.
  if (outcome === null || isOfKind(outcome, "Unsupported")) return false;
  if (outcome instanceof Error) throw outcome;
  const [gap] = outcome.gaps;
  const isAdministrator = outcome.items.some(
    ({ principal, operation }) => isHolder(principal) && isAdministration(operation),
  );
  if (!isAdministrator && gap !== undefined) throw errorFromGap(gap);
  return isAdministrator;
}

/** Spaces whose grants are read at most for the question whether somebody administers one. */
const maxSpacesRead = 500;

/** Why somebody counts as an administrator of a space; `null` where they surely are none. */
export async function administersSpace(
  { store, planned }: FreshFacts,
  {
    who,
    isHolder,
    isLeftOut,
  }: {
    readonly who: string;
    readonly isHolder: (principal: Principal) => boolean;
    readonly isLeftOut: (space: Space) => boolean;
  },
): Promise<string | null> {
  const spaces = await readKnownSpaces(store, { maxRead: maxSpacesRead, planned });
  if (spaces === null) {
    return `whether ${who} administers a space is looked for in at most ${maxSpacesRead} spaces that are not remembered`;
  }
  for (const { space, state } of spaces) {
    if (isLeftOut(space)) continue;
    if (state === null) return `whether ${who} administers space ${space.key} could not be read`;
    if (administratorsOf(state).some(isHolder)) return `${who} administers space ${space.key}`;
  }
  return null;
}

export function lacksAdministration(because: string): string {
  return `This needs the scope grant:administration, which this caller does not hold here: ${because}.`;
}

export const ownAccess = "This would give the caller's own account what it does not hold. Have another caller do it.";
