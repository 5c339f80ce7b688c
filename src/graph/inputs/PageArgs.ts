import { ArgsType, Field, Int } from "type-graphql";
import { pageLimits } from "../paging/pageLimits.js";

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    defaultValue: pageLimits.default,
    description: `How many items to answer with: 1 to ${pageLimits.max}.`,
  })
  readonly first!: number;

  @Field(() => String, {
    nullable: true,
    description: "Continue behind this cursor: `pageInfo.endCursor` of the page before.",
  })
  readonly after?: string | null;
}
