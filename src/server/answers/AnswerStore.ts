import { LRUCache } from "lru-cache";
import type { Encoding, KeptForms } from "./encoding.js";
import { answerLimits } from "./limits.js";
import { SeenKeys } from "./SeenKeys.js";

/** What tells of an answer whether the same would be answered now. Once it says no it never says yes again. */
export interface AnswerStanding {
  /** Of how many parts the answer is made. */
  readonly size: number;
  /** The moment from which on it does not, whatever happens, where that is known. */
  readonly freshUntilMs?: number;
  isStanding(nowMs: number): boolean;
}

/** Where answers are remembered, and what tells how long each holds. */
export interface Answers<Context, Request> {
  readonly store: AnswerStore;
  /**
   * False for a request that wants more than its answer, or would have something looked after before it is answered: then it is
   * answered anew, and that is not remembered.
   */
  mayRepeat(request: Request): boolean;
  /** What the answer stands on that was made with a context; `null` where nothing can tell, or it holds no more. */
  standingOf(context: Context): AnswerStanding | null;
}

interface AnswerStoreOptions {
  /** Upper bound of what is held, in bytes; 0 remembers nothing. */
  readonly maxBytes: number;
  readonly now: () => number;
}

/** What goes out again: bytes, or a text where that is short. */
export type Remembered = Buffer | string;

interface Held {
  readonly bytes: Remembered;
  readonly standing: AnswerStanding;
  readonly size: number;
  /** The same, encoded: made when the first client comes that likes it so. */
  readonly forms: Partial<Record<Encoding, Buffer>>;
}

/**
 * Answers as bytes, by the key of what was asked. One is given again as long as nothing that it was made from has changed or
 * is no longer fresh, and is remembered when the same is asked for the second time: what is asked once costs a hash.
 */
export class AnswerStore implements KeptForms {
  readonly #options: AnswerStoreOptions;
  readonly #held: LRUCache<string, Held> | null;
  readonly #keys = new WeakMap<Buffer, string>();
  readonly #seen = new SeenKeys(answerLimits.keysSeen);
  #given = 0;
  #ended = 0;

  constructor(options: AnswerStoreOptions) {
    this.#options = options;
    this.#held = options.maxBytes > 0 ? new LRUCache({ maxSize: options.maxBytes }) : null;
  }

  /** True where it remembers nothing. */
  get isOff(): boolean {
    return this.#held === null;
  }

  get nowMs(): number {
    return this.#options.now();
  }

  /** The answer to what was asked before, where the same would be answered now. */
  find(key: string): Remembered | undefined {
    const held = this.#held?.get(key);
    if (held === undefined) return undefined;
    if (held.standing.isStanding(this.nowMs)) {
      this.#given += 1;
      return held.bytes;
    }
    this.#held?.delete(key);
    this.#ended += 1;
    return undefined;
  }

  /** For how many whole seconds a remembered answer may be kept elsewhere; 0 where nobody can tell. */
  secondsLeftOf(key: string): number {
    const { freshUntilMs = this.nowMs } = this.#held?.peek(key)?.standing ?? {};
    return Math.min(answerLimits.mostSecondsElsewhere, Math.max(0, Math.floor((freshUntilMs - this.nowMs) / 1_000)));
  }

  /** Notes that something is asked, and tells whether it was lately: then its answer is worth remembering. */
  isAskedAgain(key: string): boolean {
    return this.#held !== null && this.#seen.note(key);
  }

  remember(key: string, bytes: Remembered, standing: AnswerStanding): void {
    const { overheadBytes, bytesPerPart } = answerLimits;
    const size = overheadBytes + 2 * key.length + Buffer.byteLength(bytes) + bytesPerPart * standing.size;
    this.#held?.set(key, { bytes, standing, size, forms: {} }, { size });
    if (typeof bytes !== "string") this.#keys.set(bytes, key);
  }

  keepsForms(bytes: Buffer): boolean {
    return this.#heldOf(bytes) !== undefined;
  }

  /** An answer in the form that its client likes, where it was made already. */
  findForm(bytes: Buffer, encoding: Encoding): Buffer | undefined {
    return this.#heldOf(bytes)?.forms[encoding];
  }

  keepForm(bytes: Buffer, encoding: Encoding, form: Buffer): void {
    const key = this.#keys.get(bytes);
    const held = this.#heldOf(bytes);
    if (key === undefined || held === undefined) return;
    const size = held.size + form.length;
    if (size > this.#options.maxBytes) return;
    this.#held?.set(key, { ...held, size, forms: { ...held.forms, [encoding]: form } }, { size });
  }

  #heldOf(bytes: Buffer): Held | undefined {
    const held = this.#held?.peek(this.#keys.get(bytes) ?? "");
    return held?.bytes === bytes ? held : undefined;
  }

  /** Counters since the start, for metrics and tests: `given` answers came from here, `ended` ones were found and held no more. */
  counters(): { entries: number; bytes: number; given: number; ended: number } {
    return {
      entries: this.#held?.size ?? 0,
      bytes: this.#held?.calculatedSize ?? 0,
      given: this.#given,
      ended: this.#ended,
    };
  }
}
