import type { AccessDecision } from "../access/AccessDecision.js";
import { cloudAccessRules } from "../access/cloudAccessRules.js";
import { describeAccount } from "../access/describeAccount.js";
import { indexSite } from "../access/indexSite.js";
import { indexSpace } from "../access/indexSpace.js";
import { residualAccess } from "../access/residualAccess.js";
import { resolveAccount } from "../access/resolveAccount.js";
import type { Complete } from "../domain/Complete.js";
import { gapFromError } from "../domain/gapFromError.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import { account as accountLoader } from "../loaders/account.js";
import { adminGroups } from "../loaders/adminGroups.js";
import { group as groupLoader } from "../loaders/group.js";
import { onlyOne } from "../loaders/onlyOne.js";
import { permissionModel } from "../loaders/permissionModel.js";
import { readAccountGroups } from "../loaders/readAccountGroups.js";
import { roleList } from "../loaders/roleList.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { settle } from "../loaders/settle.js";
import { space as spaceLoader } from "../loaders/space.js";
import { spaceGrants } from "../loaders/spaceGrants.js";

/**
 * What an account can do in a space now, and on which paths, by the access rules. Reads what the space grants, the account's
 * groups and facts; what cannot be read is a gap and turns what hangs on it UNKNOWN.
 */
export async function readResidualAccess(
  loaders: SiteLoaders,
  accountId: AccountId,
  spaceId: SpaceId,
): Promise<Complete<AccessDecision>> {
  const [facts, groups, space, grants, model] = await Promise.all([
    settle(loaders.of(accountLoader).get(accountId)),
    settle(readAccountGroups(loaders, accountId)),
    settle(loaders.of(spaceLoader).get(spaceId)),
    settle(loaders.of(spaceGrants).get(spaceId)),
    settle(loaders.of(permissionModel).get(onlyOne)),
  ]);
  const now = loaders.store.clock.now();
  const held = listOf(grants, `what space ${spaceId} grants`, now);
  const spaceHeld: Complete<SpaceGrant> = {
    ...held,
    items: held.items.flatMap((grant) => (grant.kind === "membership" ? [] : [grant])),
  };
  const knownModel = known(model) ?? "UNKNOWN";
  const hasRoles = spaceHeld.items.some(({ kind }) => kind === "role");
  const roles = hasRoles ? listOf(await settle(loaders.of(roleList).get(onlyOne)), "role definitions", now) : none(now);
  const site = indexSite({
    rules: cloudAccessRules,
    goneGroups: await readGoneGroups(loaders, spaceHeld.items),
    adminGroups: namesAdmins(spaceHeld.items)
      ? listOf(await settle(loaders.of(adminGroups).get(onlyOne)), "groups of administrators", now)
      : none(now),
    nesting: { parentsOf: new Map(), gaps: new Map() },
    globalGrants: null,
    groupNames: new Map(),
  });
  const index = indexSpace({
    spaceId,
    status: known(space)?.status ?? "UNKNOWN",
    grants: spaceHeld,
    roles,
    model: knownModel,
    gaps: [space, model].flatMap((outcome) =>
      outcome instanceof SiteError ? [gapFromError("the space", outcome)] : [],
    ),
  });
  const described = describeAccount(
    accountId,
    facts instanceof SiteError ? facts : known(facts),
    listOf(groups, `groups of account ${accountId}`, now),
  );
  return residualAccess({ account: resolveAccount(described, site), space: index });
}

/** Groups that hold something here and do not exist any more (rule 3: they have no members). */
async function readGoneGroups(loaders: SiteLoaders, grants: readonly SpaceGrant[]): Promise<ReadonlySet<GroupId>> {
  const ids = [...new Set(grants.flatMap(({ principal }) => (principal.kind === "group" ? [principal.groupId] : [])))];
  const outcomes = await loaders.of(groupLoader).getMany(ids);
  return new Set(ids.filter((_id, index) => outcomes[index] === null));
}

function namesAdmins(grants: readonly SpaceGrant[]): boolean {
  return grants.some(({ principal }) => principal.kind === "accessClass" && principal.classId === "all-product-admins");
}

function listOf<T>(outcome: Complete<T> | null | Error, missing: string, nowMs: number): Complete<T> {
  if (!(outcome instanceof Error)) return outcome ?? none(nowMs);
  if (!(outcome instanceof SiteError)) throw outcome;
  return { items: [], gaps: [gapFromError(missing, outcome)], asOfMs: nowMs };
}

function none(nowMs: number): Complete<never> {
  return { items: [], gaps: [], asOfMs: nowMs };
}

/** The value, `null` when it is not visible or could not be read; a bug of ours is thrown. */
function known<T>(outcome: T | null | Error): T | null {
  if (!(outcome instanceof Error)) return outcome;
  if (!(outcome instanceof SiteError)) throw outcome;
  return null;
}
