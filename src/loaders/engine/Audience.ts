import { performance } from "node:perf_hooks";
import { othersTurn, sliceMs } from "../../callers/Turns.js";
import { letGoOn, UnbegunWork, whenSettled } from "../../callers/UnbegunWork.js";

/** So many go on together before anybody looks how long they take. */
const together = 20;

/**
 * All who wait for what is read together: thousands of rows, where a long list was begun before anything of it was at hand. They go on
 * some at a time, as what they wait for comes, with what others ask in between where that takes long; what they ask for next is read
 * together all the same.
 */
export class Audience<What = never> {
  /** By what they wait for; `null` for all of it. */
  readonly #waiting = new Map<What | null, Group[]>();
  readonly #told = new Set<What>();
  /** Those whose turn it is to go on. */
  readonly #ready: Group[] = [];
  #work: UnbegunWork | undefined;
  #telling: Promise<void> = Promise.resolve();
  #isTelling = false;
  #isWhole = false;

  /** @param what that in particular; else all of it. */
  join(what: What | null = null): Promise<void> {
    const isThere = this.#isWhole || (what !== null && this.#told.has(what));
    if (!isThere) return joinLast(this.#groupsOf(what));
    // Who comes late goes on behind those who are on their turn.
    return this.#isTelling ? joinLast(this.#ready) : Promise.resolve();
  }

  /** Some of it is there. */
  tell(what: What): void {
    this.#told.add(what);
    this.#call(what);
    this.#begin();
  }

  /** All of it is there; ends when all have gone on. */
  async tellAll(): Promise<void> {
    this.#isWhole = true;
    for (const what of [...this.#waiting.keys()]) this.#call(what);
    this.#begin();
    await this.#telling;
    this.#work?.end();
  }

  #groupsOf(what: What | null): Group[] {
    const known = this.#waiting.get(what);
    if (known !== undefined) return known;
    const groups: Group[] = [];
    this.#waiting.set(what, groups);
    return groups;
  }

  #call(what: What | null): void {
    this.#ready.push(...(this.#waiting.get(what) ?? []));
    this.#waiting.delete(what);
  }

  #begin(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#work ??= UnbegunWork.ofReading();
    this.#telling = this.#goOn(this.#work);
  }

  async #goOn(work: UnbegunWork): Promise<void> {
    let sinceMs = performance.now();
    // More may come while it is told.
    for (let group = this.#ready.shift(); group !== undefined; group = this.#ready.shift()) {
      await this.#tell(group, work);
      if (this.#ready.length === 0) break;
      if (performance.now() - sinceMs < sliceMs()) continue;
      await othersTurn();
      sinceMs = performance.now();
    }
    this.#isTelling = false;
  }

  /** Ends when they have come as far as they get without waiting. */
  #tell(group: Group, work: UnbegunWork): Promise<void> {
    return new Promise((resolve) => {
      letGoOn(() => {
        work.follow();
        group.tell();
        whenSettled(resolve);
      });
    });
  }
}

function joinLast(groups: Group[]): Promise<void> {
  let last = groups.at(-1);
  if (last === undefined || last.size >= together) {
    last = new Group();
    groups.push(last);
  }
  last.size += 1;
  return last.told;
}

/** Those who go on together. */
class Group {
  size = 0;
  readonly told: Promise<void>;
  tell: () => void = () => undefined;

  constructor() {
    this.told = new Promise((resolve) => {
      this.tell = resolve;
    });
  }
}
