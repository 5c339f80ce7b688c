import type { FormattedExecutionResult } from "graphql";
import type { KnownOperation } from "../operations/KnownOperation.js";
import type { Asked } from "../operations/readAsked.js";
import type { RequestFacts } from "../ServerOptions.js";
import type { Answers, Remembered } from "./AnswerStore.js";
import { answerLimits } from "./limits.js";

/** A question whose answer is not remembered yet. */
export interface Question {
  readonly bytes: null;
  readonly key: string;
  readonly askedAtMs: number;
}

/** An answer that is given again. */
interface Repeated {
  readonly bytes: Remembered;
  readonly key: string;
}

/** What was answered, before it is bytes and after. */
interface Answered {
  readonly result: FormattedExecutionResult;
  readonly body: string | Buffer;
}

/**
 * Gives an answer again, as the bytes that went out, where the same operation with the same variables is asked by who may see
 * the same. Only whole answers without an error are remembered, and none in which a time stands that is not before the
 * question: it may be the clock's, and would be another at the next.
 */
export class RepeatedAnswers<Context> {
  readonly #answers: Answers<Context, RequestFacts>;
  #operations = 0;

  constructor(answers: Answers<Context, RequestFacts>) {
    this.#answers = answers;
  }

  /** The answer, or what to remember it by; `null` where it is not to be remembered. */
  find(asked: Asked, request: RequestFacts): Repeated | Question | null {
    const { store } = this.#answers;
    if (asked.isLong || store.isOff || request.isFreshWanted || !this.#answers.mayRepeat(request)) return null;
    const key = this.#keyOf(asked, request.caller.slot);
    if (key === null || key.length > answerLimits.longestKey) return null;
    const found = store.find(key);
    if (found !== undefined) return { bytes: found, key };
    return store.isAskedAgain(key) ? { bytes: null, key, askedAtMs: store.nowMs } : null;
  }

  /** Remembers an answer, where that may be given again, and hands it back as it is remembered; else `null`. */
  take({ key, askedAtMs }: Question, context: Context, { result, body }: Answered): Remembered | null {
    if (result.errors !== undefined || result.extensions !== undefined || tellsTimeSince(body, askedAtMs)) return null;
    const standing = this.#answers.standingOf(context);
    if (standing === null) return null;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    // A short one goes out together with its headers as long as it is a text.
    const remembered = bytes.length < answerLimits.encodedFrom ? body : bytes;
    this.#answers.store.remember(key, remembered, standing);
    return remembered;
  }

  /** For how many seconds what is answered to a question may be kept elsewhere. */
  secondsLeftOf({ key }: Question | Repeated): number {
    return this.#answers.store.secondsLeftOf(key);
  }

  /** Each operation of each document that is kept has a number, so that no document stands in the key. */
  #keyOf({ operation, variables, body }: Asked, slot: string): string | null {
    const number = operation.once(this.#number);
    const make = () => `${number} ${slot} ${JSON.stringify(variables)}`;
    try {
      return body === null ? make() : body.keyFor(number, slot, make);
    } catch (error) {
      // What is nested deeper than this stack can be parsed, but not written.
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  readonly #number = (_operation: KnownOperation): number => {
    this.#operations += 1;
    return this.#operations;
  };
}

const times = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/g;

/** Whether a time stands in an answer that is not before that moment. */
function tellsTimeSince(body: string | Buffer, sinceMs: number): boolean {
  const since = new Date(sinceMs).toISOString();
  // Times have no characters of more than one byte.
  const text = typeof body === "string" ? body : body.toString("latin1");
  for (const [, time = ""] of text.matchAll(times)) if (time >= since) return true;
  return false;
}
