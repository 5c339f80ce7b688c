import { Field, ID, Int, ObjectType } from "type-graphql";
import type { AccountRemoval } from "../../provisioning/accounts/AccountStatusChange.js";
import { defineEnum } from "../schema/enums.js";

export const RemovalState = defineEnum(
  "RemovalState",
  "How far a removal is that a site carries out in its own time.",
  {
    RUNNING: "It is under way: repeat the call to learn how it ended.",
    SUCCEEDED: "The site says that it is done.",
    FAILED: "The site could not carry it out: `message` says why.",
    UNKNOWN: "The site does not know it any more, or its answer was lost; what is there tells how it ended.",
  },
);

@ObjectType("AccountRemoval", {
  simpleResolvers: true,
  description: "A removal that a Data Center site accepted, or may have accepted, and carries out in its own time.",
})
export class AccountRemovalNode {
  @Field(() => ID, {
    nullable: true,
    description:
      "The site's own id of the task: `GET /rest/api/longtask/{id}`. Null where the answer that would have named it was lost: the removal may be under way all the same.",
  })
  readonly taskId: string | null;

  @Field(() => RemovalState, { description: "How far it is." })
  readonly state: string;

  @Field(() => Int, { nullable: true, description: "How much of it is done, 0 to 100; null where that is not told." })
  readonly percentage: number | null;

  @Field(() => String, { nullable: true, description: "What the site says of it; null when it says nothing." })
  readonly message: string | null;

  constructor({ taskId, task }: AccountRemoval) {
    this.taskId = taskId;
    this.state = task?.state ?? "UNKNOWN";
    this.percentage = task === null ? null : Math.round(task.percentage);
    this.message = task?.message ?? null;
  }
}
