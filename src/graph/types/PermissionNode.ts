import { Field, ObjectType } from "type-graphql";
import type { Operation } from "../../domain/Operation.js";

@ObjectType("Permission", {
  simpleResolvers: true,
  description:
    "What may be done, and on what. Both are open sets: operations that no documentation lists are shown as the site names them.",
})
export class PermissionNode {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`, `export_content`." })
  readonly operation: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`, `comment`." })
  readonly target: string;

  constructor(operation: Operation) {
    this.operation = operation.key;
    this.target = operation.target;
  }
}
