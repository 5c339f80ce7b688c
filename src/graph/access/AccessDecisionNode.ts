import { GraphQLDateTime } from "graphql-scalars";
import { Field, Int, ObjectType } from "type-graphql";
import type { AccessDecision, AccessFacts, AccessPath, BareDecision } from "../../access/AccessDecision.js";
import { evaluateAccess } from "../../access/evaluateAccess.js";
import { evaluateBareDecision } from "../../access/evaluateBareDecision.js";
import { explainDecision } from "../../access/explainDecision.js";
import { findClassWay, findLicenceWays } from "../../access/findPaths.js";
import { type Assumption as AssumptionWord, mergeGaps } from "../../domain/Complete.js";
import type { Operation } from "../../domain/Operation.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { InputError } from "../errors/errorCodes.js";
import { Assumption, defineEnum } from "../schema/enums.js";
import { PermissionNode } from "../space/SpaceNode.js";
import { AccessPathNode, accessPathNode, licencePathNode, namesFor } from "./AccessPathNode.js";

export const Decision = defineEnum("Decision", "Whether an account can do something.", {
  ALLOWED: "Known facts suffice, whatever else is missing.",
  DENIED: "It would not suffice even if everything that is missing were in the account's favour.",
  UNKNOWN: "Something that could not be read stands in the way of saying so: see `completeness`.",
});

export const AccessReason = defineEnum("AccessReason", "Why an account cannot do something, or why nobody knows.", {
  ACCOUNT_NOT_ACTIVE: "The account is suspended, deactivated, inactive or closed. What it holds is in `ineffective`.",
  SPACE_TRASHED: "The space is in the trash.",
  NOT_LICENSED: "The account has no Confluence licence.",
  INEFFECTIVE: "It is granted, and has no effect: without `read/space` nothing else counts.",
  NO_GRANT: "No grant gives it.",
  INCOMPLETE: "UNKNOWN: something could not be read. `completeness` says what.",
  ACCOUNT_STATUS_UNKNOWN: "UNKNOWN: it is granted, but nobody says whether the account is active.",
});

@ObjectType("AccessDecision", {
  simpleResolvers: true,
  description:
    "Whether an account can do something in a space, why, and how sure that is. Computed by the rules of `docs/access-rules.md` from what the site stores: Confluence answers this of nobody but the caller.",
})
export class AccessDecisionNode {
  readonly loaders: SiteLoaders;
  readonly facts: AccessFacts;
  readonly operation: Operation;
  readonly asOfMs: number;
  readonly #arePathsAsked: boolean;
  readonly #bare: BareDecision;
  #completeness: CompletenessNode | undefined;
  #verdict: AccessDecision | undefined;

  /** `arePathsAsked`: what may hide further paths matters to whoever looks at them, and to nobody else. */
  constructor(
    loaders: SiteLoaders,
    facts: AccessFacts,
    { operation, asOfMs }: Pick<AccessDecision, "operation" | "asOfMs">,
    arePathsAsked: boolean,
  ) {
    this.loaders = loaders;
    this.facts = facts;
    this.operation = operation;
    this.asOfMs = asOfMs;
    this.#arePathsAsked = arePathsAsked;
    this.#bare = evaluateBareDecision(facts, operation);
  }

  @Field(() => PermissionNode, { description: "What was asked about, as the site spells it." })
  get permission(): PermissionNode {
    return new PermissionNode(this.operation);
  }

  @Field(() => Decision, { description: "The answer." })
  get decision(): string {
    return this.#bare.decision;
  }

  @Field(() => AccessReason, { nullable: true, description: "Why it is not ALLOWED; null when it is." })
  get reason(): string | null {
    return this.#bare.reason;
  }

  @Field(() => [Assumption], {
    description:
      "What is taken for granted because nobody can say otherwise. Example: `LICENSED`, where no organization tells who has a licence.",
  })
  get assumptions(): readonly AssumptionWord[] {
    return this.#bare.assumptions;
  }

  @Field(() => CompletenessNode, {
    description:
      "Whether everything that decides it, and every path, was read. What is missing behind an ALLOWED can only be further paths.",
  })
  get completeness(): CompletenessNode {
    if (this.#completeness === undefined) {
      const { gaps, pathGaps, assumptions } = this.#bare;
      const missing = this.#arePathsAsked ? mergeGaps(gaps, pathGaps) : gaps;
      this.#completeness = new CompletenessNode({ gaps: missing, asOfMs: this.asOfMs, assumptions });
    }
    return this.#completeness;
  }

  @Field(() => GraphQLDateTime, { description: "When the oldest reading it rests on was made." })
  get asOf(): Date {
    return new Date(this.asOfMs);
  }

  /** With its paths, which cost more than the decision: looked for when somebody asks. */
  get verdict(): AccessDecision {
    const { facts, operation, asOfMs } = this;
    if (this.#verdict === undefined) {
      const verdict = evaluateAccess(facts, operation);
      this.#verdict = verdict.asOfMs === asOfMs ? verdict : { ...verdict, asOfMs };
    }
    return this.#verdict;
  }

  @Field(() => Int, { description: "How many `paths` there are, up to 1,000." })
  get pathCount(): number {
    return this.verdict.paths.length;
  }

  @Field(() => Boolean, {
    description: "Whether there are more `paths` or `ineffective` ones than were looked for: 1,000 of each.",
  })
  get hasMorePaths(): boolean {
    return this.verdict.hasMorePaths;
  }

  @Field(() => String, {
    description:
      "The decision as one plain sentence. Example: `Ada has read/space in ENG: through membership of readers, and on 1 other path.`",
  })
  get explanation(): string {
    return explainDecision(this.verdict, namesFor(this.loaders, this.facts));
  }

  @Field(() => [AccessPathNode], {
    description:
      "On Data Center: through which grants the account may use the site at all, each the shortest way, ending in the permission `use/application`. Without one of them no path counts. Empty on Cloud, where the organization says who is licensed, and where the version does not tell.",
  })
  get licencePaths(): AccessPathNode[] {
    const { loaders, asOfMs, facts } = this;
    return findLicenceWays(facts.account).map((way) => licencePathNode(loaders, asOfMs, way));
  }
}

const maxPaths = 1_000;

/** Some of the paths of a decision. */
export function pathNodes(
  { loaders, verdict, facts }: AccessDecisionNode,
  paths: readonly AccessPath[],
  first: number,
): AccessPathNode[] {
  if (first < 0 || first > maxPaths) {
    throw new InputError("INVALID_PAGE_SIZE", "first", `first must be from 0 to ${maxPaths}; ${first} was given.`);
  }
  const shown = paths.slice(0, first);
  return shown.map((path) => {
    const { end } = path;
    const belongsBy = end.kind === "GRANT" ? findClassWay(facts.account, end.held.grant.principal) : [];
    return accessPathNode(loaders, verdict, path, belongsBy);
  });
}
