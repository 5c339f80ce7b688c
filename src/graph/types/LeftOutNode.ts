import { Field, ObjectType } from "type-graphql";
import type { LeftOut } from "../../domain/Space.js";

@ObjectType("LeftOut", {
  simpleResolvers: true,
  description: "What the configuration leaves out of every answer about a site. Access that stands there is not shown.",
})
export class LeftOutNode {
  @Field(() => [String], { description: "Spaces with these keys; a trailing `*` stands for any rest." })
  readonly spaceKeys: readonly string[];

  @Field(() => Boolean, { description: "True when personal spaces are left out." })
  readonly personalSpaces: boolean;

  @Field(() => [String], { description: "Granular permissions, as `operation/target`." })
  readonly permissions: readonly string[];

  constructor(leftOut: LeftOut) {
    this.spaceKeys = leftOut.spaceKeys;
    this.personalSpaces = leftOut.hasPersonalSpaces;
    this.permissions = leftOut.permissions;
  }
}
