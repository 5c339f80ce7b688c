import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, Field, FieldResolver, ID, Info, Int, ObjectType, Query, Resolver, Root } from "type-graphql";
import type { Decision } from "../../access/AccessDecision.js";
import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { HeldOperations } from "../../access/index/Inspector.js";
import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { compareText } from "../../domain/textOrder.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { InputError } from "../errors/errorCodes.js";
import { compareLimits } from "../limits/budgets.js";
import { loadPage, PageArgs } from "../paging/loadPage.js";
import { defineConnection, type Page } from "../paging/Page.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed } from "../schema/GraphContext.js";
import { PermissionNode, SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { awaitIndex, waitField } from "./effective/effectiveLists.js";

/** A space where not all of some accounts can do the same. */
interface AccountDifference {
  readonly spaceId: SpaceId;
  /** What each of them can do there, in the order of the accounts. */
  readonly held: readonly HeldOperations[];
}

const nothing: HeldOperations = { allowed: [], unknown: [], mayHoldMore: false };

/** Spaces of one account that are looked at before others have their turn. */
const pageSize = 250;

/**
 * The spaces where some accounts cannot do the same, in the order of ids. `pause` lets others have their turn: of an index
 * that changes meanwhile each space is told as it was when it was looked at.
 */
async function compareAccounts(
  index: AccessIndex,
  accountIds: readonly AccountId[],
  pause: () => Promise<void>,
): Promise<Complete<AccountDifference>> {
  const trusts: Trust[] = [];
  const held = new Map<SpaceId, HeldOperations[]>();
  for (const [place, accountId] of accountIds.entries()) {
    for (let after: SpaceId | null = null, hasMore = true; hasMore; ) {
      const page = index.whatCan(accountId, {}, { first: pageSize, after });
      for (const { spaceId, operations } of page.rows) {
        const row = held.get(spaceId) ?? accountIds.map(() => nothing);
        row[place] = operations;
        held.set(spaceId, row);
      }
      if (after === null) trusts.push(page);
      after = page.rows.at(-1)?.spaceId ?? null;
      hasMore = page.hasNextPage && after !== null;
      await pause();
    }
  }
  const items: AccountDifference[] = [];
  for (const [number, [spaceId, row]] of [...held].entries()) {
    if (number % pageSize === pageSize - 1) await pause();
    const [first, ...others] = row.map(signatureOf);
    if (others.some((other) => other !== first)) items.push({ spaceId, held: row });
  }
  items.sort((left, right) => compareText(left.spaceId, right.spaceId));
  return { ...mergeTrust(trusts, index.asOfMs), items };
}

/** How each of the accounts stands to each operation that they do not have alike, ordered by operation. */
function differingOperations({ held }: AccountDifference): {
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
      return new Set(decisions).size === 1 ? [] : [{ operation, decisions }];
    });
}

/** Equal for accounts that can do the same. */
function signatureOf({ allowed, unknown, mayHoldMore }: HeldOperations): string {
  const words = (operations: readonly Operation[]) => operations.map(operationName).sort().join(",");
  return `${words(allowed)}|${words(unknown)}|${mayHoldMore}`;
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
  readonly loaders: SiteLoaders;
  readonly difference: AccountDifference;

  @Field(() => [PermissionDifferenceNode], { description: "What not all of them have, ordered by operation." })
  readonly permissions: readonly PermissionDifferenceNode[];

  constructor(loaders: SiteLoaders, accountIds: readonly AccountId[], difference: AccountDifference) {
    this.loaders = loaders;
    this.difference = difference;
    this.permissions = differingOperations(difference).map(
      ({ operation, decisions }) => new PermissionDifferenceNode({ loaders, accountIds, operation, decisions }),
    );
  }
}

const AccessDifferenceConnection = defineConnection("AccessDifference", () => AccessDifferenceNode);

@Resolver(() => AccessDifferenceNode)
export class CompareResolver {
  @Query(() => AccessDifferenceConnection, {
    nullable: true,
    description:
      "What one account has and another has not: every space of a site where 2 to 10 of its accounts cannot do the same, ordered by space id. For people who change their place, and for reviews among peers. Answered from the access index of the site.",
  })
  compareAccess(
    @Arg("accounts", () => [ID], { description: "The `id`s of 2 to 10 Accounts of one site." }) accounts: string[],
    @Arg("wait", () => Int, waitField) wait: number | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: GraphContext,
  ): Promise<Page<AccessDifferenceNode>> {
    const { loaders, accountIds } = readAccounts(context, accounts);
    return loadPage(context, {
      list: ["Query.compareAccess", loaders.site.siteId, accountIds],
      page,
      missing: "what the accounts can do",
      read: async () => {
        const index = await awaitIndex(context, loaders, wait);
        return compareAccounts(index, accountIds, () => new Promise((resolve) => setImmediate(resolve)));
      },
      orderKeyOf: ({ spaceId }) => spaceId,
      nodesOf: (found) => found.map((difference) => new AccessDifferenceNode(loaders, accountIds, difference)),
    });
  }

  @FieldResolver(() => SpaceNode, { description: "Where." })
  space(
    @Root() { loaders, difference }: AccessDifferenceNode,
    @Info() info: GraphQLResolveInfo,
  ): SpaceNode | Promise<SpaceNode> {
    return spaceNode(loaders, difference.spaceId, info);
  }
}

@Resolver(() => PermissionDifferenceNode)
export class PermissionDifferenceResolver {
  @FieldResolver(() => [AccountNode], { description: "Those of the accounts that surely have it, in the order asked." })
  allowed(@Root() { standing }: PermissionDifferenceNode, @Info() info: GraphQLResolveInfo): Promise<AccountNode[]> {
    return those(standing, "ALLOWED", info);
  }

  @FieldResolver(() => [AccountNode], { description: "Those that surely have it not." })
  denied(@Root() { standing }: PermissionDifferenceNode, @Info() info: GraphQLResolveInfo): Promise<AccountNode[]> {
    return those(standing, "DENIED", info);
  }

  @FieldResolver(() => [AccountNode], { description: "Those of whom nobody knows." })
  unknown(@Root() { standing }: PermissionDifferenceNode, @Info() info: GraphQLResolveInfo): Promise<AccountNode[]> {
    return those(standing, "UNKNOWN", info);
  }
}

function those(
  { loaders, accountIds, decisions }: Standing,
  wanted: Decision,
  info: GraphQLResolveInfo,
): Promise<AccountNode[]> {
  const ids = accountIds.filter((_id, index) => decisions[index] === wanted);
  return Promise.all(ids.map((id) => accountNode(loaders, id, info)));
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
