import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import {
  type EngineArgument,
  EngineAway,
  type EngineFunction,
  type EngineReply,
  type FleetEngine,
} from "../../src/fleet/FleetEngine.js";
import type { ManualClock } from "../support/ManualClock.js";

/** The function is told the time of the test in the place of the server's own. */
const withTime = (lua: string) => `
local real = redis
local redis = {
  call = function(name, ...)
    if name == 'TIME' then
      local now = tonumber(ARGV[#ARGV])
      return { tostring(math.floor(now / 1000)), tostring((now % 1000) * 1000) }
    end
    return real.call(name, ...)
  end,
  pcall = real.pcall,
}
${lua}`;

/** One process's way to a real server, under the clock of a test: its functions run there, and it comes and goes when told. */
export class LogicalEngine implements FleetEngine {
  processes: number;
  readonly runs: string[] = [];
  readonly #server: Redis | null;
  readonly #clock: ManualClock;
  readonly #listeners = new Set<(isThere: boolean) => void>();
  #isThere = true;
  #asked = 0;

  constructor(options: {
    readonly processId: string;
    /** `null`: it is never there. */
    readonly server: Redis | null;
    readonly clock: ManualClock;
    readonly processes: number;
  }) {
    this.processId = options.processId;
    this.processes = options.processes;
    this.#server = options.server;
    this.#clock = options.clock;
    this.#isThere = options.server !== null;
  }

  readonly processId: string;
  readonly unhurried = this;

  get isThere(): boolean {
    return this.#isThere;
  }

  get present(): ReadonlySet<string> {
    return new Set([this.processId]);
  }

  /** Nothing was asked that is not answered yet. */
  get isQuiet(): boolean {
    return this.#asked === 0;
  }

  turn(isThere: boolean): void {
    this.#isThere = isThere;
    for (const listener of this.#listeners) listener(isThere);
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  keeps(): Promise<boolean> {
    return Promise.resolve(this.isThere);
  }

  key(scope: string, what: string, ...parts: readonly string[]): string {
    return `test:{${scope}}:${what}:${createHash("sha256").update(parts.join(":")).digest("hex")}`;
  }

  async run(script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]): Promise<EngineReply> {
    if (!this.#isThere || this.#server === null) throw new EngineAway("gone");
    this.runs.push(script.name);
    this.#asked += 1;
    try {
      const sent = [withTime(script.lua), keys.length, ...keys, ...args, this.#clock.now()];
      const reply: unknown = await this.#server.callBuffer("EVAL", sent.map(String));
      // It went away meanwhile: the answer was lost.
      if (!this.#isThere) throw new EngineAway("gone");
      return replyOf(reply);
    } finally {
      this.#asked -= 1;
    }
  }

  seal(): never {
    throw new Error("Nothing is sealed here.");
  }
  open(): never {
    throw new Error("Nothing is sealed here.");
  }
  send(): never {
    throw new Error("No command is sent here but functions.");
  }
  sendAll(): never {
    throw new Error("No command is sent here but functions.");
  }
  await(): never {
    throw new Error("Nobody waits here.");
  }
  toEngineMs(ownMs: number): number {
    return ownMs;
  }
  toOwnMs(engineMs: number): number {
    return engineMs;
  }
  async close(): Promise<void> {}
}

function replyOf(reply: unknown): EngineReply {
  if (reply === null || typeof reply === "number" || Buffer.isBuffer(reply)) return reply;
  if (Array.isArray(reply)) return reply.map(replyOf);
  throw new Error(`The server answered something else: ${typeof reply}`);
}

/** Lets all that follows from what was done happen: answers of the server, and what they set off. */
export async function quiet(engines: readonly LogicalEngine[]): Promise<void> {
  for (let still = 0; still < 3; ) {
    await new Promise((resolve) => setImmediate(resolve));
    still = engines.every(({ isQuiet }) => isQuiet) ? still + 1 : 0;
  }
}
