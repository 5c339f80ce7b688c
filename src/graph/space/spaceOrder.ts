import { Field, InputType } from "type-graphql";
import type { KnownSpaceStatus } from "../../confluence/port.js";
import type { Space } from "../../domain/Space.js";
import type { Ordering } from "../../readings/lists/KeptOrders.js";
import { directionField, SortDirection } from "../paging/ordering.js";
import { defineEnum } from "../schema/enums.js";

type SpaceSortKey = "ID" | "NAME" | "KEY" | "CREATED_AT";

const SpaceSortField = defineEnum<SpaceSortKey>(
  "SpaceSortField",
  "What a list of spaces is in the order of. Spaces that are alike in it are in the order of their ids.",
  {
    ID: "The space id, by code point.",
    NAME: "The name, whatever its case, by code point. Spaces without a name come after all.",
    KEY: "The key, whatever its case, by code point.",
    CREATED_AT: "When the space was made, the oldest first. Spaces of which the site does not say come after all.",
  },
);

@InputType("SpaceOrder", {
  description: "The order of a list of spaces. Example: `{ field: CREATED_AT, direction: DESC }`.",
})
export class SpaceOrder {
  @Field(() => SpaceSortField, { description: "By what." })
  readonly field!: SpaceSortKey;

  @Field(() => SortDirection, directionField)
  readonly direction?: keyof typeof SortDirection | null;
}

const sorts: Readonly<Record<SpaceSortKey, (space: Space) => string | null>> = {
  ID: () => "",
  NAME: ({ name }) => name,
  KEY: ({ key }) => key,
  CREATED_AT: ({ createdAt }) => createdAt?.toISOString() ?? null,
};

/** Lists of other statuses are other lists. */
export function spaceOrdering(field: SpaceSortKey, statuses: readonly KnownSpaceStatus[]): Ordering<Space> {
  return {
    name: [field, ...[...statuses].sort()].join(" "),
    sortOf: sorts[field],
    idOf: ({ spaceId }) => spaceId,
  };
}
