import type { PartShelf, ShelfTurn, ShelvedPart } from "../../../src/crawl/shared/PartShelf.js";
import type { Clock } from "../../../src/domain/Clock.js";
import { EngineAway } from "../../../src/fleet/FleetEngine.js";

/** Parts that one turn tells: few, so that every test turns pages. */
const partsATurn = 7;
const leaseMs = 3_000;

/** The shelf of one site in the memory of a test, for as many processes as it likes. */
export class MemoryShelves {
  readonly #clock: Clock;
  readonly #parts = new Map<string, { readonly seq: number; readonly text: string }>();
  #lease: { readonly holder: string; readonly untilMs: number } | null = null;
  #seq = 0;
  #lives = 0;
  #life: string | null = null;
  #fence = 0;
  #voids = 0;
  #upTo: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get holder(): string | null {
    return this.#lease !== null && this.#lease.untilMs > this.#clock.now() ? this.#lease.holder : null;
  }

  get upTo(): string | null {
    return this.#upTo;
  }

  get size(): number {
    return this.#parts.size;
  }

  /** As after a restart without a disk. */
  empty(): void {
    this.#clear();
    this.#lease = null;
    this.#life = null;
    this.#fence = 0;
    this.#voids = 0;
  }

  join(processId: string): MemoryShelf {
    return new MemoryShelf(processId, this);
  }

  turn(processId: string, { wantsLease, life, since, fence }: Parameters<PartShelf["turn"]>[0]): ShelfTurn {
    const { holder } = this;
    const isOurs = holder === processId || (holder === null && wantsLease);
    if (isOurs) {
      if (holder === null) this.#fence += 1;
      this.#keep(processId);
      this.#life ??= this.#nextLife();
    }
    const known = isOurs && fence === this.#fence ? this.#seq : since;
    const from = this.#life === life ? known : 0;
    const beyond = [...this.#parts]
      .filter(([, { seq }]) => seq > from)
      .sort(([, one], [, other]) => one.seq - other.seq);
    const told = beyond.slice(0, partsATurn);
    return {
      ...{ isOurs, fence: this.#fence, life: this.#life, voids: this.#voids, upTo: this.#upTo },
      parts: told.map(([name, { text }]) => ({ name, read: async () => JSON.parse(text) })),
      since: told.at(-1)?.[1].seq ?? from,
      left: beyond.length - told.length,
    };
  }

  write(processId: string, fence: number, parts: readonly ShelvedPart[], upTo: string | null): boolean {
    if (this.holder !== processId || this.#fence !== fence) return false;
    for (const { name, value } of parts) {
      this.#seq += 1;
      this.#parts.set(name, { seq: this.#seq, text: JSON.stringify(value) });
    }
    this.#upTo = upTo ?? this.#upTo;
    this.#keep(processId);
    return true;
  }

  clear(processId: string, forAll: boolean): void {
    if (this.holder !== processId) return;
    this.#clear();
    this.#life = this.#nextLife();
    if (forAll) this.#voids += 1;
  }

  leave(processId: string): void {
    if (this.holder === processId) this.#lease = null;
  }

  #keep(holder: string): void {
    this.#lease = { holder, untilMs: this.#clock.now() + leaseMs };
  }

  #clear(): void {
    this.#parts.clear();
    this.#seq = 0;
    this.#upTo = null;
  }

  #nextLife(): string {
    this.#lives += 1;
    return `life ${this.#lives}`;
  }
}

/** What one process has of it; a test may take it away. */
export class MemoryShelf implements PartShelf {
  readonly processId: string;
  readonly #shelves: MemoryShelves;
  readonly #listeners = new Set<(isThere: boolean) => void>();
  #isThere = true;
  /** Parts that were written, by name. */
  readonly written: string[] = [];
  refused = 0;
  #going: Promise<void> | null = null;
  goOn: () => void = () => undefined;
  whenAsked: () => void = () => undefined;

  constructor(processId: string, shelves: MemoryShelves) {
    this.processId = processId;
    this.#shelves = shelves;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  /** As where the process stands still: what it was about to do it does when it goes on. */
  stop(): void {
    this.#going = new Promise((resolve) => {
      this.goOn = () => {
        this.#going = null;
        resolve();
      };
    });
  }

  set isThere(isThere: boolean) {
    this.#isThere = isThere;
    for (const listener of [...this.#listeners]) listener(isThere);
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async turn(asked: Parameters<PartShelf["turn"]>[0]): Promise<ShelfTurn> {
    this.whenAsked();
    const turn = this.#there().turn(this.processId, asked);
    await this.#going;
    return turn;
  }

  async write(fence: number, parts: readonly ShelvedPart[], upTo: string | null): Promise<boolean> {
    const isWritten = this.#there().write(this.processId, fence, parts, upTo);
    if (isWritten) this.written.push(...parts.map(({ name }) => name));
    else this.refused += 1;
    return isWritten;
  }

  async clear(forAll: boolean): Promise<void> {
    this.#there().clear(this.processId, forAll);
  }

  async leave(): Promise<void> {
    this.#there().leave(this.processId);
  }

  #there(): MemoryShelves {
    if (!this.#isThere) throw new EngineAway("the test took it away");
    return this.#shelves;
  }
}
