import type { AccessDecision } from "../access/AccessDecision.js";
import { residualAccess } from "../access/evaluateAccess.js";
import { type PrincipalHolding, principalHoldings, superGroupHoldings } from "../access/evaluateHolding.js";
import { resolveAccount } from "../access/ResolvedAccount.js";
import { indexSite } from "../access/SiteFacts.js";
import { indexSpace, operationKey, type SpaceFacts, type SpaceIndex } from "../access/SpaceFacts.js";
import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";
import { compareText } from "../domain/textOrder.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { foreseen, readAccessOfAccount, readAccessOfSpace } from "./accessFacts.js";
import { readSiteFacts } from "./siteFacts.js";

/** What is known of how things stand after some changes, so that it is not read again; or how they would stand after a plan. */
export interface Aftermath {
  readonly spaces: ReadonlyMap<SpaceId, SpaceFacts>;
  /** By account, the groups that it would have come into (`true`) or gone out of. Only of what was planned and not done. */
  readonly memberships: ReadonlyMap<AccountId, ReadonlyMap<GroupId, boolean>>;
}

/**
 * What an account can do in a space after some changes, and on which paths, by the access rules. Reads the account's groups
 * and facts through loaders that answer nothing older than the changes, and what the space grants where that is not known;
 * what cannot be read is a gap and turns what hangs on it UNKNOWN.
 */
export async function readResidualAccess(
  loaders: SiteLoaders,
  accountId: AccountId,
  spaceId: SpaceId,
  after: Aftermath,
): Promise<Complete<AccessDecision>> {
  const [facts, space] = await Promise.all([
    readAccessOfAccount(loaders, accountId),
    readSpaceFacts(loaders, spaceId, after),
  ]);
  const described = foreseen(facts, after.memberships.get(accountId));
  const site = indexSite(await readSiteFacts(loaders, space.grants.items));
  const index = indexSpace(space);
  return residualAccess({ account: resolveAccount(described, site), space: index }, operationsToJudge(loaders, index));
}

/** What a group or a class itself still holds in a space after some changes; who belongs to it may hold more. */
export async function readResidualHoldings(
  loaders: SiteLoaders,
  principal: Principal,
  spaceId: SpaceId,
  after: Aftermath,
): Promise<Complete<PrincipalHolding>> {
  const index = indexSpace(await readSpaceFacts(loaders, spaceId, after));
  const { superGroupId } = loaders.store.site.groups;
  const operations = operationsToJudge(loaders, index);
  return operations !== undefined && principal.kind === "group" && principal.groupId === superGroupId
    ? superGroupHoldings(index, operations)
    : principalHoldings(index, principal);
}

async function readSpaceFacts(loaders: SiteLoaders, spaceId: SpaceId, after: Aftermath): Promise<SpaceFacts> {
  return after.spaces.get(spaceId) ?? readAccessOfSpace(loaders, spaceId);
}

/**
 * Where there are super users, what nobody is granted in the space counts too: they can do everything (rule 6), also what was
 * just taken from the last who held it. Elsewhere what the space knows is all that there can be.
 */
function operationsToJudge(
  { store: { site } }: SiteLoaders,
  { operations }: SpaceIndex,
): readonly Operation[] | undefined {
  if (site.groups.superGroupId === null) return undefined;
  const all = [...operations, ...site.writer.grantableOperations];
  return [...new Map(all.map((operation) => [operationKey(operation), operation])).values()].sort(
    (left, right) => compareText(left.key, right.key) || compareText(left.target, right.target),
  );
}
