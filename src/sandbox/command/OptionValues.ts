/** The options of a command line by name, and the faults found while reading them. */
export class OptionValues {
  readonly faults: string[];
  readonly #given: ReadonlyMap<string, string>;

  constructor(given: ReadonlyMap<string, string>, faults: readonly string[]) {
    this.#given = given;
    this.faults = [...faults];
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  text(name: string): string | undefined {
    return this.#given.get(name);
  }

  /** A number that is not negative; NaN, and a fault that states the rule, where it is not fine. */
  number(name: string, absent: number, isFine: (value: number) => boolean, rule: string): number {
    const text = this.#given.get(name);
    if (text === undefined) return absent;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (!isFine(value)) this.refuse(name, rule, text);
    return value;
  }

  port(name: string, absent: number): number {
    const isPort = (value: number): boolean => Number.isInteger(value) && value <= 65_535;
    return this.number(name, absent, isPort, `a whole number from 0 to 65535, such as ${absent}`);
  }

  /** For what must not be repeated to the screen. */
  fault(name: string, problem: string): void {
    this.faults.push(`--${name}: ${problem}`);
  }

  refuse(name: string, rule: string, text: string): void {
    this.fault(name, `must be ${rule}, not '${text}'`);
  }
}
