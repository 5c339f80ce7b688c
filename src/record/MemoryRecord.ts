import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import {
  type ChainPosition,
  type ChangeFilter,
  type ChangePosition,
  type ChangeRecord,
  type Checkpoint,
  type Claim,
  type FactKind,
  type Provenance,
  pairEntries,
  type RecordDraft,
  type RecordEntry,
  type RecordedChange,
  type RequestKey,
  type RequestState,
  type SubjectFilter,
} from "./ChangeRecord.js";
import { bodyOf, entryOf, genesis, hashOf } from "./chain.js";

interface MemoryRecordLimits {
  readonly entriesASite: number;
  /** Of all sites. What a deletion needs to be undone makes an entry of some 1,500 bytes one of 100,000. */
  readonly entryBytes: number;
  readonly requests: number;
  /** What requests take with what they were answered, which is as long as what they asked for. */
  readonly requestBytes: number;
  readonly facts: number;
}

/** What is kept at most; the oldest goes first. */
const usual: MemoryRecordLimits = {
  ...{ entriesASite: 10_000, entryBytes: 32_000_000 },
  ...{ requests: 10_000, requestBytes: 16_000_000 },
  facts: 10_000,
};
/** What an entry takes beside its text and what that is parsed to, and that for each character: measured of short ones and of long ones. */
const entryCost = { overheadBytes: 300, bytesOfCharacter: 2.5 } as const;
/** The same of a request: its result is text alone. */
const requestCost = { overheadBytes: 300, bytesOfCharacter: 1 } as const;

interface KeptRequest extends RequestState {
  readonly isRunning: boolean;
}

interface Chain {
  readonly entries: RecordEntry[];
  bytes: number;
}

/** The record in memory: for as long as the process runs, and bounded. Entries that went leave a checkpoint. */
export class MemoryRecord implements ChangeRecord {
  readonly isDurable = false;
  readonly #clock: Clock;
  readonly #limits: MemoryRecordLimits;
  readonly #chains = new Map<SiteId, Chain>();
  readonly #checkpoints = new Map<SiteId, Checkpoint>();
  readonly #requests = new Map<string, KeptRequest>();
  #requestBytes = 0;
  readonly #facts = new Map<string, { readonly value: string; readonly atMs: number }>();

