import { Field, InputType } from "type-graphql";
import type { KnownSpaceStatus } from "../../confluence/port.js";
import type { Complete, Trust } from "../../domain/Complete.js";
import type { Space } from "../../domain/Space.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { readInOrder } from "../../readings/lists/KeptOrders.js";
import type { ListReading } from "../../readings/lists/Sequence.js";
import { readMissingKeys, readSpaces } from "../../readings/spaces.js";
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
import { SpaceKind, SpaceStatusFilter } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { SpaceNode } from "./SpaceNode.js";
import { type SpaceOrder, spaceOrdering } from "./spaceOrder.js";

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

/** Whether a space fits a filter; its status was settled by which lists were read. */
function matchesSpace(space: Space, filter: SpaceFilter): boolean {
  return (
    isOneOf(space.kind, filter.kinds) &&
    isOneOf(
      space.key.toLowerCase(),
      filter.keys?.map((key) => key.toLowerCase()),
    ) &&
    holdsText(filter.text, [space.name, space.key, space.alias])
  );
}

/** A page of the spaces of some sites that fit a filter, ordered by key as it is written unless another order is asked for. */
export function loadSpacePage(
  context: GraphContext,
  sites: readonly SiteLoaders[],
  request: FilteredList<SpaceFilter, SpaceOrder>,
): PageAnswer<SpaceNode> {
  const { filter, orderBy } = request;
  const nodesOf = (items: readonly OfSite<Space>[]) =>
    items.map(({ loaders, item }) => new SpaceNode(loaders, item.spaceId, item));
  if (orderBy != null) {
    return loadOrderedPage(context, request, {
      ...{ orderBy, nodesOf, missing: "spaces" },
      read: () => readOrderedSpaces(sites, filter, orderBy),
    });
  }
  return loadPage(context, {
    list: [...request.list, filter ?? null],
    page: request.page,
    withheld: request.withheld,
    missing: "spaces",
    read: () => readFilteredSpaces(sites, filter),
    orderKeyOf: (each) => orderInSite(each, each.item.key, each.item.spaceId),
    nodesOf,
  });
}

function readFilteredSpaces(
  sites: readonly SiteLoaders[],
  filter: SpaceFilter | null | undefined,
): ListReading<OfSite<Space>> | Promise<ListReading<OfSite<Space>>> {
  const search = new SpaceSearch(filter);
  const listed = readAcrossSites(sites, "spaces", (loaders) =>
    whenRead(search.read(loaders), (spaces) =>
      filter ? { ...spaces, items: spaces.items.filter((space) => matchesSpace(space, filter)) } : spaces,
    ),
  );
  return whenRead(listed, (reading) => search.withMissingKeys(sites, reading));
}

async function readOrderedSpaces(
  sites: readonly SiteLoaders[],
  filter: SpaceFilter | null | undefined,
  { field, direction }: SpaceOrder,
) {
  const search = new SpaceSearch(filter);
  const ordering = spaceOrdering(field, search.statuses);
  const read = async (loaders: SiteLoaders) => {
    const spaces = await search.read(loaders);
    const rows = await readInOrder(loaders, "spaces", { items: spaces.items, of: [spaces.items], ordering });
    return { ...spaces, items: filter ? rows.filter(({ item }) => matchesSpace(item, filter)) : rows };
  };
  return search.withMissingKeys(sites, await readOrderedAcrossSites(sites, "spaces", { direction, read }));
}

/** Which lists of spaces a filter is about, and which of the keys that it names they hold. */
class SpaceSearch {
  readonly statuses: readonly KnownSpaceStatus[];
  readonly #keys: readonly string[];
  readonly #seen = new Set<string>();

  constructor(filter: SpaceFilter | null | undefined) {
    this.statuses = [...new Set<KnownSpaceStatus>(filter?.statuses ?? ["CURRENT"])];
    this.#keys = filter?.keys ?? [];
  }

  read(loaders: SiteLoaders): Complete<Space> | Promise<Complete<Space>> {
    const spaces = readSpaces(loaders, this.statuses);
    return this.#keys.length === 0 ? spaces : whenRead(spaces, (listed) => this.#look(listed));
  }

  #look(spaces: Complete<Space>): Complete<Space> {
    for (const { key } of spaces.items) this.#seen.add(key.toLowerCase());
    return spaces;
  }

  withMissingKeys<R extends Trust>(sites: readonly SiteLoaders[], listed: R): R | Promise<R> {
    if (this.#keys.length === 0) return listed;
    return readMissingKeys(sites, this.#keys, this.#seen).then((missing) => ({
      ...listed,
      gaps: [...listed.gaps, ...missing],
    }));
  }
}
