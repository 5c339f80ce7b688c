import type { ToldAbroad } from "../engine/ChangeEvents.js";
import type { Appended, ChangeStream } from "./ChangeStream.js";
import { type Resumption, writeBody, writeResumption } from "./changeBody.js";
import { fleetLimits } from "./limits.js";
import type { Place } from "./positions/position.js";
import type { ToldLately } from "./ToldLately.js";

interface TellingOptions {
  readonly stream: ChangeStream;
  readonly lately: ToldLately;
  /** How far this process follows the stream; `null` where it makes no sense to try. */
  place(): Place | null;
  /** Told of what was added, by the tickets of the first and the last. */
  onAppended(appended: Appended, tickets: { readonly first: number; readonly last: number }): void;
  onFailed(error: unknown): void;
  /** Told where something has come since, or another epoch: that has to be heard before anything is told behind it. */
  onBehind(): void;
}

interface Untold {
  readonly ticket: number;
  readonly told: ToldAbroad;
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
  #resumption: Resumption | null = null;

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

  /** The changes that do not stand in the stream yet, as far as they are kept, the oldest first. */
  get untold(): readonly { readonly ticket: number; readonly told: ToldAbroad }[] {
    return this.#untold;
  }

  /** Whether some are missing among them: there were too many. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get backlog(): number {
    return this.#untold.length;
  }

  /** Answers the ticket of the change. */
  tell(told: ToldAbroad): number {
    this.#tickets += 1;
    const ticket = this.#tickets;
    this.#untold.push({ ticket, told, body: writeBody({ processId: this.#options.stream.processId, ticket, told }) });
    if (this.#untold.length > fleetLimits.mostUntold) {
      this.#untold.shift();
      this.#isCut = true;
    }
    this.go();
    return ticket;
  }

  /** An epoch is lost: what is to be told of it, once everything is told that was not. */
  resume(resumption: Resumption): void {
    this.#resumption = resumption;
  }

  /** Goes on telling, where something is left. */
  go(): void {
    if (!this.#isTelling && this.#isLeft) void this.#tellAll();
  }

  get #isLeft(): boolean {
    return (this.#untold.length > 0 || this.#resumption !== null) && this.#options.place() !== null;
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    try {
      while (this.#isLeft) {
        const isTold = this.#untold.length > 0 ? await this.#tellSome() : await this.#tellResumption();
        if (isTold) continue;
        this.#options.onBehind();
        return;
      }
    } catch (error) {
      this.#options.onFailed(error);
    } finally {
      this.#isTelling = false;
    }
  }

  async #tellResumption(): Promise<boolean> {
    const resumption = this.#resumption;
    const place = this.#options.place();
    if (resumption === null || place === null) return true;
    const appended = await this.#options.stream.append([writeResumption(resumption)], place);
    if (appended === null) return false;
    if (this.#resumption === resumption) this.#resumption = null;
    return true;
  }

  async #tellSome(): Promise<boolean> {
    const some = this.#untold.slice(0, fleetLimits.toldAtOnce);
    const isAnew = this.#isCut;
    const place = this.#options.place();
    if (place === null) return true;
    const appended = await this.#options.stream.append(
      some.map(({ body }) => body),
      isAnew ? null : place,
    );
    if (appended === null) return false;
    const { before, last: end } = appended;
    for (const [index, { told }] of some.entries())
      this.#options.lately.note({ epoch: end.epoch, n: before + 1 + index }, told);
    // More may have been left out meanwhile, some of these too.
    const last = some.at(-1)?.ticket ?? 0;
    if (isAnew && (this.#untold[0]?.ticket ?? 0) <= (some[0]?.ticket ?? 0)) this.#isCut = false;
    this.#untold = this.#untold.filter(({ ticket }) => ticket > last);
    this.#appended = last;
    this.#options.onAppended(appended, { first: some[0]?.ticket ?? last, last });
    return true;
  }
}
