/** Notes a value that occurs twice, with the path of where it occurred first. */
export class Uniqueness {
  readonly #firstAt = new Map<string, string>();

  constructor(readonly faults: string[]) {}

  /** Empty values are somebody else's fault already. */
  check(value: string, path: string): void {
    if (value === "") return;
    const first = this.#firstAt.get(value);
    if (first === undefined) this.#firstAt.set(value, path);
    else this.faults.push(`${path}: duplicate ${JSON.stringify(value)}, already at ${first}`);
  }
}
