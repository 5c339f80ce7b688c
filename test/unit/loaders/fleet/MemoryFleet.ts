import { Secret } from "../../../../src/config/Secret.js";
import { EngineAway } from "../../../../src/fleet/FleetEngine.js";
import { keysOfText, Sealer } from "../../../../src/fleet/Sealer.js";
import type { Appended, ChangeStream, Heard } from "../../../../src/loaders/fleet/ChangeStream.js";
import type { Follower, Place } from "../../../../src/loaders/fleet/positions/position.js";
import type { ManualClock } from "../../../support/ManualClock.js";

interface Entry extends Place {
  body: Buffer | null;
}

/** What the stream of changes is in an engine, in memory: test/fleet/changeStream.test.ts holds the real one to the same. */
export class MemoryFleet {
  entries: Entry[] = [];
  isForLoss = false;
  readonly #clock: ManualClock;
  readonly #followers = new Map<string, { readonly at: Place; readonly toldMs: number }>();
  readonly #listening = new Map<string, () => void>();
  /** Those whose bell rang while they did not listen. */
  readonly #rung = new Set<string>();
  /** Every entry that there ever was, by its name: what came last, of several. */
  readonly #randomOf = new Map<string, string>();
  #epochs = 0;
  #randoms = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.begin();
  }

  /** As an engine that was emptied; or for something that was lost while others were heard of. */
  begin(isEmptied = true): void {
    this.#epochs += 1;
    this.isForLoss = !isEmptied;
    if (isEmptied) this.#followers.clear();
    this.entries = [];
    this.#put(`epoch${this.#epochs}`, 1, null);
  }

  /** As an engine that fails over to one that has not got the last of it. */
  loseLast(): void {
    this.entries.pop();
  }

  /** Whether something was lost behind which somebody is. */
  lacks({ epoch, n, random }: Place): boolean {
    const { tail } = this;
    return epoch === tail.epoch && (n > tail.n || this.entries.some((each) => each.n === n && each.random !== random));
  }

  get tail(): Place {
    const last = this.entries.at(-1);
    if (last === undefined) throw new Error("A stream has a first entry.");
    return { epoch: last.epoch, n: last.n, random: last.random };
  }

  isLast({ epoch, n, random }: Place): boolean {
    const { tail } = this;
    return epoch === tail.epoch && n === tail.n && random === tail.random;
  }

  add(body: Buffer | null): void {
    const { epoch, n } = this.tail;
    this.#put(epoch, n + 1, body);
    this.ring();
  }

  tell(processId: string, at: Place): void {
    this.#followers.set(processId, { at, toldMs: this.#clock.now() });
  }

  leave(processId: string): void {
    this.#followers.delete(processId);
  }

  get followers(): readonly Follower[] {
    return [...this.#followers].map(([processId, { at, toldMs }]) => ({
      ...{ processId, at },
      agoMs: this.#clock.now() - toldMs,
    }));
  }

  listen(processId: string): Promise<void> {
    if (this.#rung.delete(processId)) return Promise.resolve();
    return new Promise((resolve) => this.#listening.set(processId, resolve));
  }

  ring(processIds: readonly string[] = [...this.#listening.keys()]): void {
    for (const processId of processIds) {
      const listening = this.#listening.get(processId);
      if (listening === undefined) this.#rung.add(processId);
      listening?.();
      this.#listening.delete(processId);
    }
  }

  /** As it stood there. */
  place(epoch: string, n: number): Place {
    return { epoch, n, random: this.#randomOf.get(`${epoch} ${n}`) ?? "none" };
  }

  #put(epoch: string, n: number, body: Buffer | null): void {
    this.#randoms += 1;
    const random = `random${this.#randoms}`;
    this.entries.push({ epoch, n, random, body });
    this.#randomOf.set(`${epoch} ${n}`, random);
  }
}

const sealer = new Sealer(keysOfText([new Secret("a word that all processes know")]));

/** One process's way to it, which a test cuts, or holds as a process is held that does not run. */
export class MemoryStream implements ChangeStream {
  /** Looks that were asked for. */
  looks = 0;
  keepsThings = true;
  #isThere = true;
  #held: (() => void)[] | null = null;
  readonly #fleet: MemoryFleet;
  readonly #listeners = new Set<(isThere: boolean) => void>();

  constructor(
    readonly processId: string,
    fleet: MemoryFleet,
  ) {
    this.#fleet = fleet;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isKept(): Promise<boolean> {
    return Promise.resolve(this.keepsThings);
  }

  key(kind: string, ...parts: readonly string[]): string {
    return sealer.key(kind, parts);
  }

  seal(key: string, plain: Buffer): Buffer {
    return sealer.seal(key, plain);
  }

  open(key: string, sealed: Buffer): Buffer | null {
    return sealer.open(key, sealed);
  }

  turn(isThere: boolean): void {
    this.#isThere = isThere;
    for (const listener of this.#listeners) listener(isThere);
    this.#fleet.ring([this.processId]);
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const go of held) go();
  }

  async follow(at: Place | null, toTell: readonly string[]): Promise<Heard> {
    this.looks += 1;
    await this.#pass();
    if (at !== null && this.#fleet.lacks(at)) this.#fleet.begin(false);
    const { tail, entries } = this.#fleet;
    this.#fleet.tell(this.processId, at ?? { epoch: "-", n: 0, random: "-" });
    this.#fleet.ring(toTell);
    const goesOn =
      at !== null && entries.some(({ epoch, n, random }) => epoch === at.epoch && n === at.n && random === at.random);
    const since = goesOn ? entries.filter(({ n }) => n > at.n).slice(0, 3) : [];
    const first = this.#fleet.isForLoss ? null : (entries.find(({ n }) => n === 1) ?? null);
    return { goesOn, tail, entries: since, followers: this.#fleet.followers, first };
  }

  async append(bodies: readonly Buffer[], after: Place | null): Promise<Appended | null> {
    await this.#pass();
    if (after === null) this.#fleet.begin(false);
    else if (!this.#fleet.isLast(after)) return null;
    const before = this.#fleet.tail.n;
    const randoms = bodies.map((body) => {
      this.#fleet.add(body);
      return this.#fleet.tail.random;
    });
    return { before, last: this.#fleet.tail, randoms, followers: this.#fleet.followers };
  }

  async listen(at: Place | null): Promise<void> {
    await this.#pass();
    if (at !== null && at.epoch === this.#fleet.tail.epoch && at.n >= this.#fleet.tail.n)
      await this.#fleet.listen(this.processId);
    await this.#pass();
  }

  async leave(): Promise<void> {
    this.#fleet.leave(this.processId);
  }

  async #pass(): Promise<void> {
    const held = this.#held;
    if (held !== null) await new Promise<void>((resolve) => held.push(resolve));
    // As what is asked of an engine: never answered at once.
    await new Promise((resolve) => setImmediate(resolve));
    if (!this.#isThere) throw new EngineAway("gone");
  }
}
