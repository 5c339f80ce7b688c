import { randomBytes } from "node:crypto";
import type { Clock } from "../../../../src/domain/Clock.js";
import {
  type EngineArgument,
  EngineAway,
  type EngineFunction,
  type EngineReply,
  type FleetEngine,
} from "../../../../src/fleet/FleetEngine.js";
import { Sealer } from "../../../../src/fleet/Sealer.js";

interface Stored {
  readonly value: Buffer | Buffer[];
  readonly untilMs: number;
}

/** What the fakes of a fleet keep, and what a test does to it. */
export class FakeServer {
  readonly stored = new Map<string, Stored>();
  /** The names of the functions and commands that came, in their order. */
  readonly asked: string[] = [];
  isThere = true;
  /** Called before each answer: a test that waits here is a slow engine. */
  beforeAnswer: (name: string) => Promise<void> | void = () => undefined;
  readonly #listeners = new Set<(isThere: boolean) => void>();

  constructor(readonly clock: Clock) {}

  get(key: string): Buffer | Buffer[] | undefined {
    const found = this.stored.get(key);
    return found !== undefined && found.untilMs > this.clock.now() ? found.value : undefined;
  }

  set(key: string, value: Buffer | Buffer[], durationMs: number): void {
    this.stored.set(key, { value, untilMs: this.clock.now() + durationMs });
  }

  leftMs(key: string): number {
    return (this.stored.get(key)?.untilMs ?? 0) - this.clock.now();
  }

  turn(isThere: boolean): void {
    this.isThere = isThere;
    for (const listener of this.#listeners) listener(isThere);
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const fleetKey = { keys: [Buffer.from("a fleet of tests, and nobody else's business")] };

/**
 * The engine as one process has it, over a server that is a map: what its functions do is written down here a second time, and the
 * tests that run over both a real server and this one hold the two together.
 */
export class FakeEngine implements FleetEngine {
  readonly processId = randomBytes(6).toString("base64url");
  readonly processes = 1;
  readonly present = new Set([this.processId]);
  readonly unhurried = this;
  readonly #sealer: Sealer;
  unopened = 0;

  constructor(
    readonly server: FakeServer,
    /** By how much the engine's clock goes before ours. */
    readonly aheadMs = 0,
    keys = fleetKey,
  ) {
    this.#sealer = new Sealer(keys);
  }

  get isThere(): boolean {
    return this.server.isThere;
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    return this.server.onTurn(listener);
  }

  keeps(): Promise<boolean> {
    return Promise.resolve(this.isThere);
  }

  key(scope: string, ...parts: readonly string[]): string {
    return this.#sealer.key(scope, parts);
  }

  seal(key: string, plain: Buffer): Buffer {
    return this.#sealer.seal(key, plain);
  }

  open(key: string, sealed: Buffer): Buffer | null {
    const plain = this.#sealer.open(key, sealed);
    if (plain === null) this.unopened += 1;
    return plain;
  }

  async send(command: string, ...args: readonly EngineArgument[]): Promise<EngineReply> {
    await this.#reach(command);
    const [key = ""] = args.map(String);
    if (command === "DEL") return this.server.stored.delete(key) ? 1 : 0;
    throw new Error(`the fake knows no ${command}`);
  }

  async sendAll(): Promise<EngineReply[]> {
    throw new Error("the fake sends one at a time");
  }

  async await(): Promise<EngineReply> {
    throw new Error("the fake waits for nothing");
  }

  async run(script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]): Promise<EngineReply> {
    await this.#reach(script.name);
    const bytes = args.map((arg) => (Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg))));
    const texts = bytes.map((each) => each.toString());
    if (script.name === "look") return this.#look(keys, bytes, texts);
    if (script.name === "keep") return this.#keep(keys, texts);
    if (script.name === "put") return this.#put(keys, bytes, texts);
    if (script.name === "tellEras") return [this.server.get(keys[0] ?? "") ?? []].flat();
    if (script.name === "beginEra") return this.#begin(keys, bytes, texts);
    throw new Error(`the fake knows no ${script.name}`);
  }

  toEngineMs(ownMs: number): number {
    return ownMs + this.aheadMs;
  }

  toOwnMs(engineMs: number): number {
    return engineMs - this.aheadMs;
  }

  async close(): Promise<void> {}

  async #reach(name: string): Promise<void> {
    if (!this.server.isThere) throw new EngineAway("away");
    this.server.asked.push(name);
    await this.server.beforeAnswer(name);
    if (!this.server.isThere) throw new EngineAway("away");
  }

  #look([eras = "", ...keys]: readonly string[], bytes: readonly Buffer[], texts: readonly string[]): EngineReply {
    const { server } = this;
    if (server.get(eras) === undefined) server.set(eras, [bytes[3] as Buffer], Number(texts[4]));
    const [token = "", leaseMs, , , , ...asked] = texts;
    let room = Number(texts[2]);
    const out: EngineReply[] = [server.get(eras) as Buffer[]];
    for (const [index, mode] of asked.entries()) {
      const [key = "", lease = ""] = keys.slice(2 * index);
      const holder = server.get(lease) as Buffer | undefined;
      const value = mode === "!" ? undefined : (server.get(key) as Buffer | undefined);
      if (mode !== "" && mode === holder?.toString()) out.push(0);
      else if (value !== undefined && room <= 0) out.push(2);
      else if (value !== undefined) {
        room -= value.length;
        out.push(value);
      } else if (mode === "?") out.push(3);
      else if (holder !== undefined) out.push([holder]);
      else {
        server.set(lease, Buffer.from(token), Number(leaseMs));
        out.push(1);
      }
    }
    return out;
  }

  #keep(leases: readonly string[], [durationMs, ...tokens]: readonly string[]): number {
    for (const [index, lease] of leases.entries()) {
      const holder = this.server.get(lease) as Buffer | undefined;
      if (holder !== undefined && holder.toString() === tokens[index])
        this.server.set(lease, holder, Number(durationMs));
    }
    return leases.length;
  }

  #put(keys: readonly string[], bytes: readonly Buffer[], texts: readonly string[]): number {
    for (let index = 0; index < keys.length / 2; index += 1) {
      const [key = "", lease = ""] = keys.slice(2 * index);
      const value = bytes[3 * index] as Buffer;
      if (value.length > 0) this.server.set(key, value, Number(texts[3 * index + 1]));
      const token = texts[3 * index + 2];
      if (token !== "" && this.server.get(lease)?.toString() === token) this.server.stored.delete(lease);
    }
    return keys.length / 2;
  }

  #begin([eras = ""]: readonly string[], [era]: readonly Buffer[], texts: readonly string[]): number {
    const before = this.server.get(eras) as Buffer[] | undefined;
    this.server.set(eras, [...(before ?? []), era as Buffer].slice(-20), Number(texts[1]));
    return 1;
  }
}
