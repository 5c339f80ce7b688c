import { LRUCache } from "lru-cache";
import type { Clock } from "../../domain/Clock.js";
import type { SpaceId, SpaceKey } from "../../domain/ids.js";

const maxSpaces = 200_000;
/** A key that is free again can go to another space, so it is believed for as long as other facts of spaces are. */
const believedMs = 300_000;

interface Entry {
  readonly key: SpaceKey;
  readonly untilMs: number;
}

/**
 * Which key a space has, learned from every space that was read: calls take keys alone. A space keeps its key for good, but
 * once it is deleted its key can become another's. Keys compare without regard to case.
 */
export class SpaceKeyBook {
  readonly #ids = new Map<string, SpaceId>();
  readonly #entries = new LRUCache<SpaceId, Entry>({
    max: maxSpaces,
    dispose: ({ key }, spaceId) => {
      if (this.#ids.get(key.toLowerCase()) === spaceId) this.#ids.delete(key.toLowerCase());
    },
  });
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whoever had the key before has it no more, and is forgotten. */
  learn(spaceId: SpaceId, key: SpaceKey): void {
    const former = this.#ids.get(key.toLowerCase());
    if (former !== undefined && former !== spaceId) this.forget(former);
    this.#entries.set(spaceId, { key, untilMs: this.#clock.now() + believedMs });
    this.#ids.set(key.toLowerCase(), spaceId);
  }

  forget(spaceId: SpaceId): void {
    this.#entries.delete(spaceId);
  }

  /** `undefined` where no space of this id was read, or its key has gone to another. */
  keyOf(spaceId: SpaceId): SpaceKey | undefined {
    return this.#entries.get(spaceId)?.key;
  }

  /** Whether the space was read with its key so lately that nobody else can be meant by it. */
  isFresh(spaceId: SpaceId): boolean {
    return (this.#entries.get(spaceId)?.untilMs ?? 0) > this.#clock.now();
  }
}
