import { GraphQLDateTime } from "graphql-scalars";
import { Field, Float, ObjectType } from "type-graphql";
import type { Assumption as AssumptionWord, Gap, Trust } from "../../domain/Complete.js";
import { UpstreamCode, upstreamCodes } from "../errors/errorCodes.js";
import { Assumption } from "../schema/enums.js";

@ObjectType("Gap", {
  simpleResolvers: true,
  description: "Something that belongs to an answer and is not in it, and why.",
})
export class GapNode {
  @Field(() => String, { description: "What is missing, in a person's words. Example: `what space 327684 grants`." })
  readonly missing: string;

  @Field(() => UpstreamCode, { description: "Why, for programs." })
  readonly code: UpstreamCode;

  @Field(() => String, { description: "Why, for people, and what to do about it." })
  readonly reason: string;

  @Field(() => String, {
    nullable: true,
    description: "The upstream call that failed, as a template. Example: `GET /wiki/api/v2/spaces/{id}/permissions`.",
  })
  readonly call: string | null;

  @Field(() => Float, {
    nullable: true,
    description: "Milliseconds until asking again makes sense, where the site said so.",
  })
  readonly retryAfterMs: number | null;

  constructor(gap: Gap) {
    this.missing = gap.missing;
    this.code = upstreamCodes[gap.kind];
    this.reason = gap.reason;
    this.call = gap.call;
    this.retryAfterMs = gap.retryAfterMs;
  }
}

@ObjectType("Completeness", {
  simpleResolvers: true,
  description:
    "How far an answer can be trusted. An answer that is not complete holds what was read before something failed; what is missing is in `gaps`. Nobody may conclude from it that somebody has no access.",
})
export class CompletenessNode {
  /** What is missing, for those who see to it that it is told. */
  readonly missing: readonly Gap[];
  /** Whether the answer says that something is missing: the query asked, or an error stands for it. */
  isTold = false;
  /** Whether the query asked if it is stale. */
  isStaleTold = false;
  readonly #assumptions: readonly AssumptionWord[];

  @Field(() => Boolean, { description: "True when everything that belongs to the answer was read." })
  get isComplete(): boolean {
    this.isTold = true;
    return this.missing.length === 0;
  }

  @Field(() => [GapNode], { description: "What is missing, and why. Empty exactly when `isComplete`." })
  get gaps(): GapNode[] {
    this.isTold = true;
    return this.missing.map((gap) => new GapNode(gap));
  }

  @Field(() => Boolean, {
    description:
      "True when a part is older than answers may become, because the site failed when it was to be read again: it is told as it was at `asOf`, and `assumptions` says `STALE`. Only queries are answered so, for as long as `STALE_ON_FAILURE_MINUTES` says; nothing is changed on the strength of it. Who asks for none of the three finds an error with the code `STALE` beside the data.",
  })
  get isStale(): boolean {
    this.isStaleTold = true;
    return this.hasStaleParts;
  }

  @Field(() => GraphQLDateTime, {
    description:
      "When the oldest part of the answer was read from the site. Send the header `Cache-Control: no-cache` to read afresh.",
  })
  readonly asOf: Date;

  @Field(() => [Assumption], {
    description:
      "What the answer takes for granted because nobody can say otherwise; usually empty. Nothing of it failed, so it does not make an answer incomplete. Example: `SUSPENDED_MEMBERS_HIDDEN`.",
  })
  get assumptions(): AssumptionWord[] {
    this.isStaleTold = true;
    return [...this.#assumptions];
  }

  constructor({ gaps, asOfMs, assumptions }: Trust) {
    this.missing = gaps;
    this.asOf = new Date(asOfMs);
    this.#assumptions = assumptions;
  }

  get hasStaleParts(): boolean {
    return this.#assumptions.includes("STALE");
  }
}
