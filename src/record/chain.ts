import { createHash } from "node:crypto";
import { redact } from "../observability/redact.js";
import type { ChainPosition, Provenance, RecordDraft, RecordEntry, RecordedPolicy } from "./ChangeRecord.js";

/** What stands in place of a hash before the first entry of a chain. */
export const genesis = "genesis";

/**
 * An entry as text, with the order of its keys settled, so that the same entry always has the same hash. What callers and
 * upstreams worded themselves is freed of secrets before that, so that every copy of the entry has the hash of what it says.
 */
export function bodyOf(draft: RecordDraft, provenance: Provenance, time: string): string {
  const { earlier: _, mandate: __, plans: ___, ...told } = provenance;
  return canonicalJson({
    ...{ time, ...draft, ...told },
    ...{ plan: draft.plan.map(redact), fault: draft.fault && redact(draft.fault) },
    ...(told.policy === undefined ? {} : { policy: redactedPolicy(told.policy) }),
    ...{ reason: told.reason && redact(told.reason), requestedBy: told.requestedBy && redact(told.requestedBy) },
  });
}

function redactedPolicy({ decision, reason }: RecordedPolicy): RecordedPolicy {
  return { decision, reason: reason && redact(reason) };
}

/** The hash of an entry: of its number, the hash before it, and what it says. */
export function hashOf(previous: string, number: number, body: string): string {
  return createHash("sha256").update(`${previous}\n${number}\n${body}`).digest("hex");
}

/** An entry from what is kept of it. */
export function entryOf(kept: Pick<RecordEntry, "number" | "previous" | "hash" | "body">): RecordEntry {
  // Spread into a new object each would have a shape of its own, and take twice the memory (Node 20.20, 2026-11-30).
  return Object.assign(JSON.parse(kept.body) as RecordDraft & Provenance & { time: string }, kept);
}

/** What is wrong with a chain. */
interface ChainFault {
  readonly kind: "MISSING" | "CHANGED" | "REORDERED";
  /** The number of the entry at fault, or of the first that is missing. */
  readonly number: number;
  /** For a person. */
  readonly message: string;
}

interface ChainLink {
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
  readonly body: string;
}

/**
 * Checks the links that follow a head, in the order given, and says where the chain stands then. A link that is missing,
 * changed or out of its order is told once; checking goes on from it, so that one fault does not hide the next.
 */
export function verifyChain(
  head: ChainPosition,
  links: readonly ChainLink[],
  /** False where what an entry said is not at hand whole: then its position in the chain is checked alone. */
  { isTextKnown = true }: { readonly isTextKnown?: boolean } = {},
): { readonly head: ChainPosition; readonly faults: readonly ChainFault[] } {
  const faults: ChainFault[] = [];
  let { number, hash } = head;
  for (const link of links) {
    if (link.number <= number) {
      faults.push(fault("REORDERED", link.number, `Entry ${link.number} stands after entry ${number}.`));
      continue;
    }
    if (link.number > number + 1) {
      const last = link.number - 1;
      const which = last === number + 1 ? `Entry ${last} is` : `Entries ${number + 1} to ${last} are`;
      faults.push(fault("MISSING", number + 1, `${which} missing.`));
    } else if (link.previous !== hash) {
      faults.push(
        fault("CHANGED", link.number, `Entry ${link.number} does not follow the entry before it as that now reads.`),
      );
    }
    if (isTextKnown && hashOf(link.previous, link.number, link.body) !== link.hash) {
      faults.push(fault("CHANGED", link.number, `Entry ${link.number} does not say what it said when it was written.`));
    }
    ({ number, hash } = link);
  }
  return { head: { number, hash }, faults };
}

function fault(kind: ChainFault["kind"], number: number, message: string): ChainFault {
  return { kind, number, message };
}

/** JSON whose objects list their keys in one order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
      : part,
  );
}

/** Where a site's chain begins or ends, by who wrote a copy of the record. */
interface PositionLine extends ChainPosition {
  readonly kind: "checkpoint" | "head";
  readonly siteId: string;
}

/** A position in a chain as a line of a copy: where it begins after older entries were let go, and where it ended when copied. */
export function positionLine(kind: PositionLine["kind"], siteId: string, { number, hash }: ChainPosition): string {
  return `${JSON.stringify({ kind, siteId, number, hash })}\n`;
}

/** What is told of one site's chain. */
interface ChainReport {
  readonly siteId: string;
  readonly entries: number;
  /** The newest entry; `null` where there is none. */
  readonly head: ChainPosition | null;
  readonly faults: readonly ChainFault[];
  /** What is no fault, but what a reader should know. */
  readonly notes: readonly string[];
}

interface ChainOfLines {
  head: ChainPosition | null;
  entries: number;
  /** The position that somebody kept, once the chain came by it. */
  passed: ChainPosition | null;
  readonly faults: ChainFault[];
  readonly notes: string[];
}

