/** A Confluence version, compared number by number: 8.3 < 8.4 < 8.10 < 9.0. */
export class Version {
  readonly #numbers: readonly number[];

  /** `text` looks like `9.2` or `9.2.0`. */
  constructor(readonly text: string) {
    this.#numbers = text.split(".").map(Number);
  }

  isAtLeast(other: Version): boolean {
    const length = Math.max(this.#numbers.length, other.#numbers.length);
    for (let at = 0; at < length; at += 1) {
      const difference = (this.#numbers[at] ?? 0) - (other.#numbers[at] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return true;
  }
}
