import type { ToldAbroad } from "../engine/ChangeEvents.js";
import type { Appended, ChangeStream } from "./ChangeStream.js";
import { writeBody } from "./changeBody.js";
import { fleetLimits } from "./limits.js";

interface TellingOptions {
  readonly stream: ChangeStream;
  /** Whether it makes sense to try. */
  isThere(): boolean;
  /** Told of what was added, by the tickets of the first and the last. */
  onAppended(appended: Appended, tickets: { readonly first: number; readonly last: number }): void;
  onFailed(error: unknown): void;
}

interface Untold {
  readonly ticket: number;
  readonly body: Buffer;
}

/**
 * Tells other processes of our own changes, in their order. What cannot be told now is told when the stream is there again, a second
 * time where nobody knows whether it was the first: to forget something twice does no harm.
 */
export class Telling {
  readonly #options: TellingOptions;
  #untold: Untold[] = [];
  #tickets = 0;
  #appended = 0;
  #isTelling = false;
  /** Something was left out: whoever goes on by the stream must not believe that it heard everything. */
  #isCut = false;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** How many changes there were so far: the ticket of the last. */
  get tickets(): number {
    return this.#tickets;
  }

  /** Up to which ticket they stand in the stream. */
  get appended(): number {
    return this.#appended;
  }

  get backlog(): number {
    return this.#untold.length;
  }

  /** Answers the ticket of the change. */
  tell(told: ToldAbroad): number {
    this.#tickets += 1;
    const ticket = this.#tickets;
    this.#untold.push({ ticket, body: writeBody({ processId: this.#options.stream.processId, ticket, told }) });
    if (this.#untold.length > fleetLimits.mostUntold) {
      this.#untold.shift();
      this.#isCut = true;
    }
    this.go();
    return ticket;
  }

  /** Goes on telling, where something is left. */
  go(): void {
    if (!this.#isTelling && this.#untold.length > 0 && this.#options.isThere()) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    try {
      while (this.#untold.length > 0 && this.#options.isThere()) await this.#tellSome();
    } catch (error) {
      this.#options.onFailed(error);
    } finally {
      this.#isTelling = false;
    }
  }

  async #tellSome(): Promise<void> {
    const some = this.#untold.slice(0, fleetLimits.toldAtOnce);
    const isAnew = this.#isCut;
    const appended = await this.#options.stream.append(
      some.map(({ body }) => body),
      isAnew,
    );
    // More may have been left out meanwhile, some of these too.
    const last = some.at(-1)?.ticket ?? 0;
    if (isAnew && (this.#untold[0]?.ticket ?? 0) <= (some[0]?.ticket ?? 0)) this.#isCut = false;
    this.#untold = this.#untold.filter(({ ticket }) => ticket > last);
    this.#appended = last;
    this.#options.onAppended(appended, { first: some[0]?.ticket ?? last, last });
  }
}
