import { GraphQLDateTime } from "graphql-scalars";
import { Field, ID, Int, ObjectType } from "type-graphql";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { ChainPosition, RecordEntry, RecordedChange } from "../../record/ChangeRecord.js";
import { ChangeOutcome } from "../change/changeEnums.js";
import { PolicyAnswerNode } from "../change/policyAnswers.js";
import { defineConnection } from "../paging/Page.js";
import { defineEnum } from "../schema/enums.js";
import { encodeGlobalId } from "../schema/GlobalId.js";
import { Node } from "../schema/nodes/Node.js";
import { ChangeAction, headOf } from "./changeLists.js";

const ChangeState = defineEnum("ChangeState", "Whether it is on record how a change ended.", {
  OPEN: "It was attempted and nothing says how it ended: it is under way, or was cut off by a restart. Repeat the call with its `requestId` to have it settled.",
  ENDED: "How it ended is on record.",
});

@ObjectType("RecordEntry", {
  simpleResolvers: true,
  description:
    "One entry of the record, as its site's chain holds it. `hash` is the SHA-256, in hex, of `previousHash`, `number` and `record`, joined by line feeds.",
})
export class RecordEntryNode {
  @Field(() => Int, { description: "From 1, without a hole, within the site." })
  readonly number: number;

  @Field(() => String, { description: "The hash of the entry before; of the first entry `genesis`." })
  readonly previousHash: string;

  @Field(() => String, { description: "The hash of this entry." })
  readonly hash: string;

  @Field(() => String, {
    description: "All that the entry says, as canonical JSON: exactly the text that the hash is made of.",
  })
  readonly record: string;

  @Field(() => GraphQLDateTime, { description: "When it was written, by this service's clock." })
  readonly writtenAt: Date;

  constructor(entry: RecordEntry) {
    this.number = entry.number;
    this.previousHash = entry.previous;
    this.hash = entry.hash;
    this.record = entry.body;
    this.writtenAt = new Date(entry.time);
  }
}

@ObjectType("RecordPlace", { simpleResolvers: true, description: "A place in the chain of a site's record." })
export class RecordPlaceNode {
  @Field(() => Int, { description: "The number of the entry." })
  readonly number: number;

  @Field(() => String, { description: "Its hash." })
  readonly hash: string;

  constructor({ number, hash }: ChainPosition) {
    this.number = number;
    this.hash = hash;
  }
}

@ObjectType("ChangeSubject", {
  simpleResolvers: true,
  description:
    "Whom and what a change is about. The ids are as the site has them, and stay when the things are gone; the entities are as they are now.",
})
export class ChangeSubjectNode {
  readonly loaders: SiteLoaders;

  @Field(() => ID, { nullable: true, description: "The account it is about, or that it grants to." })
  readonly accountId: string | null;

  @Field(() => ID, { nullable: true, description: "The group it is about, or that it grants to." })
  readonly groupId: string | null;

  @Field(() => ID, { nullable: true, description: "The space where it grants or revokes." })
  readonly spaceId: string | null;

  @Field(() => ID, { nullable: true, description: "The access class that it grants to. Example: `anonymous-users`." })
  readonly accessClassId: string | null;

  @Field(() => String, {
    description:
      'All of it, as JSON. Example: `{"accountId":"712020:…","groupId":"…"}`, `{"name":"designers"}`, `{"email":"ada@example.com"}`.',
  })
  readonly json: string;

  constructor(loaders: SiteLoaders, subject: RecordEntry["subject"]) {
    const principal = factsOf(subject.principal);
    this.loaders = loaders;
    this.accountId = textOf(subject.accountId) ?? textOf(principal.accountId);
    this.groupId = textOf(subject.groupId) ?? textOf(principal.groupId);
    this.spaceId = textOf(subject.spaceId);
    this.accessClassId = textOf(principal.classId);
    this.json = JSON.stringify(subject);
  }
}

function factsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

@ObjectType("Change", {
  implements: Node,
  simpleResolvers: true,
  description: "One change as it is on record: what was attempted, by whom and why, and how it ended.",
})
export class ChangeNode {
  readonly __typename = "Change";
  /** Kept out of the schema: what the resolvers of this type read through. */
  readonly loaders: SiteLoaders;
  readonly recorded: RecordedChange;

  @Field(() => ID, { description: "Opaque global id: what `undo` takes." })
  readonly id: string;

