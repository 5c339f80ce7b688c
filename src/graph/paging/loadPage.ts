import { ArgsType, Field, Int } from "type-graphql";
import { errorFromGap, type Gap, gapFromError, type Trust, unread } from "../../domain/Complete.js";
import { outcomesOf, type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { Joined, type ListReading, Mapped, type Sequence } from "../../readings/lists/Sequence.js";
import { ReadingParts } from "../../readings/ReadingParts.js";
import { InputError } from "../errors/errorCodes.js";
import { pageLimits } from "../limits/budgets.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { InOrder, type OrderedReading } from "./ordering.js";
import { decodeCursor, type ListIdentity, Page } from "./Page.js";

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: pageLimits.default,
    description: `How many items to answer with: 1 to ${pageLimits.max}. Null is as good as leaving it out.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Continue behind this cursor: `pageInfo.endCursor` of the page before.",
  })
  readonly after?: string | null;
}

/** A page, at once where all of it is at hand. */
export type PageAnswer<Node> = Page<Node> | Promise<Page<Node>>;

type Reading<Item> = ListReading<Item> | OrderedReading<Item>;

interface PageRequest<Item, Node> {
  readonly list: ListIdentity;
  readonly page: PageArgs;
  /** What the list is answered without, whatever is read: sites that the caller may not read. */
  readonly withheld?: readonly Gap[] | undefined;
  /** What the list is, for the gap when it cannot be read at all: `what space 327684 grants`. */
  readonly missing: string;
  /** Reads the list, ordered by `orderKeyOf`, or in the order that was asked for. Called only when the arguments are good. */
  read(): Reading<Item> | Promise<Reading<Item>>;
  /** Where an item stands in the order: unique in the list, and the same in every answer. */
  orderKeyOf(item: Item): string;
  /** The nodes of the items of one page, in their order. */
  nodesOf(items: readonly Item[]): readonly Node[] | Promise<readonly Node[]>;
}

/**
 * Answers one page of a list. A list that cannot be read at all is a page whose `nodes` and `edges` fail and whose
 * `completeness` says why; so is one with gaps of which nothing was read, because an empty list is only ever said of a
 * whole reading. At once where all of it is at hand: a small page costs less than the promises on its way.
 */
export function loadPage<Item, Node>(
  context: Pick<GraphContext, "clock">,
  request: PageRequest<Item, Node>,
): PageAnswer<Node> {
  const place = readPlace(request.list, request.page);
  const cut = (reading: Reading<Item>) => cutPage(request, place, reading);
  const failed = (error: unknown) =>
    cut(unread(gapFromError(request.missing, siteErrorOf(error)), context.clock.now()));
  let reading: Reading<Item> | Promise<Reading<Item>>;
  try {
    reading = request.read();
  } catch (error) {
    return failed(error);
  }
  return reading instanceof Promise ? reading.then(cut, failed) : cut(reading);
}

function cutPage<Item, Node>(
  request: PageRequest<Item, Node>,
  { first, afterKey }: Place,
  read: Reading<Item>,
): PageAnswer<Node> {
  const { list, orderKeyOf, withheld = [] } = request;
  const reading = withheld.length === 0 ? read : { ...read, gaps: [...read.gaps, ...withheld] };
  const rows = "ordered" in reading ? reading.ordered : new InOrder(reading.items, orderKeyOf);
  const { start, items } = rows.behind(afterKey, first);
  const page = (nodes: readonly Node[]) =>
    new Page<Node>({
      list,
      orderKeys: new Mapped(items, orderKeyOf),
      nodes,
      hasNextPage: start + items.length < rows.length,
      hasPreviousPage: start > 0,
      count: rows.length,
      trust: reading,
      failure: rows.length === 0 ? failureOf(reading, request.missing) : null,
    });
  return items.length === 0 ? page([]) : whenRead(request.nodesOf(items), page);
}

interface Place {
  readonly first: number;
  readonly afterKey: string | null;
}

/** Which part of a list is asked for: how many items, behind which order key. Throws `BAD_USER_INPUT` for what is none. */
export function readPlace(list: ListIdentity, { first: asked, after }: PageArgs): Place {
  const first = asked ?? pageLimits.default;
  if (first < 1 || first > pageLimits.max) {
    throw new InputError("INVALID_PAGE_SIZE", "first", `\`first\` must be 1 to ${pageLimits.max}; it is ${first}.`);
  }
  return { first, afterKey: after === null || after === undefined ? null : decodeCursor(list, after) };
}

