import { createHash } from "node:crypto";
import type { Clock } from "../../domain/Clock.js";
import { Deadlines } from "../Deadlines.js";
import type { FleetCounts } from "../FleetCounts.js";
import { type EngineArgument, EngineAway, type EngineFunction, type EngineReply } from "../FleetEngine.js";
import type { Connect, Connection } from "./Connection.js";
import { readReply, refusalOf } from "./readReply.js";

export const linkLimits = {
  /** How long a command may take that somebody waits for. */
  deadlineMs: 200,
  /** How long any other may: nothing that is well takes so long, however busy its machine is. */
  unhurriedMs: 450,
  /** How soon after a missed deadline it has to answer anything, to be trusted on. */
  proofMs: 300,
  /** Who misses deadlines more often than this within that time is slow, and not out of breath. */
  mostMissed: 2,
  missedWithinMs: 3_000,
  /** How long a connection may take that nobody of a request waits for. */
  connectMs: 2_500,
} as const;

/** Why the engine is not trusted any longer, and at which command that showed. */
export interface Lost {
  readonly reason: string;
  readonly command?: string;
  /** What the system calls it: `ECONNREFUSED`. */
  readonly code?: string;
}

interface LinkOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  readonly counts: FleetCounts;
  /** Milliseconds that never go back. */
  nowMs(): number;
}

/** Whether a request waits for it. */
export type Haste = "hurried" | "unhurried";

