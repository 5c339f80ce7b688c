import { Field, InputType } from "type-graphql";
import type { Account } from "../../domain/Account.js";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { keptFactsOf } from "../../readings/accountDirectory.js";
import { type Ordering, type Row, readInOrder } from "../../readings/lists/KeptOrders.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { directionField, SortDirection } from "../paging/ordering.js";
import { defineEnum } from "../schema/enums.js";

type AccountSortKey = "ID" | "DISPLAY_NAME";

const AccountSortField = defineEnum<AccountSortKey>(
  "AccountSortField",
  "What a list of accounts is in the order of. Accounts that are alike in it are in the order of their ids.",
  {
    ID: "The account id, by code point.",
    DISPLAY_NAME:
      "The name that people see, whatever its case, by code point. Accounts without a name come after all. The first such list reads what is known of everybody, as a filter does.",
  },
);

@InputType("AccountOrder", { description: "The order of a list of accounts. Example: `{ field: DISPLAY_NAME }`." })
export class AccountOrder {
  @Field(() => AccountSortField, { description: "By what." })
  readonly field!: AccountSortKey;

  @Field(() => SortDirection, directionField)
  readonly direction?: keyof typeof SortDirection | null;
}

const idOf = (accountId: AccountId) => accountId;

/**
 * Everybody of a site in an order. By name that reads the facts of all, as a filter does; an account whose name could not be read
 * stands with those that have none, and that it may belong elsewhere is a gap.
 */
export async function readOrderedAccounts(
  loaders: SiteLoaders,
  directory: Complete<AccountId>,
  field: AccountSortKey,
): Promise<Complete<Row<AccountId>>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const items = parts.take("accounts", directory);
  const inOrder = (of: readonly unknown[], sortOf: Ordering<AccountId>["sortOf"]) =>
    readInOrder(loaders, "accounts", { items, of, ordering: { name: field, sortOf, idOf } });
  if (field === "ID") return parts.finish(await inOrder([items], () => ""));
  const facts = await parts.keptFacts(loaders, keptFactsOf(loaders), items);
  const failures = facts.filter((known) => known instanceof SiteError);
  const [failure] = failures;
  if (failure !== undefined) {
    parts.miss(`where accounts stand whose names could not be read (${failures.length} such)`, failure);
  }
  return parts.finish(await inOrder([items, ...facts.map(nameOf)], (_, index) => nameOf(facts[index])));
}

function nameOf(known: Account | null | undefined | SiteError): string | null {
  return known instanceof SiteError ? null : (known?.displayName ?? null);
}
