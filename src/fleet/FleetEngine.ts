/** Why the engine did not answer: then whoever asked goes on alone. */
export class EngineAway extends Error {
  override readonly name = "EngineAway";
}

/** A function that the engine runs as one step: its source in Lua, sent once and called by its hash from then on. */
export interface EngineFunction {
  /** For the log. */
  readonly name: string;
  readonly lua: string;
}

/** What the engine answers with: texts come as bytes. */
export type EngineReply = Buffer | number | null | readonly EngineReply[];

/** What a command is made of; numbers are written as texts. */
export type EngineArgument = string | number | Buffer;

/** Whether this process shares with others, and with how many. */
export interface Sharing {
  readonly state: "NOT_CONFIGURED" | "SHARED" | "ALONE";
  /** This one among them: those that share now or, where it is alone, those that did. */
  readonly processes: number;
  /** Since when it is so; `null` where nothing is configured. */
  readonly sinceMs: number | null;
}

/** Of a process that does all by itself, because nobody asked it to share. */
export const sharesNothing: Sharing = { state: "NOT_CONFIGURED", processes: 1, sinceMs: null };

/** How the engine is asked. What is not answered in time rejects with `EngineAway`. */
export interface EngineCommands {
  /** One command. */
  send(command: string, ...args: readonly EngineArgument[]): Promise<EngineReply>;
  /** Several at once, in one round trip; not as one step. Rejects when any of them fails. */
  sendAll(
    commands: readonly (readonly [command: string, ...args: readonly EngineArgument[]])[],
  ): Promise<EngineReply[]>;
  /** A function over keys of one scope. */
  run(script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]): Promise<EngineReply>;
}

/**
 * What the processes of a deployment share, and what may vanish at any moment: Valkey or Redis. Each command is answered within
 * its deadline or rejects with `EngineAway`; none is sent a second time because its answer was lost.
 */
export interface FleetEngine extends EngineCommands {
  /** This process among the others: another at each start. */
  readonly processId: string;
  /**
   * False as soon as it refuses, answers nonsense, or leaves everything unanswered for longer than a moment: then commands reject at
   * once, and nobody waits. One that missed its deadline rejects while the engine is still there, and so do those after it until that
   * has answered again.
   */
  readonly isThere: boolean;
  /** How many processes were heard of lately, this one among them; the last known number while it is away, never below 1. */
  readonly processes: number;
  /** Ids of the processes that were heard of lately, this one among them. */
  readonly present: ReadonlySet<string>;
  /** Told whenever it goes away or comes back. Answers how to stop. */
  onTurn(listener: (isThere: boolean) => void): () => void;

  /** Whether it keeps what it is given, asked where something is gone that was there; it is away where it does not. */
  keeps(): Promise<boolean>;

  /** The name of a key: `scope` keeps apart what is not shared, and its keys stand on one node of a cluster. Tells nothing of either. */
  key(scope: string, ...parts: readonly string[]): string;
  /** Bytes that only a process of this deployment can open, and only as what stands under that key. */
  seal(key: string, plain: Buffer): Buffer;
  /** What was sealed; `null` for anything else, which is warned of. */
  open(key: string, sealed: Buffer): Buffer | null;

  /** The same for what no request waits for: it rejects only when the engine is away, and not when it is out of breath for a moment. */
  readonly unhurried: EngineCommands;
  /**
   * A command that waits for something, on a connection of its own: `blockMs` is how long it may wait beside its deadline. One at a
   * time for each `lane`.
   */
  await(lane: string, blockMs: number, command: string, ...args: readonly EngineArgument[]): Promise<EngineReply>;

  /** A moment of this process's clock as the engine's clock has it, and the other way round. */
  toEngineMs(ownMs: number): number;
  toOwnMs(engineMs: number): number;

  close(): Promise<void>;
}
