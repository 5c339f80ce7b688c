import { Field, ID, ObjectType } from "type-graphql";
import type { ChainPosition, RecordEntry } from "../../record/ChangeRecord.js";
import { defineEnum } from "../schema/enums.js";
import { ChangeNode, RecordEntryNode, RecordPlaceNode } from "./ChangeNode.js";

export const RequestState = defineEnum("RequestState", "How the request of a caller stands.", {
  IN_PROGRESS: "It is under way, or was cut off: repeat it with the same `requestId` to learn which.",
  ENDED: "It was answered.",
});

@ObjectType("ChangeRequest", {
  simpleResolvers: true,
  description: "What became of a request of this caller: for who lost the answer.",
})
export class ChangeRequestNode {
  @Field(() => String, { description: "The caller's own id of it." })
  readonly requestId: string;

  @Field(() => RequestState, { description: "Whether it was answered." })
  readonly state: string;

  @Field(() => Boolean, {
    description:
      "True when the answer stands: the same request is answered from the record. False while something is under way or not settled: repeating it takes it up again.",
  })
  readonly isFinal: boolean;

  @Field(() => [ChangeNode], {
    description: "What of it is on record, the newest first. What was refused before anything was read is not.",
  })
  readonly changes: ChangeNode[];

  constructor(facts: ChangeRequestNode) {
    this.requestId = facts.requestId;
    this.state = facts.state;
    this.isFinal = facts.isFinal;
    this.changes = facts.changes;
  }
}

export const RecordKept = defineEnum("RecordKept", "Where a record is kept.", {
  MEMORY: "With this process: it goes when the process ends, and the oldest entries go when there are many.",
  DIRECTORY: "In a directory of this machine: `STATE_DIR`.",
  DATABASE: "In a PostgreSQL: `DATABASE_URL`.",
});

@ObjectType("SiteRecord", {
  simpleResolvers: true,
  description: "The record of what was changed on a site: where it is kept, and where its chain stands.",
})
export class SiteRecordNode {
  @Field(() => RecordKept, { description: "Where it is kept." })
  readonly keptIn: string;

  @Field(() => Boolean, { description: "Whether it is still there after a restart." })
  readonly isDurable: boolean;

  @Field(() => RecordPlaceNode, {
    nullable: true,
    description:
      "The newest entry. Whoever keeps it somewhere else can show later that nothing before it was changed: `npm run audit -- verify --head`. Null where nothing was recorded.",
  })
  readonly head: RecordPlaceNode | null;

  @Field(() => RecordPlaceNode, {
    nullable: true,
    description:
      "The last entry that was let go by `RECORD_RETENTION_DAYS`: the chain is verified from there. Null where it is there from its first entry.",
  })
  readonly checkpoint: RecordPlaceNode | null;

  constructor(facts: SiteRecordNode) {
    this.keptIn = facts.keptIn;
    this.isDurable = facts.isDurable;
    this.head = facts.head;
    this.checkpoint = facts.checkpoint;
  }
}

@ObjectType("RecordEntries", {
  simpleResolvers: true,
  description: "Entries of the record of one site in the order of their chain: for who verifies it.",
})
export class RecordEntriesNode {
  @Field(() => ID, { description: "The site's short name." })
  readonly siteId: string;

  @Field(() => [RecordEntryNode], { description: "The entries, oldest first." })
  readonly entries: RecordEntryNode[];

  @Field(() => RecordPlaceNode, {
    nullable: true,
    description: "Where the chain begins when it is not there from its first entry: see `SiteRecord.checkpoint`.",
  })
  readonly checkpoint: RecordPlaceNode | null;

  @Field(() => RecordPlaceNode, {
    nullable: true,
    description: "The newest entry, by what is kept beside the entries. Null where nothing was recorded.",
  })
  readonly head: RecordPlaceNode | null;

  constructor(
    siteId: string,
    facts: {
      readonly entries: readonly RecordEntry[];
      readonly checkpoint: ChainPosition | null;
      readonly head: ChainPosition | null;
    },
  ) {
    this.siteId = siteId;
    this.entries = facts.entries.map((entry) => new RecordEntryNode(entry));
    this.checkpoint = facts.checkpoint && new RecordPlaceNode(facts.checkpoint);
    this.head = facts.head && new RecordPlaceNode(facts.head);
  }
}
