import { Field, InputType } from "type-graphql";

/** Who asked and why, as every change takes it. */
@InputType()
export abstract class ProvenanceInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`.",
  })
  readonly reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`.",
  })
  readonly requestId?: string | null;
}
