import { createHash } from "node:crypto";
import { redact } from "../observability/redact.js";
import type { ChainPlace, Provenance, RecordDraft, RecordEntry } from "./ChangeRecord.js";

/** What stands in place of a hash before the first entry of a chain. */
export const genesis = "genesis";

/**
 * An entry as text, with the order of its keys settled, so that the same entry always has the same hash. What callers and
 * upstreams worded themselves is freed of secrets before that, so that every copy of the entry has the hash of what it says.
 */
export function bodyOf(draft: RecordDraft, provenance: Provenance, time: string): string {
  const { earlier: _, ...told } = provenance;
  return canonicalJson({
    ...{ time, ...draft, ...told },
    ...{ plan: draft.plan.map(redact), fault: draft.fault && redact(draft.fault) },
    ...{ reason: told.reason && redact(told.reason), requestedBy: told.requestedBy && redact(told.requestedBy) },
  });
}

/** The hash of an entry: of its number, the hash before it, and what it says. */
export function hashOf(previous: string, number: number, body: string): string {
  return createHash("sha256").update(`${previous}\n${number}\n${body}`).digest("hex");
}

/** An entry from what is kept of it. */
export function entryOf(kept: Pick<RecordEntry, "number" | "previous" | "hash" | "body">): RecordEntry {
  return { ...(JSON.parse(kept.body) as RecordDraft & Provenance & { time: string }), ...kept };
}

/** What is wrong with a chain. */
export interface ChainFault {
  readonly kind: "MISSING" | "CHANGED" | "REORDERED";
  /** The number of the entry at fault, or of the first that is missing. */
  readonly number: number;
  /** For a person. */
  readonly message: string;
}

export interface ChainLink {
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
  head: ChainPlace,
  links: readonly ChainLink[],
  /** False where what an entry said is not at hand whole: then its place in the chain is checked alone. */
  { isTextKnown = true }: { readonly isTextKnown?: boolean } = {},
): { readonly head: ChainPlace; readonly faults: readonly ChainFault[] } {
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
