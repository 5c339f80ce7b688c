import type { GraphQLResolveInfo } from "graphql";
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Query, Resolver, Root } from "type-graphql";
import type { AccountId, GroupId, SiteId, SpaceId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { ChainPosition, ChangeRecord, RecordedChange } from "../../record/ChangeRecord.js";
import { AccountNode, accountNode } from "../account/AccountNode.js";
import { InputError } from "../errors/errorCodes.js";
import { GroupNode, groupNode } from "../group/GroupNode.js";
import { pageLimits } from "../limits/budgets.js";
import { failureOf, PageArgs } from "../paging/loadPage.js";
import { Page } from "../paging/Page.js";
import { readGlobalId } from "../schema/GlobalId.js";
import { type GraphContext, siteNamed, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";
import { namingOf } from "../schema/naming/Naming.js";
import { SiteNode } from "../site/SiteNode.js";
import { SpaceNode, spaceNode } from "../space/SpaceNode.js";
import { ChangeConnection, ChangeNode, ChangeSubjectNode, RecordPlaceNode } from "./ChangeNode.js";
import {
  askRecord,
  ChangeFilter,
  changeOfId,
  compileChangeFilter,
  headOf,
  orderKeyOf,
  pageSize,
  positionAfter,
} from "./changeLists.js";
import { ChangeRequestNode, RecordEntriesNode, RecordKept, SiteRecordNode } from "./RecordNodes.js";

@Resolver()
export class ChangeQueries {
  @Query(() => ChangeConnection, {
    nullable: true,
    description:
      "What was changed through this graph, the newest first: the audit. Each change once, with what it was attempted on and how it ended. `totalCount` is always null: nothing is counted. A record that cannot be read is the error `RECORD_UNAVAILABLE`, never an empty list.",
  })
  async changes(
    @Args(() => PageArgs) page: PageArgs,
    @Arg("siteId", () => ID, { nullable: true, description: "Of this site; of every site where it is left out." })
    siteId: string | null | undefined,
    @Arg("filter", () => ChangeFilter, { nullable: true, description: "Which changes." })
    filter: ChangeFilter | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<Page<ChangeNode>> {
    const gaps = sitesWithheld(context, siteId, { what: "changes", scopes: ["audit"] });
    const covered = sitesCovered(context, siteId, ["audit"]).map(({ store }) => store.site.siteId);
    const compiled = compileChangeFilter(filter, covered);
    const list = ["Query.changes", compiled];
    const size = pageSize(page.first);
    const after = positionAfter(list, page.after);
    // One more than the page holds tells whether there is another.
    const found = await askRecord(context, (record) => record.changes(compiled, after, size + 1));
    const changes = found.slice(0, size);
    return new Page<ChangeNode>({
      list,
      orderKeys: changes.map((change) => orderKeyOf(headOf(change))),
      nodes: nodesOf(context, changes),
      hasNextPage: found.length > size,
      hasPreviousPage: after !== null,
      count: null,
      trust: { gaps, asOfMs: context.clock.now(), assumptions: [] },
      // Nothing found is not "none" where another site was not looked at.
      failure: changes.length === 0 && after === null ? failureOf({ gaps }, "changes") : null,
    });
  }

  @Query(() => ChangeNode, {
    nullable: true,
    description:
      "One change: by its `id`, or the one that a request of this caller asked for. Null where none is on record. A request for several changes has `changeRequest`.",
  })
  async change(
    @Arg("id", () => ID, { nullable: true, description: "The `id` of a Change." }) id: string | null | undefined,
    @Arg("requestId", () => String, {
      nullable: true,
      description: "`requestId` of the input, as this caller sent it.",
    })
    requestId: string | null | undefined,
    @Ctx() context: GraphContext,
    @Info() { schema }: GraphQLResolveInfo,
  ): Promise<ChangeNode | null> {
    const isById = id !== null && id !== undefined;
    if (isById === (requestId !== null && requestId !== undefined)) {
      throw new InputError("AMBIGUOUS_LOOKUP", "id", "Pass exactly one of id and requestId.");
    }
    if (isById) return changeNodeOf(context, readGlobalId(id, "id", ["Change"]));
    const [change, ...others] = await changesOfRequest(context, requestId ?? "");
    if (others.length > 0) {
      const asked = namingOf(schema).fieldName("Query", "changeRequest");
      const message = `The request made several changes: ask \`${asked}\` for them.`;
      throw new InputError("AMBIGUOUS_LOOKUP", "requestId", message);
    }
    return change ?? null;
  }

  @Query(() => ChangeRequestNode, {
    nullable: true,
    description:
      "What became of a request of this caller, by the `requestId` of its input: for who lost the answer. Null where the caller made none of that id, or where it is no longer remembered.",
  })
  async changeRequest(
    @Arg("requestId", () => String, { description: "As this caller sent it." }) requestId: string,
    @Ctx() context: GraphContext,
  ): Promise<ChangeRequestNode | null> {
    const key = { caller: context.caller.name, callerRequestId: requestId };
    const [request, changes] = await Promise.all([
      askRecord(context, (record) => record.requestOf(key)),
      changesOfRequest(context, requestId),
    ]);
    if (request === null && changes.length === 0) return null;
    const isOpen = changes.some(({ state }) => state === "OPEN");
    // Of a request that is no longer remembered as such its changes may still tell.
    const state = request?.state ?? (isOpen ? "IN_PROGRESS" : "ENDED");
    return new ChangeRequestNode({ requestId, state, isFinal: request?.isFinal ?? false, changes });
  }

  @Query(() => RecordEntriesNode, {
    nullable: true,
    description:
      "The record of one site in the order of its chain: for who verifies or copies it. `npm run audit` asks this. A record that cannot be read is the error `RECORD_UNAVAILABLE`.",
  })
  async recordEntries(
    @Arg("siteId", () => ID, { nullable: true, description: "The site; may be left out where there is only one." })
    siteId: string | null | undefined,
    @Arg("afterNumber", () => Int, {
      nullable: true,
      description: "Entries behind this number; from the first where it is left out.",
    })
    afterNumber: number | null | undefined,
    @Arg("first", () => Int, {
      nullable: true,
      defaultValue: pageLimits.default,
      description: `How many at most: 1 to ${pageLimits.max}.`,
    })
    first: number | null | undefined,
    @Ctx() context: GraphContext,
  ): Promise<RecordEntriesNode> {
    const { siteId: id } = siteNamed(context, siteId, "audit").store.site;
    const size = pageSize(first);
    const [entries, ends] = await Promise.all([
      askRecord(context, (record) => record.chain(id, afterNumber ?? 0, size)),
      endsOfChain(context, id),
    ]);
    return new RecordEntriesNode(id, { entries, ...ends });
  }
}

@Resolver(() => SiteNode)
export class SiteRecordResolver {
  @FieldResolver(() => SiteRecordNode, {
    nullable: true,
    description: "The record of what was changed on this site. Null, with an error, when it cannot be read.",
  })
  async record(@Root() { siteId }: SiteNode, @Ctx() context: GraphContext): Promise<SiteRecordNode> {
    const { checkpoint, head } = await endsOfChain(context, siteId);
    return new SiteRecordNode({
      keptIn: keptIn[context.recordKept],
      isDurable: context.record.isDurable,
      head: head && new RecordPlaceNode(head),
      checkpoint: checkpoint && new RecordPlaceNode(checkpoint),
    });
  }
}

const keptIn = { memory: RecordKept.MEMORY, directory: RecordKept.DIRECTORY, database: RecordKept.DATABASE } as const;

@Resolver(() => ChangeNode)
export class ChangeFields {
  @FieldResolver(() => SiteNode, { description: "The site." })
  site(@Root() { loaders }: ChangeNode): SiteNode {
    return new SiteNode(loaders);
  }
}

@Resolver(() => ChangeSubjectNode)
export class ChangeSubjectFields {
  @FieldResolver(() => AccountNode, {
    nullable: true,
    description: "The account; null where the change is about none, or its id was not known.",
  })
  account(@Root() { loaders, accountId }: ChangeSubjectNode, @Info() info: GraphQLResolveInfo): object | null {
    return accountId === null ? null : accountNode(loaders, accountId as AccountId, info);
  }

  @FieldResolver(() => GroupNode, {
    nullable: true,
    description: "The group; null where the change is about none, or its id was not known.",
  })
  group(@Root() { loaders, groupId }: ChangeSubjectNode, @Info() info: GraphQLResolveInfo): object | null {
    return groupId === null ? null : groupNode(loaders, groupId as GroupId, info);
  }

  @FieldResolver(() => SpaceNode, { nullable: true, description: "The space; null where the change is about none." })
  space(@Root() { loaders, spaceId }: ChangeSubjectNode, @Info() info: GraphQLResolveInfo): object | null {
    return spaceId === null ? null : spaceNode(loaders, spaceId as SpaceId, info);
  }
}

/** One change by its id; `null` where none is on record. What is on record is never at rest. */
export async function changeNodeOf(
  context: GraphContext,
  { siteId, changeId }: { readonly siteId: SiteId; readonly changeId: string },
): Promise<ChangeNode | null> {
  context.basis.leaveOpen();
  if (!context.sites.has(siteId)) return null;
  siteNamed(context, siteId, "audit");
  const change = await changeOfId(context, siteId, changeId);
  return change === null ? null : (nodesOf(context, [change])[0] ?? null);
}

/** The newest first. */
async function changesOfRequest(context: GraphContext, requestId: string): Promise<ChangeNode[]> {
  const key = { caller: context.caller.name, callerRequestId: requestId };
  const changes = await askRecord(context, (record) => record.changesOf(key));
  return nodesOf(context, changes.filter((change) => mayBeShown(context, change)).reverse());
}

function mayBeShown({ sites, caller }: GraphContext, change: RecordedChange): boolean {
  const { siteId } = headOf(change);
  return sites.has(siteId) && caller.may("audit", siteId);
}

function nodesOf({ sites }: GraphContext, changes: readonly RecordedChange[]): ChangeNode[] {
  return changes.map((change) => {
    const loaders: SiteLoaders | undefined = sites.get(headOf(change).siteId);
    if (loaders === undefined) throw new Error("Only sites that are configured are asked about.");
    return new ChangeNode(loaders, change);
  });
}

async function endsOfChain(
  context: GraphContext,
  siteId: SiteId,
): Promise<{ readonly checkpoint: ChainPosition | null; readonly head: ChainPosition | null }> {
  const ask = <Answer>(what: (record: ChangeRecord) => Promise<Answer>) => askRecord(context, what);
  const [checkpoint, head] = await Promise.all([
    ask((record) => record.checkpointOf(siteId)),
    ask((record) => record.headOf(siteId)),
  ]);
  return { checkpoint: checkpoint !== null && checkpoint.number > 0 ? checkpoint : null, head };
}
