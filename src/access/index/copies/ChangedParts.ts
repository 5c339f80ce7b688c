/** What of an index is copied as one: rows of a list in buckets, everything else by itself. */
export type PartName =
  | "site"
  | `accounts:${number}`
  | `groups:${number}`
  | `spaces:${number}`
  | `group:${string}`
  | `space:${string}`;

export type Rows = "accounts" | "groups" | "spaces";

/** Among how many buckets rows are divided: by their id alone, so that every process finds them in the same. */
const buckets: Readonly<Record<Rows, number>> = { accounts: 256, groups: 32, spaces: 64 };

export function bucketOf(rows: Rows, id: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x0100_0193);
  return (hash >>> 0) % buckets[rows];
}

/** The parts of an index that were changed since somebody last took note of them; nothing for an index that nobody copies. */
export class ChangedParts {
  #names = new Set<PartName>();
  readonly isOn: boolean;

  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  note(name: PartName): void {
    if (this.isOn) this.#names.add(name);
  }

  noteRow(rows: Rows, id: string): void {
    if (this.isOn) this.#names.add(`${rows}:${bucketOf(rows, id)}`);
  }

  get size(): number {
    return this.#names.size;
  }

  has(name: PartName): boolean {
    return this.#names.has(name);
  }

  /** Takes note of some of them. */
  take(atMost: number): PartName[] {
    const taken: PartName[] = [];
    for (const name of this.#names) {
      if (taken.length === atMost) break;
      taken.push(name);
      this.#names.delete(name);
    }
    return taken;
  }

  /** It is as elsewhere after all. */
  drop(name: PartName): void {
    this.#names.delete(name);
  }
}
