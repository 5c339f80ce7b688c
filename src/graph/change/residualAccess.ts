import { Field, ObjectType } from "type-graphql";
import type { AccessDecision, AccessPath } from "../../access/AccessDecision.js";
import { explainDecision } from "../../access/explainDecision.js";
import { mergeGaps } from "../../domain/Complete.js";
import { type Grant, grantKey } from "../../domain/Grant.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { group } from "../../loaders/groups.js";
import { space } from "../../loaders/spaces.js";
import type { Afterwards } from "../../provisioning/aftermath.js";
import { membershipGrant, nestingGrant } from "../../readings/memberships.js";
import { readResidualAccess, readResidualHoldings } from "../../readings/residualAccess.js";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { accessClassNames, GrantNode } from "../grant/GrantNode.js";
import { PermissionNode } from "../space/SpaceRoleNode.js";
import type { ChangePlace } from "./AccessChangeNode.js";
import { AccessVerdict } from "./changeEnums.js";

@ObjectType("AccessPath", {
  simpleResolvers: true,
  description: "A chain of grants that gives a permission: the account's memberships, then the space's grant.",
})
class AccessPathNode {
  @Field(() => [GrantNode], {
    description:
      "The chain. Revoking its last revocable grant ends this path; all paths must end for the access to end.",
  })
  readonly grants: readonly GrantNode[];

  @Field(() => Boolean, {
    description:
      "Whether the path ends in being a super user (Data Center) instead of in a grant of the space: the members of `Site.superGroup` can do everything.",
  })
  readonly isSuperUser: boolean;

  constructor(grants: readonly GrantNode[], isSuperUser: boolean) {
    this.grants = grants;
    this.isSuperUser = isSuperUser;
  }
}

@ObjectType("ResidualPermission", {
  simpleResolvers: true,
  description: "A permission that an account, a group or an access class still has, or may have, in a space.",
})
class ResidualPermissionNode {
  @Field(() => PermissionNode, { description: "Which permission." })
  readonly permission: PermissionNode;

  @Field(() => AccessVerdict, { description: "Whether it is surely there." })
  readonly decision: string;

  @Field(() => String, { description: "The decision as one plain sentence." })
  readonly explanation: string;

  @Field(() => [AccessPathNode], { description: "Through which grants, shortest first; at most 20." })
  readonly paths: readonly AccessPathNode[];

  constructor(facts: Pick<ResidualPermissionNode, "permission" | "decision" | "explanation" | "paths">) {
    this.permission = facts.permission;
    this.decision = facts.decision;
    this.explanation = facts.explanation;
    this.paths = facts.paths;
  }
}

@ObjectType("ResidualAccess", {
  simpleResolvers: true,
  description:
    "What an account can still do in a space after a revocation; of a group or an access class what it itself still holds there, whoever belongs to it. Empty and complete means that the access ended; empty and incomplete, that nobody knows.",
})
export class ResidualAccessNode {
  @Field(() => [ResidualPermissionNode], { description: "What is left, or may be." })
  readonly permissions: readonly ResidualPermissionNode[];

  @Field(() => CompletenessNode, { description: "Whether everything that decides it was read." })
  readonly completeness: CompletenessNode;

  constructor(permissions: readonly ResidualPermissionNode[], completeness: CompletenessNode) {
    this.permissions = permissions;
    this.completeness = completeness;
  }
}

/** Paths shown for one permission. */
const maxPaths = 20;

interface ResidualPlace extends Pick<ChangePlace, "loaders"> {
  readonly after: Afterwards;
}

/** What is left to a principal in a space, as the graph shows it. */
export async function residualAccessNode(
  place: ResidualPlace,
  principal: Principal,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  return principal.kind === "account"
    ? ofAccount(place, principal.accountId, spaceId)
    : ofShared(place, principal, spaceId);
}

async function ofAccount(
  { loaders, after }: ResidualPlace,
  accountId: AccountId,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  const residual = await readResidualAccess(after.loaders, accountId, spaceId, after);
  // Readable names are at hand from the reading; where one is not, its id serves.
  const names = {
    account: nameOf(after.loaders, { kind: "account", accountId }),
    space: spaceName(loaders, after.loaders, spaceId),
    nameOf: (principal: Principal) => nameOf(after.loaders, principal),
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

async function ofShared(
  { loaders, after }: ResidualPlace,
  principal: Exclude<Principal, { kind: "account" }>,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  const residual = await readResidualHoldings(after.loaders, principal, spaceId, after);
  if (principal.kind === "group") await outcomeOf(loaders.of(group).get(principal.groupId));
  const holder = `${nameOf(loaders, principal)} itself`;
  const space = spaceName(loaders, after.loaders, spaceId);
  const { siteId } = loaders.store.site;
  const permissions = residual.items.map(({ operation, decision, grants, isSuperUser }) => {
    const nodes = grants.map(({ grant }) => {
      const key = grantKey(spaceId, grant);
      return new GrantNode(loaders, { ...grant, siteId, spaceId, key, asOfMs: residual.asOfMs });
    });
    const what = operationName(operation);
    const why = isSuperUser ? ", whose members can do everything" : "";
    return new ResidualPermissionNode({
      permission: new PermissionNode(operation),
      decision,
      explanation:
        decision === "ALLOWED"
          ? `${holder} holds ${what} in ${space}${why}.`
          : `Whether ${holder} holds ${what} in ${space} is not known.`,
      paths: isSuperUser ? [new AccessPathNode([], true)] : nodes.map((node) => new AccessPathNode([node], false)),
    });
  });
  return new ResidualAccessNode(permissions, new CompletenessNode(residual));
}

function spaceName(loaders: SiteLoaders, fresh: SiteLoaders, spaceId: SpaceId): string {
  return (fresh.of(space).peek(spaceId) ?? loaders.of(space).peek(spaceId))?.key ?? spaceId;
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
