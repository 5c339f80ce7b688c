import { Field, Float, ObjectType } from "type-graphql";
import type { Gap } from "../../domain/Complete.js";
import { UpstreamCode, upstreamCodes } from "../errors/upstreamCodes.js";

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
