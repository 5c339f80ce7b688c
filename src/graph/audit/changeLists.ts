import { GraphQLError } from "graphql";
import { GraphQLDateTime } from "graphql-scalars";
import { Field, ID, InputType } from "type-graphql";
import type { ChangeAction as Action } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import type {
  ChangePosition,
  ChangeRecord,
  RecordEntry,
  RecordedChange,
  ChangeFilter as RecordFilter,
  SubjectFilter,
} from "../../record/ChangeRecord.js";
import { InputError } from "../errors/errorCodes.js";
import { pageLimits } from "../limits/budgets.js";
import { decodeCursor, type ListIdentity } from "../paging/Page.js";
import { defineEnum } from "../schema/enums.js";
import { type GlobalId, readGlobalId } from "../schema/GlobalId.js";
import type { GraphContext } from "../schema/GraphContext.js";

export const ChangeAction = defineEnum<Action>("ChangeAction", "What a change does.", {
  grantPermissions: "Grants single permissions in a space.",
  revokePermissions: "Revokes single permissions in a space.",
  grantRole: "Gives a role in a space.",
  revokeRole: "Takes a role in a space away.",
  grantMembership: "Makes an account a member of a group.",
  revokeMembership: "Ends an account's membership of a group.",
  createGroup: "Creates a group.",
  deleteGroup: "Deletes a group.",
  provisionAccount: "Gives a person an account. What it is granted stands as changes of their own.",
  updateAccount: "Changes an account's name or e-mail address (Data Center).",
  suspendAccount: "Suspends an account.",
  restoreAccount: "Ends the suspension of an account.",
  removeAccount: "Removes an account.",
});

@InputType({ description: "Which changes. All of what is given must hold." })
export class ChangeFilter {
  @Field(() => [ID], {
    nullable: true,
    description: "Of these sites, by their short names. Example: `acme`. Every site where it is left out.",
  })
  readonly sites?: readonly string[] | null;

  @Field(() => [ChangeAction], { nullable: true, description: "Of one of these kinds." })
  readonly actions?: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "Asked for with this `requestId` in the input. A caller's own: other callers may have used it too.",
  })
  readonly callerRequestId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "About this account, group or space, by its `id`: the one that changed, or whom a grant in a space is for. A group is not found by the change that created it, which knew its name alone.",
  })
  readonly subject?: string | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: "First recorded then or later." })
  readonly since?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: "First recorded before then." })
  readonly until?: Date | null;
}

/** The filter as the record takes it, over these sites at most. */
export function compileChangeFilter(filter: ChangeFilter | null | undefined, siteIds: readonly SiteId[]): RecordFilter {
  const subject = filter?.subject == null ? null : readGlobalId(filter.subject, "filter.subject", subjectTypes);
  const sites = filter?.sites ?? siteIds;
  const unknown = sites.find((site) => !siteIds.some((siteId) => siteId === site));
  if (unknown !== undefined) {
    const message = `No site "${unknown.slice(0, 60)}" is asked about. These are: ${siteIds.join(", ")}.`;
    throw new InputError("UNKNOWN_SITE", "filter.sites", message);
  }
  return {
    siteIds: siteIds.filter((siteId) => sites.includes(siteId) && (subject === null || subject.siteId === siteId)),
    actions: filter?.actions ?? null,
    callerRequestId: filter?.callerRequestId ?? null,
    changeIds: null,
    linked: null,
    subject: subject && subjectFilterOf(subject),
    sinceMs: filter?.since?.getTime() ?? null,
    untilMs: filter?.until?.getTime() ?? null,
  };
}

const subjectTypes = ["Account", "Group", "Space"] as const;

function subjectFilterOf(id: Extract<GlobalId, { type: (typeof subjectTypes)[number] }>): SubjectFilter {
  switch (id.type) {
    case "Account":
      return { key: "accountId", id: id.accountId };
    case "Group":
      return { key: "groupId", id: id.groupId };
    case "Space":
      return { key: "spaceId", id: id.spaceId };
  }
}

/** Asks the record. One that cannot be read is an error with a code of its own, never an empty list. */
export async function askRecord<Answer>(
  { record }: Pick<GraphContext, "record">,
  ask: (record: ChangeRecord) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(record);
  } catch {
    throw new GraphQLError(
      "The record of changes cannot be read, so nothing is said of what was changed. Check where it is kept: DATABASE_URL, STATE_DIR.",
      { extensions: { code: "RECORD_UNAVAILABLE" } },
    );
  }
}

/** Everything that these sites have on record. */
export function everyChange(siteIds: readonly SiteId[]): RecordFilter {
  const any = { actions: null, callerRequestId: null, changeIds: null, linked: null, subject: null };
  return { siteIds, ...any, sinceMs: null, untilMs: null };
}

/** A change by its id; `null` where its site has none on record. */
export async function changeOfId(
  context: GraphContext,
  siteId: SiteId,
  changeId: string,
): Promise<RecordedChange | null> {
  const filter = { ...everyChange([siteId]), changeIds: [changeId] };
  const [change] = await askRecord(context, (record) => record.changes(filter, null, 1));
  return change ?? null;
}

/** The entry that a change stands by in the list: its attempt, and where nothing had to be attempted its result. */
export function headOf({ attempt, result }: RecordedChange): RecordEntry {
  const head = attempt ?? result;
  if (head === null) throw new Error("A change without an entry.");
  return head;
}

/** How many items are asked for; throws `BAD_USER_INPUT` for what no page holds. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? pageLimits.default;
  if (size >= 1 && size <= pageLimits.max) return size;
  throw new InputError("INVALID_PAGE_SIZE", "first", `\`first\` must be 1 to ${pageLimits.max}; it is ${size}.`);
}

/** A place in the list of changes as the text within a cursor. */
export function orderKeyOf({ time, siteId, number }: ChangePosition): string {
  return JSON.stringify([time, siteId, number]);
}

export function positionAfter(list: ListIdentity, after: string | null | undefined): ChangePosition | null {
  if (after === null || after === undefined) return null;
  const parts: unknown = JSON.parse(decodeCursor(list, after));
  const [time, siteId, number]: unknown[] = Array.isArray(parts) ? parts : [];
  if (typeof time !== "string" || typeof siteId !== "string" || typeof number !== "number") {
    throw new InputError("INVALID_CURSOR", "after", "This is not a cursor of a list of changes.");
  }
  return { time, siteId, number };
}
