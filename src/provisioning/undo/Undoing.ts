import type { ChangeFault } from "../../domain/Change.js";
import type { Provenance, RecordedChange } from "../../record/ChangeRecord.js";
import type { CarriedOut } from "../aftermath.js";
import type { AskedChange } from "../Change.js";
import type { Provisioner } from "../Provisioner.js";
import type { ChangeResult } from "../reconcile/Task.js";

/** With what a change is taken back. */
export interface Undoing {
  readonly provisioner: Provisioner;
  /** Names the change that is taken back: `undoes`. */
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** How many of so many further changes the request may still ask for. */
  take(wanted: number): number;
  /** The changes on record that took another back, or came with it; the newest first. */
  linked(by: "undoes" | "partOf", changeId: string): Promise<readonly RecordedChange[]>;
}

/** What became of taking a change back: of the inverse, and of the changes that it is made of where it is more than one. */
export interface Undone {
  readonly result: ChangeResult;
  readonly changes: readonly UndonePart[];
}

export interface UndonePart extends Pick<CarriedOut, "result" | "otherRoleId"> {
  /** `null` where it is about what is still to be made. */
  readonly change: AskedChange | null;
}

export function partOf({ change, result, otherRoleId }: CarriedOut): UndonePart {
  return { change, result, otherRoleId };
}

/** Where not all of it fits into the request. What is done is not done again, so that a repeat goes on. */
export function cutFault(now: number, all: number): ChangeFault | null {
  if (now >= all) return null;
  const message = `Taking it back takes ${all} changes more, and ${now} of them fit into this request. Repeat it for the rest.`;
  return { code: "TOO_MANY_CHANGES", field: [], message };
}

/** What the parts that failed are told as, together. */
export function partFault(parts: readonly Pick<UndonePart, "result">[]): ChangeFault | null {
  const faults = parts.flatMap(({ result }) => result.fault ?? []);
  const [first] = faults;
  if (first === undefined) return null;
  const message = `${faults.length} of ${parts.length} changes were not carried out, see \`changes\`. The first: ${first.message}`;
  return { ...first, message };
}

export function refused(code: ChangeFault["code"], message: string): Undone {
  const fault: ChangeFault = { code, field: [], message };
  return { result: { outcome: "FAILED", fault, plan: [], changeId: null }, changes: [] };
}
