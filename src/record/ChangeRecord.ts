import type { Caller } from "../callers/Caller.js";
import type { Acknowledgement, ChangeAction } from "../domain/Change.js";
import type { SiteId } from "../domain/ids.js";

/** Who asks for a change and why, as told. */
export interface Provenance {
  /** The id of the HTTP request, as in the log. */
  readonly requestId: string;
  /** Whose token asked: what the request ids of a caller are unique within. Never what a caller says of itself. */
  readonly caller: string;
  /** The caller's own id of its request, from the input. */
  readonly callerRequestId: string | null;
  /** Who asked, as the caller says: the header `X-Requested-By`. Not verified, and no identity. */
  readonly requestedBy: string | null;
  readonly reason: string | null;
  /** What the caller says it knows of and means: `acknowledgeAdministration`. */
  readonly acknowledged?: readonly Acknowledgement[];
  /** The id of the change that this one takes back. */
  readonly undoes?: string;
  /** The id of the change that it came with: a grant, with the account that it was asked for together with. */
  readonly partOf?: string;
  /** Who asks, with what they may do. Stands in no entry but by its name; where it is absent, we ask ourselves. */
  readonly mandate?: Caller;
  /** What a policy said of it, where one is asked. */
  readonly policy?: RecordedPolicy;
  /** What was planned before a policy was asked: nothing else is sent. Stands in no entry. */
  readonly plans?: PlannedBefore;
  /** What an earlier call of the same request left: taken up, not begun anew. Stands in no entry. */
  readonly earlier?: EarlierChanges;
}

/** What a policy said: `ALLOWED`, `DENIED`, or `UNAVAILABLE`, which allows nothing. */
export interface RecordedPolicy {
  readonly decision: string;
  readonly reason: string | null;
}

/** A change as it was planned, before anything was recorded or sent. */
export interface PlannedChange {
  readonly siteId: SiteId;
  readonly action: ChangeAction;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly plan: readonly string[];
  readonly reach: readonly string[];
  readonly before: readonly string[];
  readonly after: readonly string[] | null;
}

/** Takes what is planned, and says later whether something was in it. */
export interface PlannedBefore {
  note(change: PlannedChange): void;
  hold(change: Pick<PlannedChange, "siteId" | "action" | "subject">, texts: readonly string[]): boolean;
}

/** The changes that an earlier call of a request left in the record. */
export interface EarlierChanges {
  /** What it left of one change, told once; `null` where it did not come to it. */
  take(siteId: SiteId, action: ChangeAction, subject: Readonly<Record<string, unknown>>): RecordedChange | null;
}

/** One entry of the record: a change that was attempted, or how it ended. */
export interface RecordDraft {
  /** `attempt`: written before the first call. `result`: what was found afterwards. */
  readonly phase: "attempt" | "result";
  /** Both entries of one change carry its id. */
  readonly changeId: string;
  readonly siteId: SiteId;
  readonly action: ChangeAction;
  /** Whom the change is about, and where: ids as the site has them. */
  readonly subject: Readonly<Record<string, unknown>>;
  readonly plan: readonly string[];
  /** How far it goes beyond what it names: `ORGANIZATION_WIDE`, `ADMINISTRATION`, `EVERYONE`. */
  readonly reach?: readonly string[];
  readonly before: readonly string[];
  /** What was read back; `null` before, and when it could not be read. */
  readonly after: readonly string[] | null;
  /** What the change is to end as when its plan is carried out; `null` where there was none. */
  readonly promised: string | null;
  /** How it ended; `null` in an attempt. */
  readonly outcome: string | null;
  readonly fault: string | null;
  readonly upstreamStatus: number | null;
  /** What the inverse needs and the lists above do not tell: the former role, members and grants of what is deleted. */
  readonly undo: Readonly<Record<string, unknown>> | null;
}

/** An entry as it is kept: numbered within its site, and chained to the one before by its hash. */
export interface RecordEntry extends RecordDraft, Omit<Provenance, "earlier" | "mandate" | "plans"> {
  /** ISO 8601, by this process's clock. */
  readonly time: string;
  /** From 1, without a hole, within the site. */
  readonly number: number;
  /** The hash of the entry before; of the first, `genesis`. */
  readonly previous: string;
  readonly hash: string;
  /** What the hash is made of: the entry as canonical JSON, without number and hashes. */
  readonly body: string;
}

/** A change as the record tells it: its attempt, its result, or both. Of several attempts, after a restart, the first. */
export interface RecordedChange {
  readonly changeId: string;
  readonly attempt: RecordEntry | null;
  readonly result: RecordEntry | null;
}

