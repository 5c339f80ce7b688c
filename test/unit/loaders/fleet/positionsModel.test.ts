import { expect, it } from "vitest";
import type { ChangeEvent, WhatChanged } from "../../../../src/domain/Change.js";
import type { SpaceId } from "../../../../src/domain/ids.js";
import { ManualClock } from "../../../support/ManualClock.js";
import { MemoryFleet } from "./MemoryFleet.js";
import { type Keeping, startKeeping } from "./startKeeping.js";

const spaces = ["1", "2", "3"];
const change = (spaceId: string): WhatChanged => ({ kind: "spaceGrantsChanged", spaceId: spaceId as SpaceId });

/** Numbers that are the same for the same seed. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/** What each process remembers of each space: how often it had been changed when that was read, and when it was read. */
interface Reading {
  readonly version: number;
  readonly atMs: number;
}

class Model {
  readonly clock = new ManualClock();
  readonly fleet = new MemoryFleet(this.clock);
  readonly processes: { readonly keeping: Keeping; readonly memory: Map<string, Reading>; heard: number }[] = [];
  /** What whoever was handed a position knows to have been changed, and by then. */
  readonly tokens: { readonly text: string; readonly known: ReadonlyMap<string, number> }[] = [];
  readonly versions = new Map(spaces.map((id) => [id, 0]));
  readonly held = new Set<string>();
  readonly log: string[] = [];
  remembered = 0;
  fresh = 0;
  readonly #pick: (below: number) => number;

  constructor(seed: number) {
    this.#pick = numbersFrom(seed);
  }

  async start(): Promise<void> {
    const processId = `p${this.processes.length}`;
    const keeping = await startKeeping({ clock: this.clock, fleet: this.fleet, processId });
    this.processes.push({ keeping, memory: new Map(), heard: 0 });
  }

  get #one() {
    const one = this.processes[this.#pick(this.processes.length)];
    if (one === undefined) throw new Error("There is none.");
    return one;
  }

  /** One of the latest. */
  get #token() {
    return this.tokens.at(-1 - this.#pick(Math.max(1, Math.min(3, this.tokens.length))));
  }

  /** Somebody reads at each process that answers at once: so everything is remembered that may be. */
  readEverywhere(): void {
    for (const one of this.processes) if (one.keeping.keeping.footing(undefined) === "remembered") this.read(one, 0);
  }

  /** What it was told to forget is forgotten. */
  forget({ keeping, memory }: Model["processes"][number]): void {
    for (const what of keeping.forgot.splice(0) as (ChangeEvent | "everything")[]) {
      if (what === "everything") memory.clear();
      else if ("spaceId" in what && what.spaceId !== null) memory.delete(what.spaceId);
    }
  }

  /** As a request does: what it is answered with of each space. */
  read(one: Model["processes"][number], notBeforeMs: number): ReadonlyMap<string, number> {
    this.forget(one);
    return new Map(
      spaces.map((id) => {
        const known = one.memory.get(id);
        const reading =
          known !== undefined && known.atMs >= notBeforeMs
            ? known
            : { version: this.versions.get(id) ?? 0, atMs: this.clock.now() };
        one.memory.set(id, reading);
        return [id, reading.version];
      }),
    );
  }

  async change(): Promise<void> {
    const one = this.#one;
    const presented = this.#pick(2) === 0 ? this.#token : undefined;
    const known = new Map(presented?.known);
    const index = this.processes.indexOf(one);
    if (presented !== undefined) {
      const footing = await this.#footing(one, presented.text);
      this.forget(one);
      this.#check(this.read(one, footing), presented.known, `p${index} before its change`);
    }
    const times = this.#pick(4) === 0 ? 70 : 1;
    for (let time = 0; time < times; time += 1) {
      const id = spaces[this.#pick(spaces.length)] ?? "1";
      const version = (this.versions.get(id) ?? 0) + 1;
      this.versions.set(id, version);
      known.set(id, version);
      one.keeping.tell(false, change(id));
    }
    const settled = one.keeping.keeping.settle(presented === undefined ? [] : [presented.text]);
    const text = await this.#wait(settled);
    // Who is handed it presents it later.
    await this.clock.advance(1);
    this.tokens.push({ text, known });
    this.log.push(`p${index} changes ${[...known].join(" ")}: ${text.slice(0, 20)} ${text.length}`);
  }

  async present(): Promise<void> {
    const some = [this.#token, this.#pick(4) === 0 ? this.#token : undefined].filter((each) => each !== undefined);
    const one = this.#one;
    const footings = await Promise.all(some.map(({ text }) => this.#footing(one, text)));
    const notBeforeMs = Math.max(0, ...footings);
    const index = this.processes.indexOf(one);
    this.log.push(`p${index} is asked: ${notBeforeMs} ${some.map(({ text }) => text.slice(0, 12)).join(" ")}`);
    const answered = this.read(one, notBeforeMs);
    for (const { known } of some) this.#check(answered, known, `p${index}`);
  }

  async #footing({ keeping }: Model["processes"][number], text?: string): Promise<number> {
    const footing = await this.#wait(Promise.resolve(keeping.keeping.footing(text)));
    if (text !== undefined) this[footing === "remembered" ? "remembered" : "fresh"] += 1;
    return footing === "remembered" ? 0 : footing.notBeforeMs;
  }

  #check(answered: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>, who: string): void {
    for (const [id, version] of known) {
      if ((answered.get(id) ?? 0) < version)
        throw new Error(`${who} answers ${id} of ${answered.get(id)} to who knows ${version}\n${this.log.join("\n")}`);
    }
  }

  /** However long it takes. */
  async #wait<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    for (let times = 0; !isOver; times += 1) {
      if (times > 100) throw new Error(`It is never over\n${this.log.join("\n")}`);
      await turns(4);
      if (!isOver && times % 4 === 3) await this.clock.advance(times > 20 ? 500 : 100);
    }
    return work;
  }

