/** What a shelf holds under one name. */
export interface ShelvedPart {
  readonly name: string;
  readonly value: unknown;
}

/** What was put there, as it came: it takes many times as much room once it is read. */
export interface ToldPart {
  readonly name: string;
  /** Its value; `null` where it cannot be read. */
  read(): Promise<unknown>;
}

/** How a shelf stands, and what was put there since somebody last looked. */
export interface ShelfTurn {
  /** This process is the one that reads the site. */
  readonly isOurs: boolean;
  /** Another number each time that a process begins to. */
  readonly fence: number;
  /** Which collection of parts it is: another one where all were lost, or void. `null` while there is none. */
  readonly life: string | null;
  /** How often all parts were void. */
  readonly voids: number;
  /** Up to which change of ours the parts are right. */
  readonly upTo: string | null;
  /** Those that come next. */
  readonly parts: readonly ToldPart[];
  /** Until where they are known with these. */
  readonly since: number;
  /** How many there are beyond. */
  readonly left: number;
}

/** Where the processes of a deployment keep the parts of one site's index. It may be gone at any moment: then every call rejects. */
export interface PartShelf {
  readonly processId: string;
  readonly isThere: boolean;
  onTurn(listener: (isThere: boolean) => void): () => void;
  /** Looks what is new since then in that life, and keeps the lease, or takes it where it is wanted and nobody has it. */
  turn(asked: {
    readonly wantsLease: boolean;
    readonly life: string | null;
    readonly since: number;
    /** The last number with which it was ours: then we know what we have written ourselves. */
    readonly fence: number | null;
  }): Promise<ShelfTurn>;
  /** Keeps the lease as well. Answers false, having done nothing, where this process is not the one any more that had that number. */
  write(fence: number, parts: readonly ShelvedPart[], upTo: string | null): Promise<boolean>;
  /** Takes everything away; `forAll`: and whoever took anything over is to forget it. */
  clear(forAll: boolean): Promise<void>;
  /** Lets another process have the lease at once. */
  leave(): Promise<void>;
}
