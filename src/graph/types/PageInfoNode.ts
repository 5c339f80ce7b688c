import { Directive, Field, ObjectType } from "type-graphql";

@Directive("@shareable")
@ObjectType("PageInfo", { simpleResolvers: true, description: "Where a page stands in its list (Relay)." })
export class PageInfoNode {
  @Field(() => Boolean, { description: "True when there are items after this page: pass `endCursor` as `after`." })
  readonly hasNextPage: boolean;

  @Field(() => Boolean, { description: "True when there are items before this page." })
  readonly hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: "The cursor of the first item; null on an empty page." })
  readonly startCursor: string | null;

  @Field(() => String, { nullable: true, description: "The cursor of the last item; null on an empty page." })
  readonly endCursor: string | null;

  constructor(facts: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  }) {
    this.hasNextPage = facts.hasNextPage;
    this.hasPreviousPage = facts.hasPreviousPage;
    this.startCursor = facts.startCursor;
    this.endCursor = facts.endCursor;
  }
}
