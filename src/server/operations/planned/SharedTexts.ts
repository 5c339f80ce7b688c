import { flatten } from "./texts.js";

/** Objects that are looked at before it is known whether they recur. */
const looked = 32;
/** One of so many at least has to have been there before, or they are not kept any longer. */
const recurring = 4;

/**
 * The texts of the objects at one place of a document, while one answer is written: in long lists the same space, the same permissions, the
 * same person stand in row after row. Where objects do not recur they are soon not kept any more.
 */
export class SharedTexts {
  #last: object | null = null;
  #lastText = "";
  #texts: Map<object, string> | null = null;
  #found = 0;
  #missed = 0;
  #isOff = false;

  find(value: object): string | undefined {
    if (this.#isOff) return undefined;
    const known = value === this.#last ? this.#lastText : this.#texts?.get(value);
    if (known === undefined) return undefined;
    this.#found += 1;
    return flatten(known);
  }

  keep(value: object, text: string): void {
    if (this.#isOff) return;
    this.#missed += 1;
    if (this.#missed > looked && this.#found * recurring < this.#missed) {
      this.#isOff = true;
      this.#texts = null;
      this.#last = null;
      return;
    }
    if (this.#last !== null) {
      // The second: until then a place in a list cannot be told from any other.
      this.#texts ??= new Map([[this.#last, this.#lastText]]);
      this.#texts.set(value, text);
    }
    this.#last = value;
    this.#lastText = text;
  }
}
