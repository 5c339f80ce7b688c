import type { AccessDecision } from "../../access/AccessDecision.js";
import type { AccessPath } from "../../access/AccessPath.js";
import { explainDecision } from "../../access/explainDecision.js";
import { mergeGaps } from "../../domain/Gap.js";
import type { Grant } from "../../domain/Grant.js";
import { grantKey } from "../../domain/grantKey.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import { account } from "../../loaders/account.js";
import { group } from "../../loaders/group.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { space } from "../../loaders/space.js";
import { readResidualAccess } from "../../readings/access/readResidualAccess.js";
import { membershipGrant, nestingGrant } from "../../readings/readMemberships.js";
import { accessClassNames } from "../types/accessClassNames.js";
import { CompletenessNode } from "../types/CompletenessNode.js";
import { GrantNode } from "../types/GrantNode.js";
import { PermissionNode } from "../types/PermissionNode.js";
import { AccessPathNode, ResidualAccessNode, ResidualPermissionNode } from "../types/ResidualAccessNode.js";

/** Paths shown for one permission. */
const maxPaths = 20;

/** What an account can still do in a space, as the graph shows it. */
export async function residualAccessNode(
  loaders: SiteLoaders,
  accountId: AccountId,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  const residual = await readResidualAccess(loaders, accountId, spaceId);
  // Readable names are at hand from the reading; where one is not, its id serves.
  const names = {
    account: loaders.of(account).peek(accountId)?.displayName ?? accountId,
    space: loaders.of(space).peek(spaceId)?.key ?? spaceId,
    nameOf: (principal: Principal) => nameOf(loaders, principal),
  };
  const permissions = residual.items.map(
    (decision) =>
      new ResidualPermissionNode({
        permission: new PermissionNode(decision.operation),
        decision: decision.decision,
        explanation: explainDecision(decision, names),
        paths: decision.paths.slice(0, maxPaths).map((path) => pathNode(loaders, decision, path)),
      }),
  );
  // What keeps a decision open is missing from the answer just as what hides further permissions is.
  const gaps = mergeGaps(residual.gaps, ...residual.items.map((decision) => decision.gaps));
  return new ResidualAccessNode(permissions, new CompletenessNode({ ...residual, gaps }));
}

function pathNode(loaders: SiteLoaders, { spaceId, asOfMs }: AccessDecision, path: AccessPath): AccessPathNode {
  const { siteId } = loaders.store.site;
  const memberships = path.memberships.map(
    ({ member, groupId }): Grant =>
      member.kind === "account"
        ? membershipGrant(loaders, groupId, member.accountId, asOfMs)
        : nestingGrant(loaders, groupId, member.groupId, asOfMs),
  );
  const { end } = path;
  const grants: Grant[] =
    end.kind === "GRANT"
      ? [...memberships, { ...end.held.grant, siteId, spaceId, key: grantKey(spaceId, end.held.grant), asOfMs }]
      : memberships;
  const nodes = grants.map((grant) => new GrantNode(loaders, grant));
  return new AccessPathNode(nodes, end.kind === "SUPERUSER");
}

function nameOf(loaders: SiteLoaders, principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return loaders.of(account).peek(principal.accountId)?.displayName ?? principal.accountId;
    case "group":
      return loaders.of(group).peek(principal.groupId)?.name ?? principal.groupId;
    case "accessClass":
      return accessClassNames.get(principal.classId) ?? principal.classId;
  }
}
