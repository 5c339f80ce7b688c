import { Field, InputType } from "type-graphql";
import type { Group } from "../../domain/Principal.js";
import { shown } from "../../domain/SiteError.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { groupList } from "../../loaders/groups.js";
import { readInOrder } from "../../readings/lists/KeptOrders.js";
import { loadOrderedPage, readOrderedAcrossSites } from "../paging/loadOrderedPage.js";
import {
  type FilteredList,
  holdsText,
  isOneOf,
  loadPage,
  type OfSite,
  orderInSite,
  type PageAnswer,
  readAcrossSites,
} from "../paging/loadPage.js";
import { GroupManager, GroupUsage } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { GroupNode } from "./GroupNode.js";
import { type GroupOrder, groupOrdering } from "./groupOrder.js";

@InputType({ description: "Which groups to list. Every part given must fit; within a part, any value may." })
export class GroupFilter {
  @Field(() => String, { nullable: true, description: "Whose name holds this text, whatever its case." })
  readonly text?: string | null;

  @Field(() => [GroupManager], { nullable: true, description: "Managed by one of these. Example: `[EXTERNAL]`." })
  readonly managedBy?: string[] | null;

  @Field(() => [GroupUsage], { nullable: true, description: "Used for one of these." })
  readonly usages?: string[] | null;
}

/** Whether a group fits a filter. */
function matchesGroup(group: Group, filter: GroupFilter): boolean {
  return (
    isOneOf(group.managedBy, filter.managedBy) &&
    isOneOf(group.usage, filter.usages) &&
    holdsText(filter.text, [group.name])
  );
}

/** A page of the groups of some sites that fit a filter, ordered by name as it is written unless another order is asked for. */
export function loadGroupPage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: FilteredList<GroupFilter, GroupOrder>,
): PageAnswer<GroupNode> {
  const { filter, orderBy } = request;
  const fits = (group: Group) => !filter || matchesGroup(group, filter);
  const readAll = async (loaders: SiteLoaders) => shown("groups", await loaders.of(groupList).get(onlyOne));
  const nodesOf = (items: readonly OfSite<Group>[]) =>
    items.map(({ loaders, item }) => new GroupNode(loaders, item.groupId, item));
  if (orderBy != null) {
    const { direction } = orderBy;
    const ordering = groupOrdering(orderBy.field);
    const read = async (loaders: SiteLoaders) => {
      const list = await readAll(loaders);
      const rows = await readInOrder(loaders, "groups", { items: list.items, of: [list.items], ordering });
      return { ...list, items: filter ? rows.filter(({ item }) => fits(item)) : rows };
    };
    return loadOrderedPage(context, request, {
      ...{ orderBy, nodesOf, missing: "groups" },
      read: () => readOrderedAcrossSites(sites, "groups", { direction, read }),
    });
  }
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    withheld: request.withheld,
    missing: "groups",
    read: () =>
      readAcrossSites(sites, "groups", async (loaders) => {
        const list = await readAll(loaders);
        return filter ? { ...list, items: list.items.filter(fits) } : list;
      }),
    orderKeyOf: (each) => orderInSite(each, each.item.name, each.item.groupId),
    nodesOf,
  });
}
