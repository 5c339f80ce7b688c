import { Field, InputType } from "type-graphql";
import type { Group } from "../../domain/Principal.js";
import type { Ordering } from "../../readings/lists/KeptOrders.js";
import { directionField, SortDirection } from "../paging/ordering.js";
import { defineEnum } from "../schema/enums.js";

type GroupSortKey = "ID" | "NAME";

const GroupSortField = defineEnum<GroupSortKey>(
  "GroupSortField",
  "What a list of groups is in the order of. Groups that are alike in it are in the order of their ids.",
  {
    ID: "The group id, by code point.",
    NAME: "The name, whatever its case, by code point.",
  },
);

@InputType("GroupOrder", { description: "The order of a list of groups. Example: `{ field: NAME, direction: DESC }`." })
export class GroupOrder {
  @Field(() => GroupSortField, { description: "By what." })
  readonly field!: GroupSortKey;

  @Field(() => SortDirection, directionField)
  readonly direction?: keyof typeof SortDirection | null;
}

export function groupOrdering(field: GroupSortKey): Ordering<Group> {
  return {
    name: field,
    sortOf: ({ name }) => (field === "ID" ? "" : name),
    idOf: ({ groupId }) => groupId,
  };
}
