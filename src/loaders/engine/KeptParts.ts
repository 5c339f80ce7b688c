import { type Dated, neverCurrent } from "../../cache/Reading.js";
import type { Ground, Mark } from "../../cache/TtlCache.js";
import { othersTurn } from "../../callers/Turns.js";
import { forEachAtOnce } from "../../confluence/fetchMany.js";
import type { Loader } from "./Loader.js";
import type { LoaderDeclaration } from "./LoaderDeclaration.js";
import type { SiteLoaders } from "./SiteLoaders.js";

/** How many parts that are not at hand are read together: what comes in together is put away in one go. */
const partsAtOnce = 500;
/** Reads of so many under way at a time. */
const readsAtOnce = 2;
/** Every reading keeps one in so many parts from being forgotten as not used. */
const touchOneIn = 64;

/** The outcome of a part: with its age and whether it still counts, or why it could not be read. */
export type PartOutcome<V> = Dated<V> | Error;

/** What a part holds; `null` where it is not visible. */
export function valueIn<V>(part: PartOutcome<V>): V | null | Error {
  return part instanceof Error ? part : part.value;
}

/**
 * The parts of a list that many ids make up, kept across requests of a site. Who reads them again only looks whether each still
 * counts, which is some thousand times cheaper than asking the cache for each; what does not count any more is read as ever. Only
 * what the cache holds is kept, so that a failure, or a part with gaps, is asked for again by everyone.
 */
export class KeptParts<K extends string, V> {
  readonly #declaration: LoaderDeclaration<K, V>;
  #ids: readonly K[] = [];
  #parts: readonly PartOutcome<V>[] = [];
  #ground: Ground = new AllOf([]);
  #touched = 0;

  constructor(declaration: LoaderDeclaration<K, V>) {
    this.#declaration = declaration;
  }

  /** The outcomes in the order of the ids: the very list of last time where nothing changed. */
  async read(loaders: SiteLoaders, ids: readonly K[]): Promise<readonly PartOutcome<V>[]> {
    const loader = loaders.of(this.#declaration);
    const kept = this.#keptFor(ids);
    const parts = kept.slice();
    const missing: number[] = [];
    let isChanged = kept !== this.#parts;
    const nowMs = loaders.store.clock.now();
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] as K;
      const part = kept[index];
      const known = loader.isBlank ? undefined : loader.known(id);
      if (known !== undefined && known !== part) {
        parts[index] = known;
        isChanged = true;
      } else if (part === undefined || !counts(part, nowMs, loaders.notBeforeMs)) missing.push(index);
      else if (part.freshUntilMs <= nowMs) loader.source.readAgain(id);
    }
    this.#touch(loader, ids);
    if (!isChanged && missing.length === 0) {
      loaders.basis.restOn(this.#ground);
      return this.#parts;
    }
    const chunks = chunksOf(missing);
    await forEachAtOnce(chunks, readsAtOnce, async (chunk) => {
      const outcomes = await loader.getMany(chunk.map((index) => ids[index] as K));
      chunk.forEach((index, at) => {
        const outcome = outcomes[at];
        parts[index] =
          outcome instanceof Error ? outcome : (loader.known(ids[index] as K) ?? notRemembered(outcome ?? null, nowMs));
      });
      // What is at hand is answered without a pause, and of many chunks each lets others have their turn.
      if (chunks.length > 1) await othersTurn();
    });
    const read = parts as readonly PartOutcome<V>[];
    // Whoever rests on the list of before may never look again: this has it let go of its parts.
    void this.#ground.isCurrent;
    this.#ids = ids;
    this.#parts = read;
    this.#ground = new AllOf(read);
    // What could not be read has left the answer open already.
    loaders.basis.restOn(this.#ground);
    return read;
  }

  /** What is kept, in the order of these ids. */
  #keptFor(ids: readonly K[]): readonly (PartOutcome<V> | undefined)[] {
    if (ids === this.#ids) return this.#parts;
    const byId = new Map(this.#ids.map((id, index) => [id, this.#parts[index]]));
    return ids.map((id) => byId.get(id));
  }

  /** The least recently used of the cache goes first, and what is kept here is not asked for there. */
  #touch(loader: Loader<K, V>, ids: readonly K[]): void {
    const count = Math.ceil(ids.length / touchOneIn);
    for (let done = 0; done < count; done += 1) {
      const id = ids[this.#touched % ids.length];
      this.#touched += 1;
      if (id !== undefined) loader.source.touch(id);
    }
  }
}

/** All parts as one thing that an answer rests on. */
class AllOf implements Ground {
  readonly freshUntilMs: number;
  readonly mark: Mark;

  constructor(parts: readonly PartOutcome<unknown>[]) {
    this.mark = new AllMarks(parts.map((part) => (part instanceof Error ? neverCurrent : part.mark)));
    this.freshUntilMs = parts.reduce(
      (earliest, part) => (part instanceof Error ? earliest : Math.min(earliest, part.freshUntilMs)),
      Number.POSITIVE_INFINITY,
    );
  }

  get isCurrent(): boolean {
    return this.mark.isCurrent;
  }
}

/**
 * Shared by all answers that rest on the list, and holds nothing of what is in it. Once it is not current it lets go of its
 * parts: answers that nobody asks for again would keep as many as the list has, each for a list of its own.
 */
export class AllMarks implements Mark {
  #marks: readonly Mark[] | null;

  constructor(marks: readonly Mark[]) {
    this.#marks = marks;
  }

  get isCurrent(): boolean {
    if (this.#marks?.every((mark) => mark.isCurrent) === true) return true;
    this.#marks = null;
    return false;
  }
}

function counts<V>(part: PartOutcome<V>, nowMs: number, notBeforeMs: number): part is Dated<V> {
  return !(part instanceof Error) && part.isCurrent && part.servableUntilMs > nowMs && part.readAtMs >= notBeforeMs;
}

/** What was forgotten again while it was read. */
function notRemembered<V>(value: V | null, readAtMs: number): Dated<V> {
  return { value, readAtMs, ...neverCurrent, freshUntilMs: readAtMs, servableUntilMs: readAtMs };
}

function chunksOf(indexes: readonly number[]): number[][] {
  const chunks: number[][] = [];
  for (let start = 0; start < indexes.length; start += partsAtOnce)
    chunks.push(indexes.slice(start, start + partsAtOnce));
  return chunks;
}
