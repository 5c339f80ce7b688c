import { limits } from "../limits.js";
import type { Deployment } from "./Deployment.js";

/** One request as it was answered. */
export interface JournalEntry {
  /** When it arrived, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** The path as sent, with its query. */
  readonly path: string;
  /** Null when the connection was cut instead of answered. */
  readonly status: number | null;
  /** From arrival to answer, latency included. */
  readonly ms: number;
  /** Whose address it was sent to. */
  readonly deployment: Deployment;
}

/** Every request except those to the control routes, in the order of their answers. Bounded: the oldest entries go first. */
export class Journal {
  #entries: JournalEntry[] = [];

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    // Dropping a tenth at a time keeps the cost of an entry constant.
    if (this.#entries.length > limits.journalEntries) this.#entries = this.#entries.slice(limits.journalEntries / 10);
  }

  entries(): readonly JournalEntry[] {
    return [...this.#entries];
  }

  clear(): void {
    this.#entries = [];
  }
}
