import { GraphQLDateTime } from "graphql-scalars";
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from "type-graphql";
import type { IndexStatus, IndexState as State } from "../../crawl/KeptIndex.js";
import { GapNode } from "../completeness/CompletenessNode.js";
import { defineEnum } from "../schema/enums.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { SiteNode } from "./SiteNode.js";

const IndexState = defineEnum<State>("IndexState", "How the access index of a site stands.", {
  EMPTY: "Nobody has asked for it yet: the first question that needs it begins to read.",
  CRAWLING: "It is read for the first time. Questions are answered from what is there, and say what is missing.",
  READY: "It was read.",
  REFRESHING: "Parts of it are read again; until then they are served as they were.",
});

@ObjectType("IndexProgress", { simpleResolvers: true, description: "How far a pass is that reads an access index." })
class IndexProgressNode {
  @Field(() => Int, { description: "Parts read: a group, a space, a batch of accounts." })
  readonly done: number;

  @Field(() => Int, { nullable: true, description: "How many parts there are; null until it is known." })
  readonly total: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "How many milliseconds it takes yet, by how it went so far; null where nothing tells.",
  })
  readonly estimateMs: number | null;

  constructor({ progress, estimateMs }: IndexStatus) {
    this.done = progress.done;
    this.total = progress.total;
    this.estimateMs = estimateMs;
  }
}

@ObjectType("SiteAccessIndex", {
  simpleResolvers: true,
  description:
    "What `effectiveAccess` and everything else is answered from that asks about a whole site: every account, group, membership, space and grant, read in the background, as fast as the site allows and behind every query.",
})
class SiteAccessIndexNode {
  @Field(() => IndexState, { description: "How it stands." })
  readonly state: string;

  @Field(() => Boolean, {
    description:
      "Whether the process that answers reads it from the site. Where several processes share by `CACHE_URL`, one of them reads, and the others take over what it has read: then false.",
  })
  readonly isReadHere: boolean;

  @Field(() => IndexProgressNode, { description: "How far the pass is that reads it, for the first time or again." })
  readonly progress: IndexProgressNode;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When the oldest of its parts was read from the site; null while there is none.",
  })
  readonly asOf: Date | null;

  @Field(() => Float, { description: "Bytes of memory that it takes, about." })
  readonly bytes: number;

  @Field(() => Float, {
    description:
      "How old a part becomes before it is read again, in milliseconds: as configured (`INDEX_TTL`), or longer where the site allows no more.",
  })
  readonly ttlMs: number;

  @Field(() => Float, { description: "How old a part was to become, in milliseconds, as configured." })
  readonly wantedTtlMs: number;

  @Field(() => Float, {
    description: "The share of what the site allows that it takes at most, as configured (`INDEX_QUOTA_SHARE`).",
  })
  readonly quotaShare: number;

  // No `Completeness`: a list that lacks something is told of in every answer, and here that is what was asked.
  @Field(() => Boolean, { description: "True when everything was read that belongs to it." })
  readonly isComplete: boolean;

  @Field(() => [GapNode], {
    description: "What is missing, and why: the first 50 of it. Empty exactly when `isComplete`.",
  })
  readonly gaps: readonly GapNode[];

  constructor(status: IndexStatus) {
    const { asOfMs, gaps } = status;
    this.state = status.state;
    this.isReadHere = status.isReadHere;
    this.progress = new IndexProgressNode(status);
    this.asOf = asOfMs === null ? null : new Date(asOfMs);
    this.bytes = status.bytes;
    this.ttlMs = status.ttlMs;
    this.wantedTtlMs = status.wantedTtlMs;
    this.quotaShare = status.quotaShare;
    this.isComplete = gaps.length === 0;
    this.gaps = gaps.map((gap) => new GapNode(gap));
  }
}

@Resolver(() => SiteNode)
export class SiteAccessIndexResolver {
  @FieldResolver(() => SiteAccessIndexNode, {
    description:
      "How the access index of this site stands: how much of it was read, how old it is, what it takes. Costs no call, and does not begin to read.",
  })
  index(@Root() { siteId }: SiteNode, @Ctx() context: GraphContext): SiteAccessIndexNode {
    return new SiteAccessIndexNode(context.indexes.of(siteId).status);
  }
}