/** Why a list of which nothing is known has no items; `null` where it really has none. */
export function failureOf({ gaps }: Pick<Trust, "gaps">, missing: string): SiteError | null {
  const [gap] = gaps;
  if (gap === undefined) return null;
  return errorFromGap(gap, `Not known: ${missing}. ${gap.reason}`);
}

/** A list of what sites hold, as a field asks for it: which list, which page of it, and what must fit. */
export interface FilteredList<Filter, Order = never> {
  readonly list: ListIdentity;
  readonly page: PageArgs;
  readonly filter: Filter | null | undefined;
  readonly orderBy?: Order | null | undefined;
  readonly withheld?: readonly Gap[];
}

/** An item of a list that spans sites. */
export interface OfSite<Item> {
  readonly loaders: SiteLoaders;
  readonly item: Item;
}

/**
 * Reads the same list of several sites as one, in the order given. A site that fails is a gap; the others are answered.
 * Rejects only when the only site, or every one, failed.
 */
export function readAcrossSites<Item>(
  sites: readonly SiteLoaders[],
  what: string,
  read: (loaders: SiteLoaders) => ListReading<Item> | Promise<ListReading<Item>>,
): ListReading<OfSite<Item>> | Promise<ListReading<OfSite<Item>>> {
  return whenRead(readEachSite(sites, what, read), ({ lists, trust }) => {
    const [only] = lists;
    const { gaps, asOfMs, assumptions } = trust;
    return { gaps, asOfMs, assumptions, items: only !== undefined && lists.length === 1 ? only : new Joined(lists) };
  });
}

/** What each of some sites has of a list. */
interface OfEachSite<Item> {
  readonly lists: readonly Sequence<OfSite<Item>>[];
  readonly trust: Trust;
}

/** What each site has of a list, and how far all of it can be trusted. */
export function readEachSite<Item>(
  sites: readonly SiteLoaders[],
  what: string,
  read: (loaders: SiteLoaders) => ListReading<Item> | Promise<ListReading<Item>>,
): OfEachSite<Item> | Promise<OfEachSite<Item>> {
  return whenRead(outcomesOf(sites, read), (readings) => {
    const [first] = sites;
    const parts = new ReadingParts(first?.store.clock.now() ?? 0);
    const lists: Sequence<OfSite<Item>>[] = [];
    for (const [index, loaders] of sites.entries()) {
      const list = readings[index];
      if (list === undefined || list instanceof Error) {
        parts.take(`${what} of site ${loaders.store.site.siteId}`, list);
        continue;
      }
      parts.restOn(list);
      lists.push(new Mapped(list.items, (item) => ({ loaders, item })));
    }
    parts.finish([]);
    return { lists, trust: parts.trust };
  });
}

/** Where an item stands in a list that spans sites: by its site, then by these names. */
export function orderInSite({ loaders }: OfSite<unknown>, ...names: readonly string[]): string {
  return [loaders.store.site.siteId, ...names].join("\u0000");
}

/** Whether any of the values holds the text, whatever its case. An absent text fits everything. */
export function holdsText(text: string | null | undefined, values: readonly (string | null)[]): boolean {
  if (text === null || text === undefined || text === "") return true;
  const wanted = text.toLowerCase();
  return values.some((value) => value?.toLowerCase().includes(wanted));
}

/** Whether a value is among those wanted. Nothing wanted in particular fits everything; an empty list fits nothing. */
export function isOneOf(value: string, wanted: readonly string[] | null | undefined): boolean {
  return wanted === null || wanted === undefined || wanted.includes(value);
}
