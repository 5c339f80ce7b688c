import { Field, InputType } from "type-graphql";
import type { AccountSortKey, SpaceSortKey } from "../../../access/index/parts.js";
import { type AskedOrder, directionField, SortDirection } from "../../paging/ordering.js";
import { defineEnum } from "../../schema/enums.js";

const AccountSortField = defineEnum<AccountSortKey>(
  "EffectiveAccountSortField",
  "What a list of accounts with access is in the order of. Accounts that are alike in it are in the order of their ids.",
  {
    ID: "The account id, by code point.",
    DISPLAY_NAME: "The name that people see, whatever its case, by code point. Accounts without a name come after all.",
  },
);

const SpaceSortField = defineEnum<SpaceSortKey>(
  "EffectiveSpaceSortField",
  "What a list of spaces with access is in the order of. Spaces that are alike in it are in the order of their ids.",
  {
    ID: "The space id, by code point.",
    NAME: "The name, whatever its case, by code point. Spaces without a name come after all.",
    KEY: "The key, whatever its case, by code point.",
  },
);

@InputType("EffectiveAccountOrder", {
  description: "The order of a list of accounts with access. Example: `{ field: DISPLAY_NAME }`.",
})
export class EffectiveAccountOrder {
  @Field(() => AccountSortField, { description: "By what." })
  readonly field!: AccountSortKey;

  @Field(() => SortDirection, directionField)
  readonly direction?: keyof typeof SortDirection | null;
}

@InputType("EffectiveSpaceOrder", {
  description: "The order of a list of spaces with access. Example: `{ field: NAME, direction: DESC }`.",
})
export class EffectiveSpaceOrder {
  @Field(() => SpaceSortField, { description: "By what." })
  readonly field!: SpaceSortKey;

  @Field(() => SortDirection, directionField)
  readonly direction?: keyof typeof SortDirection | null;
}

/** The argument `orderBy` of such a list. */
export function orderField(what: "account" | "space") {
  const description = `Default: by ${what} id. A cursor is good for the order that it came from, and holds while the index is read again.`;
  return { nullable: true, description };
}

/** An order as the index takes it. */
interface WantedOrder<SortKey extends string> {
  readonly by: SortKey;
  readonly isDescending: boolean;
}

export function readOrder<SortKey extends string>(
  order: AskedOrder<SortKey> | null | undefined,
): WantedOrder<SortKey | "ID"> {
  return { by: order?.field ?? "ID", isDescending: order?.direction === "DESC" };
}
