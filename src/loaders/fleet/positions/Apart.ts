import type { Clock } from "../../../domain/Clock.js";
import type { ToldAbroad } from "../../engine/ChangeEvents.js";
import type { News, Stretch, Unheard } from "./News.js";

interface ApartOptions {
  readonly clock: Clock;
  /** The last change of a process that is known without what callers bring. */
  lastTicketOf(processId: string): number;
  /** Whether all is taken in that the process had which tells the news. */
  hasTaken(news: News): boolean;
  hear(change: Unheard): void;
  /** It stands in the stream now, or nobody waits for that any more. */
  drop(change: Unheard): void;
}

/** For so long a change is waited for that a caller brought: its process may be gone with it. */
const keptMs = 60_000;

interface Brought {
  first: number;
  last: number;
  untilMs: number;
  readonly changes: Map<number, ToldAbroad>;
}

/**
 * The changes of other processes that callers brought with their positions, while nothing could be heard of those processes. No more of
 * each than it keeps itself until it can tell them.
 */
export class Apart {
  readonly #options: ApartOptions;
  readonly #brought = new Map<string, Brought>();

  constructor(options: ApartOptions) {
    this.#options = options;
  }

  /** Takes in what is told. Answers whether this process is now where the one was that tells it. */
  takeIn(news: News): boolean {
    if (!this.#options.hasTaken(news)) return false;
    const isWhole = (stretch: Stretch) => this.#takeIn(stretch, news.changes);
    // Each, also where one is short.
    return news.stretches.map(isWhole).every(Boolean);
  }

  /** The stream has told of a change, and with it of all of that process before it. */
  settle(processId: string, ticket: number): void {
    const brought = this.#brought.get(processId);
    if (brought === undefined) return;
    for (const [each, told] of brought.changes) {
      if (each > ticket) continue;
      brought.changes.delete(each);
      this.#options.drop({ processId, ticket: each, told });
    }
    if (brought.last <= ticket) this.#brought.delete(processId);
    else brought.first = Math.max(brought.first, ticket + 1);
  }

  /** Waits no longer for the stream to tell of what is gone with its process. */
  expire(): void {
    const nowMs = this.#options.clock.now();
    for (const [processId, { untilMs, last }] of this.#brought) if (untilMs <= nowMs) this.settle(processId, last);
  }

  /** What was brought and does not stand in the stream yet. */
  get open(): Pick<News, "stretches" | "changes"> {
    const all = [...this.#brought];
    return {
      stretches: all.map(([processId, { first, last }]) => ({ processId, first, last })),
      changes: all.flatMap(([processId, { changes }]) =>
        [...changes].map(([ticket, told]) => ({ processId, ticket, told })),
      ),
    };
  }

  #lastOf({ processId, first }: Stretch): number {
    const brought = this.#brought.get(processId)?.last ?? 0;
    return Math.max(this.#options.lastTicketOf(processId), brought, first - 1);
  }

  #takeIn(stretch: Stretch, changes: readonly Unheard[]): boolean {
    const { processId, first } = stretch;
    let last = this.#lastOf(stretch);
    const known = this.#brought.get(processId);
    const untilMs = this.#options.clock.now() + keptMs;
    if (known !== undefined) known.untilMs = untilMs;
    if (last >= stretch.last) return true;
    const brought = known ?? { first: last + 1, last, untilMs, changes: new Map() };
    if (brought.last < last) Object.assign(brought, { first: Math.max(first, last + 1), last });
    for (const change of changes) {
      if (change.processId !== processId || change.ticket !== last + 1 || change.ticket > stretch.last) continue;
      last += 1;
      brought.changes.set(change.ticket, change.told);
      this.#options.hear(change);
    }
    brought.last = last;
    if (brought.changes.size > 0) this.#brought.set(processId, brought);
    return last >= stretch.last;
  }
}
