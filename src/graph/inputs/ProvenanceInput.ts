import { Field, InputType } from "type-graphql";

/** Who asked and why, as every change takes it. */
@InputType()
export abstract class ProvenanceInput {
  @Field(() => String, {
    nullable: true,
    description: "Why the change is made. Stands in the audit. Example: `Access request 4711, approved by Ada`.",
  })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: "The caller's own id of its request. Stands in the audit." })
  readonly requestId?: string | null;
}