  constructor(clock: Clock, limits: Partial<MemoryRecordLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...usual, ...limits };
  }

  async append(draft: RecordDraft, provenance: Provenance): Promise<RecordEntry> {
    const chain = this.#chains.get(draft.siteId) ?? { entries: [], bytes: 0 };
    this.#chains.set(draft.siteId, chain);
    const last = chain.entries.at(-1) ?? this.#checkpoints.get(draft.siteId);
    const number = (last?.number ?? 0) + 1;
    const previous = last?.hash ?? genesis;
    const body = bodyOf(draft, provenance, new Date(this.#clock.now()).toISOString());
    const entry = entryOf({ number, previous, hash: hashOf(previous, number, body), body });
    chain.entries.push(entry);
    chain.bytes += bytesOfEntry(entry);
    this.#keepToBounds(draft.siteId, chain);
    return entry;
  }

  async claim(key: RequestKey, input: string): Promise<Claim> {
    const known = this.#requests.get(nameOf(key));
    if (known !== undefined && known.input !== input) return { kind: "reused" };
    if (known?.isRunning) return { kind: "inProgress" };
    if (known?.isFinal) return { kind: "answered", result: known.result ?? "null" };
    const result = known?.result ?? null;
    this.#keepRequest(key, { input, state: "IN_PROGRESS", isFinal: false, result, isRunning: true });
    return { kind: "claimed", earlier: known === undefined ? null : { result } };
  }

  async finish(key: RequestKey, { result, isFinal }: { readonly result: string; readonly isFinal: boolean }) {
    const known = this.#requests.get(nameOf(key));
    if (known !== undefined) this.#keepRequest(key, { ...known, state: "ENDED", result, isFinal, isRunning: false });
  }

  async release(key: RequestKey): Promise<void> {
    const known = this.#requests.get(nameOf(key));
    if (known?.isRunning) this.#keepRequest(key, { ...known, state: "ENDED", isRunning: false });
  }

  async requestOf(key: RequestKey): Promise<RequestState | null> {
    return this.#requests.get(nameOf(key)) ?? null;
  }

  async changes(filter: ChangeFilter, after: ChangePosition | null, first: number): Promise<readonly RecordedChange[]> {
    const entries = filter.siteIds.flatMap((siteId) => this.#chains.get(siteId)?.entries ?? []);
    const changes = pairEntries(entries).filter((change) => fits(headOf(change), filter));
    changes.sort((left, right) => comparePositions(positionOf(right), positionOf(left)));
    return changes
      .filter((change) => after === null || comparePositions(positionOf(change), after) < 0)
      .slice(0, first);
  }

  async changesOf({ caller, callerRequestId }: RequestKey): Promise<readonly RecordedChange[]> {
    const entries = [...this.#chains.values()]
      .flatMap(({ entries }) => entries)
      .filter((entry) => entry.caller === caller && entry.callerRequestId === callerRequestId);
    entries.sort(comparePositions);
    return pairEntries(entries);
  }

  async chain(siteId: SiteId, afterNumber: number, first: number): Promise<readonly RecordEntry[]> {
    const chain = this.#chains.get(siteId)?.entries ?? [];
    return chain.filter(({ number }) => number > afterNumber).slice(0, first);
  }

  async checkpointOf(siteId: SiteId): Promise<Checkpoint | null> {
    return this.#checkpoints.get(siteId) ?? null;
  }

  async headOf(siteId: SiteId): Promise<ChainPosition | null> {
    return this.#chains.get(siteId)?.entries.at(-1) ?? this.#checkpoints.get(siteId) ?? null;
  }

  async remember(kind: FactKind, siteId: SiteId, key: string, value: string): Promise<void> {
    const name = JSON.stringify([kind, siteId, key]);
    this.#facts.delete(name);
    this.#facts.set(name, { value, atMs: this.#clock.now() });
    dropOldest(this.#facts, this.#limits.facts);
  }

  async recall(kind: FactKind, siteId: SiteId, key: string) {
    return this.#facts.get(JSON.stringify([kind, siteId, key])) ?? null;
  }

  async forget(kind: FactKind, siteId: SiteId, key: string): Promise<void> {
    this.#facts.delete(JSON.stringify([kind, siteId, key]));
  }

  async retain(sinceMs: number): Promise<number> {
    const since = new Date(sinceMs).toISOString();
    let gone = 0;
    for (const [siteId, chain] of this.#chains) {
      const kept = chain.entries.findIndex(({ time }) => time >= since);
      gone += this.#letGo(siteId, chain, kept === -1 ? chain.entries.length - 1 : kept);
    }
    for (const [name, { atMs }] of this.#facts) if (atMs < sinceMs) this.#facts.delete(name);
    return gone;
  }

  async close(): Promise<void> {}

  get heldBytes(): number {
    return this.#entryBytes + this.#requestBytes;
  }

  get #entryBytes(): number {
    let bytes = 0;
    for (const chain of this.#chains.values()) bytes += chain.bytes;
    return bytes;
  }

  /** By a tenth at a time, so that a full chain is not moved for every entry; of the longest where all together are too long. */
  #keepToBounds(siteId: SiteId, chain: Chain): void {
    const { entriesASite, entryBytes } = this.#limits;
    if (chain.entries.length > entriesASite) this.#letGo(siteId, chain, entriesASite / 10);
    while (this.#entryBytes > entryBytes) {
      let [longestId, longest] = [siteId, chain];
      for (const [id, each] of this.#chains) if (each.bytes > longest.bytes) [longestId, longest] = [id, each];
      // The newest one stays whatever it takes: it was answered a moment ago.
      if (longest.entries.length < 2) return;
      this.#letGo(longestId, longest, Math.ceil((longest.entries.length - 1) / 10));
    }
  }

  #letGo(siteId: SiteId, chain: Chain, count: number): number {
    const gone = chain.entries.splice(0, Math.max(0, count));
    for (const entry of gone) chain.bytes -= bytesOfEntry(entry);
    const last = gone.at(-1);
    if (last !== undefined) this.#checkpoints.set(siteId, { siteId, number: last.number, hash: last.hash });
    return gone.length;
  }

  #keepRequest(key: RequestKey, request: KeptRequest): void {
    const name = nameOf(key);
    this.#dropRequest(name);
    this.#requests.set(name, request);
    this.#requestBytes += bytesOfRequest(name, request);
    const { requests, requestBytes } = this.#limits;
    for (const [oldest, { isRunning }] of this.#requests) {
      if (this.#requests.size <= requests && this.#requestBytes <= requestBytes) return;
      // One that is under way is not begun a second time, and what was ended just now is told.
      if (!isRunning && oldest !== name) this.#dropRequest(oldest);
    }
  }

  #dropRequest(name: string): void {
    const known = this.#requests.get(name);
    if (known === undefined) return;
    this.#requestBytes -= bytesOfRequest(name, known);
    this.#requests.delete(name);
  }
}

function bytesOfEntry({ body }: RecordEntry): number {
  return entryCost.overheadBytes + entryCost.bytesOfCharacter * body.length;
}

function bytesOfRequest(name: string, { result }: KeptRequest): number {
  return requestCost.overheadBytes + requestCost.bytesOfCharacter * (name.length + (result?.length ?? 0));
}

function nameOf({ caller, callerRequestId }: RequestKey): string {
  return JSON.stringify([caller, callerRequestId]);
}

function dropOldest(kept: Map<string, unknown>, most: number): void {
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}

function headOf({ attempt, result }: RecordedChange): RecordEntry {
  const head = attempt ?? result;
  if (head === null) throw new Error("A change without an entry.");
  return head;
}

function fits(entry: RecordEntry, filter: ChangeFilter): boolean {
  const atMs = Date.parse(entry.time);
  return (
    (filter.actions?.includes(entry.action) ?? true) &&
    (filter.callerRequestId === null || entry.callerRequestId === filter.callerRequestId) &&
    (filter.changeIds?.includes(entry.changeId) ?? true) &&
    (filter.linked === null || entry[filter.linked.by] === filter.linked.changeId) &&
    (filter.subject === null || names(entry.subject, filter.subject)) &&
    (filter.sinceMs === null || atMs >= filter.sinceMs) &&
    (filter.untilMs === null || atMs < filter.untilMs)
  );
}

function names(value: unknown, subject: SubjectFilter): boolean {
  if (value === null || typeof value !== "object") return false;
  return Object.entries(value).some(
    ([key, part]) => (key === subject.key && part === subject.id) || names(part, subject),
  );
}

function positionOf(change: RecordedChange): ChangePosition {
  const { time, siteId, number } = headOf(change);
  return { time, siteId, number };
}

function comparePositions(left: ChangePosition, right: ChangePosition): number {
  return compareText(left.time, right.time) || compareText(left.siteId, right.siteId) || left.number - right.number;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