  async step(): Promise<void> {
    const one = this.#one;
    const name = `p${this.processes.indexOf(one)}`;
    const { stream } = one.keeping;
    const what = this.#pick(24);
    if (what < 7) return this.change();
    if (what < 13 && this.tokens.length > 0) return this.present();
    if (what < 15) {
      const notBeforeMs = await this.#footing(one);
      this.read(one, notBeforeMs);
    } else if (what === 15) {
      this.log.push(`${name} turns`);
      stream.turn(!stream.isThere);
    } else if (what < 18) {
      this.log.push(what === 16 ? "the engine is away" : "the engine is back");
      for (const { keeping } of this.processes)
        if (keeping.stream.isThere === (what === 16)) keeping.stream.turn(what === 17);
    } else if (what === 18) {
      this.log.push(`${name} is held`);
      // Once, or who waits by then would wait for good.
      if (!this.held.has(name)) stream.hold();
      this.held.add(name);
    } else if (what === 19) {
      this.log.push(`${name} is released`);
      stream.release();
      this.held.delete(name);
    } else if (what === 20) {
      this.log.push("emptied");
      this.fleet.begin();
    } else if (what === 21 && this.fleet.entries.length > 1) {
      this.log.push("fails over");
      this.fleet.loseLast();
    } else if (what === 22) {
      const ms = [100, 1_100, 7_000, 61_000][this.#pick(4)] ?? 0;
      this.log.push(`${ms} ms`);
      await this.clock.advance(ms);
    } else if (what === 23 && this.processes.length < 5) {
      this.log.push("another starts");
      // It takes part from the beginning.
      await this.#wait(this.start());
    }
    if (this.#pick(3) > 0) await turns(5);
    if (this.#pick(4) === 0) this.fleet.ring();
  }

  /** Everything is there again, and has been for a while: what each position stands for is known everywhere, or read since. */
  async calm(): Promise<void> {
    for (const { keeping } of this.processes) {
      keeping.stream.release();
      if (!keeping.stream.isThere) keeping.stream.turn(true);
    }
    for (let times = 0; times < 10; times += 1) {
      this.fleet.ring();
      await turns(12);
      await this.clock.advance(1_000);
    }
    this.log.push("calm");
    for (const one of this.processes)
      for (const { text, known } of this.tokens.slice(-4)) {
        const [first, second] = [await this.#footing(one, text), await this.#footing(one, text)];
        // What was read for the one will do for the other.
        if (second > first && first > 0) throw new Error(`It is read again and again\n${this.log.join("\n")}`);
        this.#check(this.read(one, second), known, `p${this.processes.indexOf(one)}`);
      }
  }

  async end(): Promise<void> {
    for (const { keeping } of this.processes) await keeping.keeping.close();
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The last of them found what the others did not. */
const seeds = [...Array(35).keys(), 160];

it("nobody who presents a position is answered from what is older, whatever happens to processes and their engine", async () => {
  let [remembered, fresh] = [0, 0];
  for (const seed of seeds) {
    const model = new Model(seed);
    for (let count = 0; count < 3; count += 1) await model.start();
    try {
      for (let step = 0; step < 30; step += 1) {
        model.readEverywhere();
        await model.step();
      }
      await model.calm();
    } catch (error) {
      throw new Error(`In sequence ${seed}`, { cause: error });
    }
    await model.end();
    remembered += model.remembered;
    fresh += model.fresh;
  }
  // A promise that is kept by never answering from memory would be none.
  expect(remembered).toBeGreaterThan(fresh);
});