export interface ChangeFilter {
  readonly siteIds: readonly SiteId[];
  readonly actions: readonly string[] | null;
  readonly callerRequestId: string | null;
  readonly changeIds: readonly string[] | null;
  /** Those that took a change back, or that came with it. */
  readonly linked: { readonly by: "undoes" | "partOf"; readonly changeId: string } | null;
  /** Whom or what the subject names. */
  readonly subject: SubjectFilter | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

/** An id that stands in the subject of a change, wherever in it: as the one it is about, or as the principal in a space. */
export interface SubjectFilter {
  readonly key: "accountId" | "groupId" | "spaceId";
  readonly id: string;
}

/** A position in the list of changes, newest first. */
export interface ChangePosition {
  readonly time: string;
  readonly siteId: string;
  readonly number: number;
}

/** The request of a caller by its id: what became of it, or whose turn it is. */
export type Claim =
  /** It is ours to carry out. `earlier` is what an unfinished call before it left: `null` when there was none. */
  | { readonly kind: "claimed"; readonly earlier: EarlierCall | null }
  /** It ended; this is what was answered. */
  | { readonly kind: "answered"; readonly result: string }
  /** Somebody is at it, here or in another process. */
  | { readonly kind: "inProgress" }
  /** The id was used for another input. */
  | { readonly kind: "reused" };

interface EarlierCall {
  /** What it had answered, where it ended without being final; `null` where it never ended: a kill, a restart. */
  readonly result: string | null;
}

export interface RequestKey {
  readonly caller: string;
  readonly callerRequestId: string;
}

/** A request of a caller as it is kept. */
export interface RequestState {
  readonly input: string;
  readonly state: "IN_PROGRESS" | "ENDED";
  readonly isFinal: boolean;
  readonly result: string | null;
}

/** Something to remember across restarts: an invitation that went out, a removal that was started. */
export type FactKind = "invitation" | "removal";

/** A position in a chain: the number and the hash of an entry. */
export interface ChainPosition {
  readonly number: number;
  readonly hash: string;
}

/** Where a chain begins that is not read from its first entry: what came before was let go, and this is where it ended. */
export interface Checkpoint extends ChainPosition {
  readonly siteId: SiteId;
}

/**
 * The record of changes: what was attempted and how it ended, results by the caller's request id, and what must not be sent
 * twice. An entry is kept for good when `append` resolves; where it rejects, nothing is changed.
 */
export interface ChangeRecord {
  /** False when all of it goes with the process. */
  readonly isDurable: boolean;
  /** What it holds in the memory of this process, estimated. */
  readonly heldBytes: number;
  append(draft: RecordDraft, provenance: Provenance): Promise<RecordEntry>;

  claim(key: RequestKey, input: string): Promise<Claim>;
  /** Ends a request that was claimed. One that is not final may be claimed again. */
  finish(key: RequestKey, outcome: { readonly result: string; readonly isFinal: boolean }): Promise<void>;
  /** Gives a claim back after a bug of ours: nothing is known of how it ended. */
  release(key: RequestKey): Promise<void>;
  requestOf(key: RequestKey): Promise<RequestState | null>;

  /** Changes, newest first, after a position. */
  changes(filter: ChangeFilter, after: ChangePosition | null, first: number): Promise<readonly RecordedChange[]>;
  /** The changes of a request, oldest first. One without a result is what a kill left behind. */
  changesOf(key: RequestKey): Promise<readonly RecordedChange[]>;
  /** Entries of one site in the order of its chain, beginning after a number; for verification. */
  chain(siteId: SiteId, afterNumber: number, first: number): Promise<readonly RecordEntry[]>;
  checkpointOf(siteId: SiteId): Promise<Checkpoint | null>;
  /** The newest entry of a site's chain, by what is kept beside the entries; `null` where none was ever written. */
  headOf(siteId: SiteId): Promise<ChainPosition | null>;

  remember(kind: FactKind, siteId: SiteId, key: string, value: string): Promise<void>;
  recall(
    kind: FactKind,
    siteId: SiteId,
    key: string,
  ): Promise<{ readonly value: string; readonly atMs: number } | null>;
  forget(kind: FactKind, siteId: SiteId, key: string): Promise<void>;

  /** Lets go of entries older than a moment, leaving a checkpoint at the head of each chain; answers how many went. */
  retain(sinceMs: number): Promise<number>;
  close(): Promise<void>;
}

/** Entries as changes, in the order in which each change first stands among them. */
export function pairEntries(entries: readonly RecordEntry[]): RecordedChange[] {
  const changes = new Map<string, RecordedChange>();
  for (const entry of entries) {
    const { changeId } = entry;
    const known = changes.get(changeId) ?? { changeId, attempt: null, result: null };
    // The first attempt tells what was there before any call: one that was taken up after a restart begins where that ended.
    const isLater = entry.phase === "attempt" && known.attempt !== null;
    changes.set(changeId, isLater ? known : { ...known, [entry.phase]: entry });
  }
  return [...changes.values()];
}
