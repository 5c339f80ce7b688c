import { Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { evaluateBelonging } from "../../access/evaluateHolding.js";
import { explainBelonging } from "../../access/explainDecision.js";
import { findClassWay } from "../../access/findPaths.js";
import { knownClassesOf } from "../../access/SiteFacts.js";
import type { Principal } from "../../domain/Principal.js";
import { readBelongings } from "../../readings/accessFacts.js";
import { AccountNode } from "../account/AccountNode.js";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { AccessClassNode, GrantNode } from "../grant/GrantNode.js";
import { AccessReason, Decision } from "./AccessDecisionNode.js";
import { membershipNodes, nameOf } from "./AccessPathNode.js";

@ObjectType("AccessClassMembership", {
  simpleResolvers: true,
  description: "Whether an account belongs to an access class, so that what the class is granted reaches it.",
})
class AccessClassMembershipNode {
  @Field(() => AccessClassNode, { description: "The class." })
  readonly accessClass: AccessClassNode;

  @Field(() => Decision, { description: "Whether the account belongs to it." })
  readonly decision: string;

  @Field(() => AccessReason, {
    nullable: true,
    description:
      "Why not, or why nobody knows: `ACCOUNT_NOT_ACTIVE`, `NOT_LICENSED`, `INCOMPLETE` or `ACCOUNT_STATUS_UNKNOWN`. Null where it belongs, and where it is simply not one of them.",
  })
  readonly reason: string | null;

  @Field(() => String, {
    description:
      "The decision as one plain sentence. Example: `Ada belongs to All Confluence administrators: through membership of confluence-admins.`",
  })
  readonly explanation: string;

  @Field(() => [GrantNode], {
    description: "The memberships that make it belong; empty where what the account is itself does.",
  })
  readonly belongsBy: readonly GrantNode[];

  @Field(() => CompletenessNode, { description: "Whether everything that decides it was read." })
  readonly completeness: CompletenessNode;

  constructor(facts: AccessClassMembershipNode) {
    this.accessClass = facts.accessClass;
    this.decision = facts.decision;
    this.reason = facts.reason;
    this.explanation = facts.explanation;
    this.belongsBy = facts.belongsBy;
    this.completeness = facts.completeness;
  }
}

@Resolver(() => AccountNode)
export class AccessClassResolver {
  @FieldResolver(() => [AccessClassMembershipNode], {
    nullable: true,
    description:
      "The access classes whose members can be told on its site, each with whether the account belongs to it and why: what they are granted reaches whoever belongs. Reads the account, its groups, and what the site says of administrators (Cloud) or of who may use it (Data Center).",
  })
  async accessClasses(@Root() { loaders, accountId }: AccountNode): Promise<AccessClassMembershipNode[]> {
    const { accounts, names } = loaders.site;
    const classes = knownClassesOf(accounts).map((classId) =>
      names.principal({ kind: "accessClass", classId, reportedType: "access-class" }),
    );
    const { account, asOfMs } = await readBelongings(loaders, accountId, classes);
    return classes.flatMap((principal) => {
      if (principal.kind !== "accessClass") return [];
      const decided = evaluateBelonging(account, principal);
      const by = decided.decision === "DENIED" ? [] : findClassWay(account, principal);
      const accessClass = new AccessClassNode(loaders, principal);
      return [
        new AccessClassMembershipNode({
          ...{ accessClass, decision: decided.decision, reason: decided.reason },
          explanation: explainBelonging(decided, by, {
            account: nameOf(loaders, { kind: "account", accountId }),
            accessClass: accessClass.name,
            nameOf: (each: Principal) => nameOf(loaders, each),
          }),
          belongsBy: membershipNodes(loaders, by, asOfMs),
          completeness: new CompletenessNode({ ...decided, asOfMs }),
        }),
      ];
    });
  }
}