/**
 * A stretch of time in which the engine answers as it should, over one connection and one for each lane. It ends at the first fault,
 * for all. A missed deadline is none yet: a machine that is busy stands still for so long. Then nobody else waits until the engine
 * has answered something, which it has to do soon.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #deadlines: Deadlines;
  readonly #lanes = new Map<string, Promise<Connection>>();
  readonly #busy = new Set<string>();
  readonly #connections = new Set<Connection>();
  readonly #ended = new AbortController();
  #main: Connection | null = null;
  #lost: Lost | null = null;
  /** A deadline was missed, and nothing was answered since. */
  #isInDoubt = false;
  #missedMs: number[] = [];
  onLost: (lost: Lost) => void = () => undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines({
      clock: options.clock,
      nowMs: () => options.nowMs(),
      onMissed: (limitMs, reject) => {
        if (limitMs !== linkLimits.deadlineMs) this.lose({ reason: "timeout" });
        else {
          this.#doubt();
          reject(awayOf(this.#lost ?? { reason: "timeout" }));
        }
      },
    });
  }

  /** Why it ended; `null` while it lasts. */
  get lost(): Lost | null {
    return this.#lost;
  }

  /** Aborted when it ends. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async open(): Promise<void> {
    this.#main = await this.#connect();
  }

  async send(
    haste: Haste,
    command: string,
    args: readonly EngineArgument[],
    name: string = command,
  ): Promise<EngineReply> {
    if (this.#main === null) throw awayOf(this.#lost);
    if (this.#isInDoubt && haste === "hurried") throw awayOf({ reason: "timeout" });
    const { counts, nowMs } = this.#options;
    const startMs = nowMs();
    const limitMs = haste === "hurried" ? linkLimits.deadlineMs : linkLimits.unhurriedMs;
    const reply = await this.#ask(this.#main, { command, args, name, limitMs });
    counts.seconds.observe((nowMs() - startMs) / 1_000);
    return reply;
  }

  async run(
    haste: Haste,
    script: EngineFunction,
    keys: readonly string[],
    args: readonly EngineArgument[],
  ): Promise<EngineReply> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.send(haste, "EVALSHA", [hashOf(script), ...rest], script.name);
    } catch (error) {
      if (!(error instanceof NoScript)) throw error;
      // It was not carried out: the engine began anew, or this node of it never saw the function.
      return this.send(haste, "EVAL", [script.lua, ...rest], script.name);
    }
  }

  async await(lane: string, blockMs: number, command: string, args: readonly EngineArgument[]): Promise<EngineReply> {
    if (this.#busy.has(lane)) throw new Error(`Somebody waits on the lane ${lane} already.`);
    this.#busy.add(lane);
    try {
      const connection = await this.#laneOf(lane);
      return await this.#ask(connection, { command, args, name: command, limitMs: blockMs + linkLimits.unhurriedMs });
    } finally {
      this.#busy.delete(lane);
    }
  }

  /** Ends it: nobody waits any longer, and nothing is sent any more. */
  lose(lost: Lost): void {
    if (this.#lost !== null) return;
    this.#lost = lost;
    this.#main = null;
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    this.#deadlines.rejectAll(awayOf(lost));
    this.#ended.abort();
    this.onLost(lost);
  }

  /** Somebody waited in vain. It may be out of breath, or gone: one more question tells. */
  #doubt(): void {
    if (this.#isInDoubt || this.#main === null) return;
    const { nowMs } = this.#options;
    this.#missedMs = [...this.#missedMs.filter((ms) => nowMs() - ms < linkLimits.missedWithinMs), nowMs()];
    if (this.#missedMs.length > linkLimits.mostMissed) {
      this.lose({ reason: "timeout" });
      return;
    }
    this.#isInDoubt = true;
    this.#ask(this.#main, { command: "PING", args: [], name: "PING", limitMs: linkLimits.proofMs }).then(
      () => {
        this.#isInDoubt = false;
      },
      // Then it is lost.
      () => undefined,
    );
  }

  #laneOf(lane: string): Promise<Connection> {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const opening = this.#connect();
    this.#lanes.set(lane, opening);
    return opening;
  }

  async #connect(): Promise<Connection> {
    if (this.#lost !== null) throw awayOf(this.#lost);
    const opening = this.#options.connect((reason) => this.lose({ reason }), this.ended);
    // One that comes too late for anybody is closed, and not left.
    void opening.then(
      (connection) => {
        if (this.#lost === null) this.#connections.add(connection);
        else connection.close();
      },
      () => undefined,
    );
    try {
      return await this.#deadlines.watch(opening, linkLimits.connectMs);
    } catch (error) {
      throw this.#away({ reason: refusalOf(error) ?? "unreachable", ...codeOf(error) });
    }
  }

  async #ask(connection: Connection, { command, args, name, limitMs }: Asked): Promise<EngineReply> {
    try {
      const reply = readReply(await this.#deadlines.watch(connection.send(command, args), limitMs));
      if (reply === undefined) throw this.#away({ reason: "garbage", command: name });
      this.#options.counts.commands.add([name]);
      return reply;
    } catch (error) {
      if (error instanceof EngineAway) throw error;
      const refusal = refusalOf(error);
      if (refusal === "noscript" && command === "EVALSHA") throw new NoScript();
      throw this.#away({ reason: refusal ?? "closed", command: name });
    }
  }

  #away(lost: Lost): EngineAway {
    this.lose(lost);
    return awayOf(this.#lost);
  }
}

interface Asked {
  readonly command: string;
  readonly args: readonly EngineArgument[];
  /** For people. */
  readonly name: string;
  readonly limitMs: number;
}

/** The engine does not know the function that it was asked for by its hash. */
class NoScript extends Error {
  override readonly name = "NoScript";
}

export function awayOf(lost: Lost | null): EngineAway {
  return new EngineAway(`The engine that processes share is away${lost === null ? "" : ` (${lost.reason})`}.`);
}

function codeOf(error: unknown): Pick<Lost, "code"> {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? { code: error.code } : {};
}

const hashes = new WeakMap<EngineFunction, string>();

function hashOf(script: EngineFunction): string {
  const known = hashes.get(script);
  if (known !== undefined) return known;
  const hash = createHash("sha1").update(script.lua).digest("hex");
  hashes.set(script, hash);
  return hash;
}
