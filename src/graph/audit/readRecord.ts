import { GraphQLError } from "graphql";
import type { SiteId } from "../../domain/ids.js";
import type {
  ChangePosition,
  ChangeRecord,
  RecordEntry,
  RecordedChange,
  ChangeFilter as RecordFilter,
} from "../../record/ChangeRecord.js";
import { InputError } from "../errors/InputError.js";
import { decodeCursor, type ListIdentity } from "../paging/cursor.js";
import { pageLimits } from "../paging/loadPage.js";
import type { GraphContext } from "../schema/GraphContext.js";

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
