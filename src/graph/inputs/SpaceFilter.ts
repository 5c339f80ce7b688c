import { Field, InputType } from "type-graphql";
import type { KnownSpaceStatus } from "../../confluence/port.js";
import { SpaceKind, SpaceStatusFilter } from "../types/enums.js";

@InputType({ description: "Which spaces to list. Every part given must fit; within a part, any value may." })
export class SpaceFilter {
  @Field(() => [SpaceKind], {
    nullable: true,
    description: "Of these kinds. Leave personal spaces out by naming the others. Example: `[GLOBAL, COLLABORATION]`.",
  })
  readonly kinds?: string[] | null;

  @Field(() => [SpaceStatusFilter], {
    defaultValue: [SpaceStatusFilter.CURRENT],
    description:
      "With one of these statuses. Only spaces in use unless asked for others: Confluence lists one status a call, so each costs calls of its own.",
  })
  readonly statuses!: KnownSpaceStatus[];

  @Field(() => [String], {
    nullable: true,
    description:
      'With one of these keys, in any letter case. A key that no visible space has is a gap. Example: `["ENG", "HR"]`.',
  })
  readonly keys?: string[] | null;

  @Field(() => String, { nullable: true, description: "Whose name, key or alias holds this text, whatever its case." })
  readonly text?: string | null;
}
