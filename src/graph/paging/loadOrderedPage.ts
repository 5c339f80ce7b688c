import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Row } from "../../readings/lists/KeptOrders.js";
import type { ListReading } from "../../readings/lists/Sequence.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { type FilteredList, loadPage, type OfSite, type PageAnswer, readEachSite } from "./loadPage.js";
import { type AskedOrder, Merged, type OrderedReading } from "./ordering.js";

/** The argument `orderBy` of a list over sites. */
export function orderByField(usual: string) {
  const description = `Default: ${usual}, site by site. In an order that is asked for, the items of all sites stand among each other. A cursor is good for the order that it came from, and holds while the list changes.`;
  return { nullable: true, description };
}

/** An item of a site with its place in the order. */
type Placed<Item> = OfSite<Row<Item>>;

interface OrderedPage<Item, Node> {
  readonly orderBy: AskedOrder<string>;
  readonly missing: string;
  read(): Promise<OrderedReading<Placed<Item>>>;
  nodesOf(items: readonly OfSite<Item>[]): readonly Node[] | Promise<readonly Node[]>;
}

/** A page of a list in the order that was asked for. */
export function loadOrderedPage<Item, Node>(
  context: GraphContext,
  { list, page, withheld, filter }: FilteredList<unknown, unknown>,
  { orderBy, missing, read, nodesOf }: OrderedPage<Item, Node>,
): PageAnswer<Node> {
  return loadPage<Placed<Item>, Node>(context, {
    ...{ page, withheld, missing, read },
    list: [...list, filter ?? null, { by: orderBy.field, isDescending: orderBy.direction === "DESC" }],
    orderKeyOf: ({ item }) => item.key,
    nodesOf: (rows) => nodesOf(rows.map(({ loaders, item }) => ({ loaders, item: item.item }))),
  });
}

/** Reads a list that each of some sites has in an order as one in that order. As `readAcrossSites` where a site fails. */
export async function readOrderedAcrossSites<Item>(
  sites: readonly SiteLoaders[],
  what: string,
  {
    direction,
    read,
  }: {
    readonly direction: AskedOrder<string>["direction"];
    readonly read: (loaders: SiteLoaders) => Promise<ListReading<Row<Item>>>;
  },
): Promise<OrderedReading<Placed<Item>>> {
  const { lists, trust } = await readEachSite(sites, what, read);
  return { ...trust, ordered: new Merged(lists, direction === "DESC") };
}
