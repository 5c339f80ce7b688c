import { LRUCache } from "lru-cache";
import type { Clock } from "../../domain/Clock.js";
import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { dataCenterNames } from "./names/dataCenterNames.js";

/** Of ids and keys in UTF-16, with what an entry costs beside them: some 200,000 spaces. */
const maxBytes = 64_000_000;
const bytesPerEntry = 250;
/** A key that is free again can go to another space, so it is believed for as long as other facts of spaces are. */
const believedMs = 300_000;

interface Entry {
  readonly key: SpaceKey;
  readonly learnedAtMs: number;
}

/**
 * Which key a space has, learned from every space that was read: calls take keys alone. A space keeps its key for good, but
 * once it is deleted its key can become another's. Keys compare without regard to case.
 */
export class SpaceKeyBook {
  readonly #ids = new Map<SpaceKey, SpaceId>();
  readonly #entries = new LRUCache<SpaceId, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ key }, spaceId) => bytesPerEntry + 2 * (key.length + spaceId.length),
    dispose: ({ key }, spaceId) => {
      const settled = dataCenterNames.spaceKey(key);
      if (this.#ids.get(settled) === spaceId) this.#ids.delete(settled);
    },
  });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whoever had the key before has it no more, and is forgotten. */
  learn(spaceId: SpaceId, key: SpaceKey): void {
    const settled = dataCenterNames.spaceKey(key);
    const former = this.#ids.get(settled);
    if (former !== undefined && former !== spaceId) this.forget(former);
    this.#entries.set(spaceId, { key, learnedAtMs: this.#clock.now() });
    this.#ids.set(settled, spaceId);
  }

  forget(spaceId: SpaceId): void {
    this.#entries.delete(spaceId);
  }

  /** `undefined` where no space of this id was read, or its key has gone to another. */
  keyOf(spaceId: SpaceId): SpaceKey | undefined {
    return this.#entries.get(spaceId)?.key;
  }

  /** Whether the space was read with its key so lately, and not before `notBeforeMs`, that nobody else can be meant by it. */
  isFresh(spaceId: SpaceId, notBeforeMs = 0): boolean {
    const learnedAtMs = this.#entries.get(spaceId)?.learnedAtMs;
    return learnedAtMs !== undefined && learnedAtMs >= notBeforeMs && learnedAtMs + believedMs > this.#clock.now();
  }
}
