/** What is known of one thing that somebody changes: whether it is so, as of its last change that ended with a word for it. */
interface Fact {
  /** `null`: nobody knows, for its last change ended without saying. */
  value: boolean | null;
  version: number;
  isChanging: boolean;
}

/** The facts as they were when a question was asked. */
export type Moment = ReadonlyMap<string, { readonly version: number; readonly value: boolean }>;

/**
 * What is so in the world, by what the changes were answered. Every fact has one writer, so that a reader can be held to it: what
 * nobody changed while the reader asked must be answered as the last change left it.
 */
export class Ledger {
  readonly #facts = new Map<string, Fact>();

  declare(name: string, value: boolean): void {
    this.#facts.set(name, { value, version: 0, isChanging: false });
  }

  valueOf(name: string): boolean | null {
    return this.#of(name).value;
  }

  begin(name: string): void {
    const fact = this.#of(name);
    fact.version += 1;
    fact.isChanging = true;
  }

  end(name: string, value: boolean | null): void {
    const fact = this.#of(name);
    fact.value = value;
    fact.version += 1;
    fact.isChanging = false;
  }

  /** The facts among these that stand still now. */
  look(names: readonly string[]): Moment {
    return new Map(
      names.flatMap((name) => {
        const { value, version, isChanging } = this.#of(name);
        return value === null || isChanging ? [] : [[name, { version, value }]];
      }),
    );
  }

  /** Those that stood still from that moment until now, each as it must have been seen. */
  stoodStill(since: Moment): ReadonlyMap<string, boolean> {
    const still = new Map<string, boolean>();
    for (const [name, { version, value }] of since) if (this.#of(name).version === version) still.set(name, value);
    return still;
  }

  /** All that is known. */
  known(): ReadonlyMap<string, boolean> {
    return this.stoodStill(this.look([...this.#facts.keys()]));
  }

  #of(name: string): Fact {
    const fact = this.#facts.get(name);
    if (fact === undefined) throw new Error(`Nobody declared ${name}.`);
    return fact;
  }
}

/**
 * What a list says that cannot be: by those of its facts that stood still. A list that calls itself whole shows exactly
 * what is so; one that does not may lack things, but shows nothing that is not so.
 */
export function compareList(
  still: ReadonlyMap<string, boolean>,
  shown: ReadonlySet<string>,
  isWhole: boolean,
): string[] {
  return [...still].flatMap(([name, isSo]) => {
    if (isSo && isWhole && !shown.has(name)) return [`lacks ${name} and calls itself complete`];
    return !isSo && shown.has(name) ? [`shows ${name}, which is not so`] : [];
  });
}
