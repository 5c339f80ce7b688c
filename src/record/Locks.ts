/** A lock while it is held. */
export interface Hold {
  /** True when somebody else held it, or may have, since it was asked for: what was read before may not be so any more. */
  readonly hasWaited: boolean;
  /** Rejects with a `LockLost` when others may be at it meanwhile: what was planned under the lock is planned anew. */
  check(): Promise<void>;
  /**
   * Takes a second lock while this one is held, and lets it go when the task ends. Whoever takes two takes them in one order
   * everywhere (the target, then what reaches across targets), so that nobody waits in a circle.
   */
  also<T>(key: string, task: (both: Hold) => Promise<T>): Promise<T>;
}

/** The lock went while its holder was away (stopped, cut off): what it read may not be so any more. */
export class LockLost extends Error {
  override readonly name = "LockLost";
}

/** One at a time for each subject of changes: in this process, and over all that share a database. */
export interface Locks {
  /** Other processes may hold them as well. */
  readonly areShared: boolean;
  /** Runs the task when all that came before for this key have ended. */
  run<T>(key: string, task: (hold: Hold) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** One at a time for each key within this process, first come first served. */
export class LocalLocks implements Locks {
  readonly areShared = false;
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(key: string, task: (hold: Hold) => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    let release: () => void = () => undefined;
    const tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#tails.set(key, tail);
    await before;
    try {
      return await task({
        hasWaited: before !== undefined,
        check: async () => undefined,
        also: (second, inner) => this.run(second, inner),
      });
    } finally {
      release();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  async close(): Promise<void> {}
}
