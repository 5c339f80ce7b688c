import { GraphQLDateTime } from "graphql-scalars";
import { Field, Float, Int, ObjectType } from "type-graphql";
import type { LaneState } from "../../http/ConcurrencyLimit.js";

@ObjectType("UpstreamBudget", {
  simpleResolvers: true,
  description: "How much a site lets us ask, as it last said, and how our calls to it stand now.",
})
export class UpstreamBudgetNode {
  @Field(() => Int, {
    nullable: true,
    description: "Calls allowed in the site's own period; null when it does not say.",
  })
  readonly limit: number | null;

  @Field(() => Float, { nullable: true, description: "Calls left in it; null when the site does not say." })
  readonly remaining: number | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the period ends; null when the site does not say.",
  })
  readonly resetAt: Date | null;

  @Field(() => Boolean, { nullable: true, description: "True when the site says that the limit is near." })
  readonly isNearLimit: boolean | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "Until when we make no calls because the site asked us to wait.",
  })
  readonly pausedUntil: Date | null;

  @Field(() => Int, { description: "Calls to the site under way." })
  readonly callsInFlight: number;

  @Field(() => Int, { description: "Calls that wait for their turn." })
  readonly callsWaiting: number;

  constructor({ budget, closedUntilMs, inFlight, waiting }: LaneState) {
    this.limit = budget?.limit ?? null;
    this.remaining = budget?.remaining ?? null;
    this.resetAt = dateOrNull(budget?.resetAtMs);
    this.isNearLimit = budget?.isNearLimit ?? null;
    this.pausedUntil = dateOrNull(closedUntilMs);
    this.callsInFlight = inFlight;
    this.callsWaiting = waiting;
  }
}

function dateOrNull(atMs: number | null | undefined): Date | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs);
}
