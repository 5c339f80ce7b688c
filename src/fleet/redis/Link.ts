import { createHash } from "node:crypto";
import type { Clock } from "../../domain/Clock.js";
import { Deadlines } from "../Deadlines.js";
import type { FleetCounts } from "../FleetCounts.js";
import { type EngineArgument, EngineAway, type EngineFunction, type EngineReply } from "../FleetEngine.js";
import type { Connect, Connection } from "./Connection.js";
import { readReply, refusalOf } from "./readReply.js";

export const linkLimits = {
  /** How long a command may take. */
  deadlineMs: 200,
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

/** A stretch of time in which the engine answers as it should, over one connection and one for each lane. It ends at the first fault, for all. */
export class Link {
  readonly #options: LinkOptions;
  readonly #deadlines: Deadlines;
  readonly #lanes = new Map<string, Promise<Connection>>();
  readonly #busy = new Set<string>();
  readonly #connections = new Set<Connection>();
  readonly #ended = new AbortController();
  #main: Connection | null = null;
  #lost: Lost | null = null;
  onLost: (lost: Lost) => void = () => undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines({
      clock: options.clock,
      nowMs: () => options.nowMs(),
      onMissed: () => this.lose({ reason: "timeout" }),
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

  async send(command: string, args: readonly EngineArgument[], name = command): Promise<EngineReply> {
    if (this.#main === null) throw awayOf(this.#lost);
    const { counts, nowMs } = this.#options;
    const startMs = nowMs();
    const reply = await this.#ask(this.#main, { command, args, name, limitMs: linkLimits.deadlineMs });
    counts.seconds.observe((nowMs() - startMs) / 1_000);
    return reply;
  }

  async run(script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]): Promise<EngineReply> {
    const rest = [keys.length, ...keys, ...args];
    try {
      return await this.send("EVALSHA", [hashOf(script), ...rest], script.name);
    } catch (error) {
      if (!(error instanceof NoScript)) throw error;
      // It was not carried out: the engine began anew, or this node of it never saw the function.
      return this.send("EVAL", [script.lua, ...rest], script.name);
    }
  }

  async await(lane: string, blockMs: number, command: string, args: readonly EngineArgument[]): Promise<EngineReply> {
    if (this.#busy.has(lane)) throw new Error(`Somebody waits on the lane ${lane} already.`);
    this.#busy.add(lane);
    try {
      const connection = await this.#laneOf(lane);
      return await this.#ask(connection, { command, args, name: command, limitMs: blockMs + linkLimits.deadlineMs });
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
