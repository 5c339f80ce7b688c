import { LRUCache } from "lru-cache";
import { answerLimits } from "./limits.js";

/** The body of one question: its text, what that says, and by what its answer was remembered last. */
export class AskedBody {
  #keyed: { readonly operation: number; readonly slot: string; readonly key: string } | null = null;

  constructor(
    readonly text: string,
    readonly value: unknown,
  ) {}

  /** The same, made but once for as long as the same is asked by who may see the same. */
  keyFor(operation: number, slot: string, make: () => string): string {
    const known = this.#keyed;
    if (known !== null && known.operation === operation && known.slot === slot) return known.key;
    const key = make();
    this.#keyed = { operation, slot, key };
    return key;
  }
}

/**
 * Bodies of questions whose answers are given again, as they were parsed: parsing one and keying its variables takes longer than
 * anything else that is done for such an answer. Whoever has one leaves it as it is, for it is another request's as well.
 */
export class KnownBodies {
  readonly #bodies: LRUCache<string, AskedBody> | null;

  constructor(isOff: boolean) {
    const { bodyBytes, bodyOverheadBytes, bytesPerCharacter } = answerLimits;
    this.#bodies = isOff
      ? null
      : new LRUCache({
          maxSize: bodyBytes,
          maxEntrySize: answerLimits.longestKey * bytesPerCharacter,
          sizeCalculation: ({ text }) => bodyOverheadBytes + text.length * bytesPerCharacter,
        });
  }

  find(text: string): AskedBody | undefined {
    return text.length > answerLimits.longestKey ? undefined : this.#bodies?.get(text);
  }

  keep(body: AskedBody): void {
    if (this.#bodies?.peek(body.text) === undefined) this.#bodies?.set(body.text, body);
  }
}
