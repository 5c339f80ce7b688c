import { Field, ID, InputType } from "type-graphql";
import { EntitlementKind, PrincipalKind } from "../types/enums.js";

@InputType({ description: "Which grants to list. Every part given must fit; within a part, any value may." })
export class GrantFilter {
  @Field(() => [ID], {
    nullable: true,
    description: "Held directly by one of these principals: ids of an Account, Group or AccessClass.",
  })
  readonly principals?: string[] | null;

  @Field(() => [PrincipalKind], { nullable: true, description: "Held by a principal of one of these kinds." })
  readonly principalKinds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      "On one of these spaces (ids of a Space), or on one of `groups`. One that no visible space has is a gap.",
  })
  readonly spaces?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Membership of one of these groups (ids of a Group), or a grant on one of `spaces`.",
  })
  readonly groups?: string[] | null;

  @Field(() => [EntitlementKind], { nullable: true, description: "Of these kinds. Example: `[SPACE_ROLE]`." })
  readonly entitlements?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Giving one of these operations, by a granular permission or through a role; in any letter case. With `targets`, on one of those targets. One that is not known and that nothing read for the query holds is refused: `Site.operations` lists the known. Example: `["administer"]`.',
  })
  readonly operations?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Giving something on one of these targets, in any letter case; what is not known is refused as with `operations`. Example: `["space"]`.',
  })
  readonly targets?: string[] | null;

  @Field(() => [ID], { nullable: true, description: "Assigning one of these roles (ids of a SpaceRole)." })
  readonly roles?: string[] | null;
}
