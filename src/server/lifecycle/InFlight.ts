import type { FastifyReply } from "fastify";

/** An answer that is owed, between those that are owed longer and less long. */
interface Owed {
  readonly reply: FastifyReply;
  before: Owed | null;
  after: Owed | null;
}

/**
 * The answers that are still owed, so that a shutdown knows when the last one is out. A chain, for a set of what comes and goes with
 * every request is laid out anew every few requests.
 */
export class InFlight {
  #first: Owed | null = null;
  #last: Owed | null = null;
  #waiting: (() => void)[] = [];
  /** Questions so far; what only looks whether this server is there is none. */
  asked = 0;
  owed = 0;
  /** Requests that have come and are not begun: nobody has looked at them. */
  #held = 0;

  /** A request has come, and waits behind others of its connection. */
  hold(): void {
    this.#held += 1;
  }

  /** So many of those were begun by now, or their client is gone. */
  letGo(count: number): void {
    this.#held -= count;
    this.#tell();
  }

  /** Tells what to do, once, when the answer is out. */
  begin(reply: FastifyReply, isQuestion: boolean): () => void {
    const owed: Owed = { reply, before: this.#last, after: null };
    if (this.#last === null) this.#first = owed;
    else this.#last.after = owed;
    this.#last = owed;
    this.owed += 1;
    if (isQuestion) this.asked += 1;
    return () => this.#end(owed);
  }

  #end(owed: Owed): void {
    const { before, after } = owed;
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    // One that the collector has moved among what lives long would keep the next alive, and that the one behind it, and so all that follow.
    owed.before = null;
    owed.after = null;
    this.owed -= 1;
    this.#tell();
  }

  get #isNone(): boolean {
    return this.owed === 0 && this.#held === 0;
  }

  #tell(): void {
    if (this.#isNone && this.#waiting.length > 0) for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The one that is owed longest first. */
  get replies(): readonly FastifyReply[] {
    const replies: FastifyReply[] = [];
    for (let each = this.#first; each !== null; each = each.after) replies.push(each.reply);
    return replies;
  }

  whenNone(): Promise<void> {
    if (this.#isNone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