  @Field(() => ID, { description: "The id of the change within its site's record: what the audit's lines name it by." })
  readonly changeId: string;

  @Field(() => ChangeAction, { description: "What it does." })
  readonly action: string;

  @Field(() => ChangeState, { description: "Whether it is on record how it ended." })
  readonly state: string;

  @Field(() => ChangeSubjectNode, { description: "Whom and what it is about." })
  readonly subject: ChangeSubjectNode;

  @Field(() => String, {
    description: "Whose token asked; `anyone` where callers need none.",
  })
  readonly caller: string;

  @Field(() => String, {
    nullable: true,
    description: "Who asked, as the caller says in the header `X-Requested-By`. Not verified, and no identity.",
  })
  readonly requestedBy: string | null;

  @Field(() => String, { nullable: true, description: "Why, as the caller says." })
  readonly reason: string | null;

  @Field(() => PolicyAnswerNode, {
    nullable: true,
    description: "What the policy said that was asked before; null where none was.",
  })
  readonly policy: PolicyAnswerNode | null;

  @Field(() => String, { description: "The id of the HTTP request, as in the log and in the header `X-Request-Id`." })
  readonly requestId: string;

  @Field(() => String, { nullable: true, description: "The caller's own id of its request: `requestId` of the input." })
  readonly callerRequestId: string | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When it was put on record, before the first call. Null where no call was needed.",
  })
  readonly attemptedAt: Date | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: "When it was put on record how it ended. Null while `OPEN`.",
  })
  readonly endedAt: Date | null;

  @Field(() => [String], { description: "What was there before. Example: `read/space`, `role 6f…`, `member`." })
  readonly before: readonly string[];

  @Field(() => [String], {
    nullable: true,
    description: "What was read back. Null while `OPEN`, and where it could not be read: it says so in `fault`.",
  })
  readonly after: readonly string[] | null;

  @Field(() => [String], { description: "The calls that were planned, and what goes with them." })
  readonly plan: readonly string[];

  @Field(() => ChangeOutcome, { nullable: true, description: "How it ended. Null while `OPEN`." })
  readonly outcome: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Why it was not carried out: the code and the message of the user error. Null where nothing failed.",
  })
  readonly fault: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "What the last call that failed was answered with. Null where none failed, or none was answered.",
  })
  readonly upstreamStatus: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "The `changeId` of the change that this one took back; null where it took none.",
  })
  readonly undoes: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The `changeId` of the provisionAccount that it was asked for together with; null where it stands alone.",
  })
  readonly partOf: string | null;

  @Field(() => RecordEntryNode, { nullable: true, description: "The entry written before the first call." })
  readonly attempt: RecordEntryNode | null;

  @Field(() => RecordEntryNode, { nullable: true, description: "The entry written when it had ended." })
  readonly result: RecordEntryNode | null;

  constructor(loaders: SiteLoaders, recorded: RecordedChange) {
    const { attempt, result } = recorded;
    const head = headOf(recorded);
    const last = result ?? head;
    this.loaders = loaders;
    this.recorded = recorded;
    this.id = encodeGlobalId({ type: "Change", siteId: head.siteId, changeId: head.changeId });
    this.changeId = head.changeId;
    this.action = head.action;
    this.state = result === null ? ChangeState.OPEN : ChangeState.ENDED;
    this.subject = new ChangeSubjectNode(loaders, head.subject);
    this.caller = head.caller;
    this.requestedBy = head.requestedBy;
    this.reason = head.reason;
    this.policy = head.policy === undefined ? null : new PolicyAnswerNode(head.policy);
    this.requestId = head.requestId;
    this.callerRequestId = head.callerRequestId;
    this.attemptedAt = attempt && new Date(attempt.time);
    this.endedAt = result && new Date(result.time);
    this.before = head.before;
    this.after = result?.after ?? null;
    this.plan = last.plan;
    this.outcome = result?.outcome ?? null;
    this.fault = last.fault;
    this.undoes = head.undoes ?? null;
    this.partOf = head.partOf ?? null;
    this.upstreamStatus = last.upstreamStatus;
    this.attempt = attempt && new RecordEntryNode(attempt);
    this.result = result && new RecordEntryNode(result);
  }
}

export const ChangeConnection = defineConnection("Change", () => ChangeNode);
