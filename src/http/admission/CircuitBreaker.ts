import { SiteError } from "../../domain/SiteError.js";
import type { StopSignal } from "./Stop.js";

/** The one call that finds out whether a site which is down is back. */
interface Probe {
  /** Settles once it is over: with its failure, or `null` where the site answered or nothing was learnt. */
  readonly outcome: Promise<SiteError | null>;
}

/** What a call may do: go, and say afterwards what came of it. */
export interface Turn {
  /** It finds out whether the site is back, and all others wait for what it finds. */
  readonly isProbe: boolean;
  /** The site answered, whatever it said. */
  answered(): void;
  /** The site as a whole may be down: a 5xx, no connection, no answer. */
  failed(error: SiteError): void;
  /** The call is over. Called exactly once, after one of the above or without: nothing was learnt then. */
  end(): void;
}

/**
 * Whether a site is down, as all its calls find out together, so that each list of a request need not find out by itself.
 * It is down once two different calls failed in a row without any answer between, and one of them spent its repetitions.
 * From then on one call at a time goes out, once; those that come meanwhile share its failure, and go when it is answered.
 */
export class CircuitBreaker {
  /** Templates of the calls that failed since the last answer. */
  readonly #failing = new Set<string>();
  readonly #onDown: () => void;
  #isSpent = false;
  #probe: Probe | null = null;

  /** @param onDown called when the site is found to be down: whoever waits for a slot asks for a turn anew. */
  constructor(onDown: () => void) {
    this.#onDown = onDown;
  }

  get isDown(): boolean {
    return this.#isSpent && this.#failing.size > 1;
  }

  /** A call of this template spent its repetitions, or its time, on failures. */
  gaveUp(call: string): void {
    this.#note(() => {
      this.#failing.add(call);
      this.#isSpent = true;
    });
  }

  /**
   * At once, or resolves when the call may go. Rejects with a failure of the same kind where another call has just found the site
   * down, and with the signal's reason when that is aborted first.
   */
  turn(call: string, signal: StopSignal): Turn | Promise<Turn> {
    return this.isDown ? this.#turnWhenProbed(call, signal) : this.#open(false, () => undefined);
  }

  async #turnWhenProbed(call: string, signal: StopSignal): Promise<Turn> {
    while (this.isDown && this.#probe !== null) {
      const error = await outcomeOf(this.#probe, signal);
      if (error !== null) throw shared(call, error);
    }
    if (!this.isDown) return this.#open(false, () => undefined);
    let settle: (error: SiteError | null) => void = () => undefined;
    const probe: Probe = {
      outcome: new Promise((resolve) => {
        settle = resolve;
      }),
    };
    this.#probe = probe;
    return this.#open(true, (error) => {
      this.#probe = null;
      settle(error);
    });
  }

  #open(isProbe: boolean, over: (error: SiteError | null) => void): Turn {
    let failure: SiteError | null = null;
    return {
      isProbe,
      answered: () => {
        this.#failing.clear();
        this.#isSpent = false;
      },
      failed: (error) => {
        failure = error;
        this.#note(() => this.#failing.add(error.call));
      },
      end: () => over(failure),
    };
  }

  #note(change: () => void): void {
    const wasDown = this.isDown;
    change();
    if (this.isDown && !wasDown) this.#onDown();
  }
}

function outcomeOf({ outcome }: Probe, signal: StopSignal): Promise<SiteError | null> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    void outcome.then(resolve).finally(() => signal.removeEventListener("abort", stop));
  });
}

function shared(call: string, { kind, status, retryAfterMs, call: probed }: SiteError): SiteError {
  const found = status === null ? "no answer" : `the answer ${status}`;
  const message = `${call} was not sent: the site is down. ${probed} got ${found} just now, as did what was asked before it. Ask again later.`;
  return new SiteError(kind, message, { call, status, retryAfterMs });
}
