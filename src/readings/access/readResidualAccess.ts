import type { AccessDecision } from "../../access/AccessDecision.js";
import { describeAccount } from "../../access/describeAccount.js";
import { indexSite } from "../../access/indexSite.js";
import { indexSpace } from "../../access/indexSpace.js";
import { residualAccess } from "../../access/residualAccess.js";
import { resolveAccount } from "../../access/resolveAccount.js";
import type { SpaceIndex } from "../../access/SpaceIndex.js";
import { type Complete, nothing } from "../../domain/Complete.js";
import { compareCodePoints } from "../../domain/compareCodePoints.js";
import { gapFromError } from "../../domain/gapFromError.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { SiteError } from "../../domain/SiteError.js";
import { account as accountLoader } from "../../loaders/account.js";
import { onlyOne } from "../../loaders/onlyOne.js";
import { permissionModel } from "../../loaders/permissionModel.js";
import { roleList } from "../../loaders/roleList.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { settle } from "../../loaders/settle.js";
import { space as spaceLoader } from "../../loaders/space.js";
import { spaceGrants } from "../../loaders/spaceGrants.js";
import { readAccountGroups } from "../AccountGroups.js";
import { listOrGap } from "./listOrGap.js";
import { readSiteFacts } from "./readSiteFacts.js";

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
  const memberships = listOrGap(groups, `groups of account ${accountId}`, now);
  const held = listOrGap(grants, `what space ${spaceId} grants`, now);
  const knownModel = known(model)?.model ?? "UNKNOWN";
  const hasRoles = held.items.some(({ kind }) => kind === "role");
  const roles = hasRoles
    ? listOrGap(await settle(loaders.of(roleList).get(onlyOne)), "role definitions", now)
    : nothing(now);
  const site = indexSite(await readSiteFacts(loaders, held.items));
  const index = indexSpace({
    spaceId,
    status: known(space)?.status ?? "UNKNOWN",
    grants: held,
    roles,
    model: knownModel,
    gaps: [space, model].flatMap((outcome) =>
      outcome instanceof SiteError ? [gapFromError("the space", outcome)] : [],
    ),
  });
  const described = describeAccount(accountId, facts instanceof SiteError ? facts : known(facts), memberships);
  return residualAccess({ account: resolveAccount(described, site), space: index }, everything(loaders, index));
}

/**
 * Where there are super users, what nobody is granted in the space counts too: they can do everything (rule 6), also what was
 * just taken from the last who held it. Elsewhere what the space knows is all that there can be.
 */
function everything({ store: { site } }: SiteLoaders, { operations }: SpaceIndex): readonly Operation[] | undefined {
  if (site.groups.superGroupId === null) return undefined;
  return [...operations, ...site.writer.grantableOperations].sort(
    (left, right) => compareCodePoints(left.key, right.key) || compareCodePoints(left.target, right.target),
  );
}

/** The value, `null` when it is not visible or could not be read; a bug of ours is thrown. */
function known<T>(outcome: T | null | Error): T | null {
  if (!(outcome instanceof Error)) return outcome;
  if (!(outcome instanceof SiteError)) throw outcome;
  return null;
}