/**
 * Verifies lines of the record, of one file or of several one after the other: each site's chain by itself. A chain that
 * begins in the middle, because older files are not there, and one that begins anew, because the record was in memory, are
 * told and are no faults.
 */
export class LineVerifier {
  readonly #chains = new Map<string, ChainOfLines>();
  readonly #notes: string[] = [];
  readonly #kept: ReadonlyMap<string, ChainPosition>;
  #lines = 0;

  /** `kept`: an entry of a site's chain that somebody noted earlier, by site id. */
  constructor(kept: ReadonlyMap<string, ChainPosition> = new Map()) {
    this.#kept = kept;
    for (const siteId of kept.keys()) this.#chainOf(siteId);
  }

  take(text: string): void {
    this.#lines += 1;
    if (text.trim() === "") return;
    const line = readLine(text);
    if (line === null) {
      this.#notes.push(`Line ${this.#lines} is torn, or is no entry of a record.`);
      return;
    }
    const chain = this.#chainOf(line.siteId);
    if (line.kind === "entry") this.#takeEntry(chain, line);
    else if (line.kind === "head") chain.faults.push(...compareHead(chain.head, line));
    else chain.head ??= { number: line.number, hash: line.hash };
  }

  /** What was found, and what is told of lines that belong to no chain. */
  finish(): { readonly chains: readonly ChainReport[]; readonly notes: readonly string[] } {
    const chains = [...this.#chains].map(([siteId, { passed, ...chain }]) => {
      const kept = this.#kept.get(siteId);
      const missing = kept === undefined ? [] : compareHead(passed ?? chain.head, kept);
      return { siteId, ...chain, faults: [...chain.faults, ...missing] };
    });
    return { chains, notes: this.#notes };
  }

  #chainOf(siteId: string): ChainOfLines {
    const chain = this.#chains.get(siteId) ?? { head: null, entries: 0, passed: null, faults: [], notes: [] };
    this.#chains.set(siteId, chain);
    return chain;
  }

  #takeEntry(chain: ChainOfLines, { siteId, link, isStruckOut }: EntryLine): void {
    chain.entries += 1;
    if (chain.head === null) {
      chain.head = { number: link.number - 1, hash: link.previous };
      if (link.number > 1) chain.notes.push(`It begins with entry ${link.number}: what came before is not here.`);
    } else if (link.number === 1 && link.previous === genesis) {
      const restart = `Line ${this.#lines} begins it anew, after entry ${chain.head.number}: the record was in memory.`;
      chain.notes.push(restart);
      chain.head = { number: 0, hash: genesis };
    }
    if (isStruckOut) {
      const hidden = `Entry ${link.number} has something struck out that looks like a secret: only the server can show what it says.`;
      chain.notes.push(hidden);
    }
    const { head, faults } = verifyChain(chain.head, [link], { isTextKnown: !isStruckOut });
    chain.head = head;
    chain.faults.push(...faults);
    if (link.number === this.#kept.get(siteId)?.number) chain.passed = link;
  }
}

/** What is wrong where a chain should reach a position that was kept apart from it. */
function compareHead(head: ChainPosition | null, expected: ChainPosition): ChainFault[] {
  const reached = head?.number ?? 0;
  if (reached < expected.number) {
    const isOne = reached + 1 === expected.number;
    const which = isOne ? `Entry ${expected.number} is` : `Entries ${reached + 1} to ${expected.number} are`;
    const message = `${which} missing at the end.`;
    return [{ kind: "MISSING", number: reached + 1, message }];
  }
  if (reached > expected.number) {
    const message = `Entry ${expected.number}, which somebody noted, is not here; it begins later.`;
    return [{ kind: "MISSING", number: expected.number, message }];
  }
  if (head?.hash === expected.hash) return [];
  const message = `Entry ${expected.number} is not the one that was there: its hash was ${expected.hash}.`;
  return [{ kind: "CHANGED", number: expected.number, message }];
}

interface EntryLine {
  readonly kind: "entry";
  readonly siteId: string;
  readonly link: ChainLink;
  readonly isStruckOut: boolean;
}

/** A line as an entry or a position; `null` for what is neither, such as one that was torn. */
function readLine(text: string): EntryLine | PositionLine | null {
  const parsed = parse(text);
  if (parsed === null) return null;
  const { number, hash, previous, isStruckOut, ...facts } = parsed;
  const { siteId, kind } = facts;
  if (typeof number !== "number" || typeof hash !== "string" || typeof siteId !== "string") return null;
  if (kind === "checkpoint" || kind === "head") return { kind, siteId, number, hash };
  if (typeof previous !== "string") return null;
  const link = { number, hash, previous, body: canonicalJson(facts) };
  return { kind: "entry", siteId, link, isStruckOut: isStruckOut === true };
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
