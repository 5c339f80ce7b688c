import { Field, ObjectType } from "type-graphql";
import { explainDecision } from "../../access/explainDecision.js";
import { mergeGaps } from "../../domain/Complete.js";
import { storedSpaceGrant } from "../../domain/Grant.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { operationName } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { group } from "../../loaders/groups.js";
import type { Afterwards } from "../../provisioning/aftermath.js";
import { readResidualAccess, readResidualHoldings } from "../../readings/residualAccess.js";
import { AccessPathNode, accessPathNode, nameOf, spaceName } from "../access/AccessPathNode.js";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { GrantNode } from "../grant/GrantNode.js";
import { PermissionNode } from "../space/SpaceNode.js";
import type { ChangeSource } from "./AccessChangeNode.js";
import { AccessVerdict } from "./changeEnums.js";

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

interface ResidualSource extends Pick<ChangeSource, "loaders"> {
  readonly after: Afterwards;
}

/** What is left to a principal in a space, as the graph shows it. */
export async function residualAccessNode(
  source: ResidualSource,
  principal: Principal,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  return principal.kind === "account"
    ? ofAccount(source, principal.accountId, spaceId)
    : ofShared(source, principal, spaceId);
}

async function ofAccount(
  { loaders, after }: ResidualSource,
  accountId: AccountId,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  const residual = await readResidualAccess(after.loaders, accountId, spaceId, after);
  const names = {
    account: nameOf(after.loaders, { kind: "account", accountId }),
    space: spaceName(after.loaders, spaceId, loaders),
    nameOf: (principal: Principal) => nameOf(after.loaders, principal),
  };
  const permissions = residual.items.map(
    (decision) =>
      new ResidualPermissionNode({
        permission: new PermissionNode(decision.operation),
        decision: decision.decision,
        explanation: explainDecision(decision, names),
        paths: decision.paths.slice(0, maxPaths).map((path) => accessPathNode(loaders, decision, path)),
      }),
  );
  // What keeps a decision open is missing from the answer just as what hides further permissions is.
  const gaps = mergeGaps(residual.gaps, ...residual.items.map((decision) => decision.gaps));
  return new ResidualAccessNode(permissions, new CompletenessNode({ ...residual, gaps }));
}

async function ofShared(
  { loaders, after }: ResidualSource,
  principal: Exclude<Principal, { kind: "account" }>,
  spaceId: SpaceId,
): Promise<ResidualAccessNode> {
  const residual = await readResidualHoldings(after.loaders, principal, spaceId, after);
  if (principal.kind === "group") await outcomeOf(loaders.of(group).get(principal.groupId));
  const holder = `${nameOf(loaders, principal)} itself`;
  const space = spaceName(after.loaders, spaceId, loaders);
  const { siteId } = loaders.store.site;
  const permissions = residual.items.map(({ operation, decision, grants, isSuperUser }) => {
    const nodes = grants.map(
      ({ grant }) => new GrantNode(loaders, storedSpaceGrant(siteId, spaceId, grant, residual.asOfMs)),
    );
    const what = operationName(operation);
    const why = isSuperUser ? ", whose members can do everything" : "";
    return new ResidualPermissionNode({
      permission: new PermissionNode(operation),
      decision,
      explanation:
        decision === "ALLOWED"
          ? `${holder} holds ${what} in ${space}${why}.`
          : `Whether ${holder} holds ${what} in ${space} is not known.`,
      paths: isSuperUser
        ? [new AccessPathNode({ grants: [], isSuperUser: true })]
        : nodes.map((node) => new AccessPathNode({ grants: [node] })),
    });
  });
  return new ResidualAccessNode(permissions, new CompletenessNode(residual));
}
