/** Which parts our own changes have touched, and in which order: what was read before does not count any more. */
export class Touches {
  readonly #last = new Map<string, number>();
  #count = 0;

  /** How many there were. A reading that begins now is older than every later one. */
  get count(): number {
    return this.#count;
  }

  note(part: string): void {
    this.#count += 1;
    this.#last.set(part, this.#count);
  }

  /** Whether a part was touched after a reading began. */
  isSince(part: string, began: number): boolean {
    return (this.#last.get(part) ?? 0) > began;
  }
}
