import { Field, InputType } from "type-graphql";

@InputType({ description: "One granular permission: what may be done, and on what." })
export class PermissionInput {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`." })
  readonly operation!: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`." })
  readonly target!: string;
}
