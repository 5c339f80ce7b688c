import { ArgsType, Field, Int } from "type-graphql";
import { pageLimits } from "../paging/pageLimits.js";

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: pageLimits.default,
    description: `How many items to answer with: 1 to ${pageLimits.max}. Null is as good as leaving it out.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Continue behind this cursor: `pageInfo.endCursor` of the page before.",
  })
  readonly after?: string | null;
}
