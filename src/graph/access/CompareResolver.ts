import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Field, FieldResolver, ID, Info, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import type { Decision } from "../../access/AccessDecision.js";
import { type AccountDifference, countDifferences, findDifferences } from "../../access/findings/differences.js";
import { inSlices } from "../../access/index/store/slices.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { compareText } from "../../domain/textOrder.js";
import { allOf, type SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { slicing } from "../../readings/lists/slicing.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { InputError } from "../errors/errorCodes.js";
import { compareLimits } from "../limits/budgets.js";
import { failureOf, PageArgs, readPlace } from "../paging/loadPage.js";
import { defineConnection, Page } from "../paging/Page.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed } from "../schema/GraphContext.js";
import { selectsBeyond } from "../schema/selection.js";
import { PermissionNode, SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { awaitIndex, waitField } from "./effective/effectiveLists.js";
import { unheardBy } from "./unheard.js";

/**
 * How each of the accounts stands to each operation that they do not have alike, ordered by operation; nobody knows how, where nothing
 * is sure.
 */
function differingOperations(
  { held }: AccountDifference,
  isNothingSure: boolean,
): {
  readonly operation: Operation;
  readonly decisions: readonly Decision[];
}[] {
  const named = new Map<string, Operation>();
  for (const { allowed, unknown } of held)
    for (const operation of [...allowed, ...unknown]) named.set(operationName(operation), operation);
  const sets = held.map(({ allowed, unknown, mayHoldMore }) => ({
    allowed: new Set(allowed.map(operationName)),
    unknown: new Set(unknown.map(operationName)),
    mayHoldMore,
  }));
  return [...named]
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([name, operation]) => {
      const decisions = sets.map(({ allowed, unknown, mayHoldMore }): Decision => {
        if (allowed.has(name)) return "ALLOWED";
        return unknown.has(name) || mayHoldMore ? "UNKNOWN" : "DENIED";
      });
      if (new Set(decisions).size === 1) return [];
      return [{ operation, decisions: isNothingSure ? decisions.map(() => "UNKNOWN") : decisions }];
    });
}

/** Who is compared. */
interface Compared {
  readonly loaders: SiteLoaders;
  readonly accountIds: readonly AccountId[];
  readonly isNothingSure: boolean;
}

/** One permission in one space, and how each of the accounts stands towards it. */
interface Standing {
  readonly loaders: SiteLoaders;
  readonly accountIds: readonly AccountId[];
  readonly operation: Operation;
  readonly decisions: readonly Decision[];
}

@ObjectType("PermissionDifference", {
  simpleResolvers: true,
  description: "A permission that not all of the compared accounts have alike.",
})
class PermissionDifferenceNode {
  readonly standing: Standing;

  @Field(() => PermissionNode, { description: "Which permission." })
  readonly permission: PermissionNode;

  constructor(standing: Standing) {
    this.standing = standing;
    this.permission = new PermissionNode(standing.operation);
  }
}

@ObjectType("AccessDifference", {
  simpleResolvers: true,
  description: "A space where the compared accounts cannot do the same.",
})
class AccessDifferenceNode {
  readonly compared: Compared;
  readonly difference: AccountDifference;

  constructor(compared: Compared, difference: AccountDifference) {
    this.compared = compared;
    this.difference = difference;
  }

  /** Found row by row while they are written: a page of them takes long, and would be held until the last row. */
  @Field(() => [PermissionDifferenceNode], { description: "What not all of them have, ordered by operation." })
  get permissions(): PermissionDifferenceNode[] {
    const { loaders, accountIds, isNothingSure } = this.compared;
    return differingOperations(this.difference, isNothingSure).map(
      ({ operation, decisions }) => new PermissionDifferenceNode({ loaders, accountIds, operation, decisions }),
    );
  }
}

function isCountAsked(info: GraphQLResolveInfo): boolean {
  return selectsBeyond(info, "AccessDifferenceConnection", besideCount);
}

const besideCount: ReadonlySet<string> = new Set(["nodes", "edges", "pageInfo", "completeness", "__typename"]);

const AccessDifferenceConnection = defineConnection("AccessDifference", () => AccessDifferenceNode);

@Resolver(() => AccessDifferenceNode)
export class CompareResolver {
  @Query(() => AccessDifferenceConnection, {
    nullable: true,
    description:
      "What one account has and another has not: every space of a site where 2 to 10 of its accounts cannot do the same, ordered by space id. For people who change their place, and for reviews among peers. Answered from the access index of the site; a page looks at no more of it than it takes, and `totalCount` at all of it, once after each change.",
  })
  async compareAccess(
    @Arg("accounts", () => [ID], { description: "The `id`s of 2 to 10 Accounts of one site." }) accounts: string[],
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<AccessDifferenceNode>> {
    const { loaders, accountIds } = readAccounts(context, accounts);
    const list = ["Query.compareAccess", loaders.site.siteId, accountIds];
    const { first, afterKey } = readPlace(list, page);
    const index = await awaitIndex(context, loaders, wait);
    const place = { first, after: afterKey as SpaceId | null };
    const { items, hasNextPage, ...found } = await inSlices(findDifferences(index, accountIds, place), slicing);
    const compared = { loaders, accountIds, isNothingSure: context.mayBeBehind };
    const trust = { ...found, gaps: [...unheardBy(context), ...found.gaps] };
    return new Page({
      list,
      orderKeys: items.map(({ spaceId }) => spaceId),
      nodes: items.map((each) => new AccessDifferenceNode(compared, each)),
      hasNextPage,
      hasPreviousPage: afterKey !== null,
      // The whole site is only looked through for those who ask how many there are.
      count: isCountAsked(info) ? await inSlices(countDifferences(index, accountIds), slicing) : null,
      // What was never read has no age.
      trust: { ...trust, asOfMs: Math.min(trust.asOfMs, context.clock.now()) },
      failure: items.length === 0 && afterKey === null ? failureOf(trust, "what the accounts can do") : null,
    });
  }

  @FieldResolver(() => SpaceNode, { description: "Where." })
  space(
    @Root() { compared, difference }: AccessDifferenceNode,
    @Info() info: GraphQLResolveInfo,
  ): SpaceNode | Promise<SpaceNode> {
    return spaceNode(compared.loaders, difference.spaceId, info);
  }
}

@Resolver(() => PermissionDifferenceNode)
export class PermissionDifferenceResolver {
  @FieldResolver(() => [AccountNode], { description: "Those of the accounts that surely have it, in the order asked." })
  allowed(
    @Root() { standing }: PermissionDifferenceNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode[] | Promise<AccountNode[]> {
    return those(standing, "ALLOWED", info);
  }

  @FieldResolver(() => [AccountNode], { description: "Those that surely have it not." })
  denied(
    @Root() { standing }: PermissionDifferenceNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode[] | Promise<AccountNode[]> {
    return those(standing, "DENIED", info);
  }

  @FieldResolver(() => [AccountNode], { description: "Those of whom nobody knows." })
  unknown(
    @Root() { standing }: PermissionDifferenceNode,
    @Info() info: GraphQLResolveInfo,
  ): AccountNode[] | Promise<AccountNode[]> {
    return those(standing, "UNKNOWN", info);
  }
}

function those(
  { loaders, accountIds, decisions }: Standing,
  wanted: Decision,
  info: GraphQLResolveInfo,
): AccountNode[] | Promise<AccountNode[]> {
  const ids = accountIds.filter((_id, index) => decisions[index] === wanted);
  return allOf(ids.map((id) => accountNode(loaders, id, info)));
}

function readAccounts(
  context: GraphContext,
  accounts: readonly string[],
): { readonly loaders: SiteLoaders; readonly accountIds: readonly AccountId[] } {
  const named = accounts.map((text) => readGlobalId(text, "accounts", ["Account"]));
  const accountIds = [...new Set(named.map(({ accountId }) => accountId))];
  const [first] = named;
  const { least, most } = compareLimits;
  if (first === undefined || accountIds.length < least || accountIds.length > most) {
    const message = `Name ${least} to ${most} different accounts; ${accountIds.length} were named.`;
    throw new InputError("INVALID_LIST_SIZE", "accounts", message);
  }
  const other = named.find(({ siteId }) => siteId !== first.siteId);
  if (other !== undefined) {
    const message = `The accounts must be of one site; there are some of "${first.siteId}" and of "${other.siteId}".`;
    throw new InputError("INVALID_ID", "accounts", message);
  }
  return { loaders: siteNamed(context, first.siteId), accountIds };
}
