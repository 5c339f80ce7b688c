import { Field, InputType } from "type-graphql";
import { GroupManager, GroupUsage } from "../types/enums.js";

@InputType({ description: "Which groups to list. Every part given must fit; within a part, any value may." })
export class GroupFilter {
  @Field(() => String, { nullable: true, description: "Whose name holds this text, whatever its case." })
  readonly text?: string | null;

  @Field(() => [GroupManager], { nullable: true, description: "Managed by one of these. Example: `[EXTERNAL]`." })
  readonly managedBy?: string[] | null;

  @Field(() => [GroupUsage], { nullable: true, description: "Used for one of these." })
  readonly usages?: string[] | null;
}
