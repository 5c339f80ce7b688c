import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { constants, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from "node:zlib";
import { type EngineArgument, EngineAway, type EngineReply, type FleetEngine } from "../../fleet/FleetEngine.js";
import { CrawlSlice, inCrawlSlices } from "../inCrawlSlices.js";
import type { PartShelf, ShelfTurn, ShelvedPart, ToldPart } from "./PartShelf.js";
import { leaveFunction, turnFunction, voidFunction, writeFunction } from "./partFunctions.js";
import { readingPart, writingPart } from "./partText.js";

/** Another one whenever parts are told in another shape: processes of both do not share then. */
export const partShape = "2";
/** What is sent at a time, in bytes. */
const bytesAWrite = 262_144;

/** What is shorter is packed and unpacked here, some hundred microseconds' worth: handing it to another thread would take longer. */
const bytesHere = 32_768;

const packElsewhere = promisify(deflateRaw);
const unpackElsewhere = promisify(inflateRaw);
const packing = { level: constants.Z_BEST_SPEED };

interface EngineShelfOptions {
  readonly engine: FleetEngine;
  /** Names the site and whoever reads it. */
  readonly scope: string;
  readonly leaseMs: number;
  /** How long parts stay that nobody looks after. */
  readonly keptMs: number;
}

/** The shelf in Valkey or Redis. Of a part nothing is told there but how large it is: neither what it is of, nor what stands in it. */
export class EngineShelf implements PartShelf {
  readonly #engine: FleetEngine;
  readonly #options: EngineShelfOptions;
  readonly #keys: readonly [lease: string, state: string, log: string, parts: string];

  constructor(options: EngineShelfOptions) {
    const { engine, scope } = options;
    this.#engine = engine;
    this.#options = options;
    const key = (what: string) => engine.key(scope, "crawl", partShape, what);
    this.#keys = [key("lease"), key("state"), key("log"), key("parts")];
  }

  get processId(): string {
    return this.#engine.processId;
  }

  get isThere(): boolean {
    return this.#engine.isThere;
  }

  onTurn(listener: (isThere: boolean) => void): () => void {
    return this.#engine.onTurn(listener);
  }

  async turn({ wantsLease, life, since, fence: ours }: Parameters<PartShelf["turn"]>[0]): Promise<ShelfTurn> {
    const { leaseMs, keptMs } = this.#options;
    const args = [this.processId, wantsLease ? 1 : 0, leaseMs, life ?? "", since, newLife(), keptMs, ours ?? ""];
    const [isOurs, fence, named, voids, upTo, left, from, ...rest] = listOf(await this.#run(turnFunction, args));
    const parts: ToldPart[] = [];
    let until = Number(textOf(from));
    for (let at = 0; at + 2 < rest.length; at += 3) {
      const name = textOf(rest[at]);
      const value = rest[at + 2] ?? null;
      parts.push({ name, read: () => this.#open(name, value) });
      until = Number(textOf(rest[at + 1]));
    }
    return {
      isOurs: isOurs === 1,
      fence: Number(textOf(fence)),
      life: textOf(named) || null,
      voids: Number(textOf(voids)),
      upTo: textOf(upTo) || null,
      parts,
      since: until,
      left: Number(left) - parts.length,
    };
  }

  async write(fence: number, parts: readonly ShelvedPart[], upTo: string | null): Promise<boolean> {
    const slice = new CrawlSlice();
    let batch: EngineArgument[] = [];
    let bytes = 0;
    for (const part of parts) {
      const { name, value } = await this.#seal(part);
      await slice.pause();
      batch.push(name, value);
      bytes += value.length;
      if (bytes < bytesAWrite) continue;
      if (!(await this.#write(fence, "", batch))) return false;
      batch = [];
      bytes = 0;
    }
    // Only once everything is there that was changed up to then.
    return batch.length === 0 && upTo === null ? true : this.#write(fence, upTo ?? "", batch);
  }

  async clear(forAll: boolean): Promise<void> {
    await this.#run(voidFunction, [this.processId, newLife(), forAll ? 1 : 0]);
  }

  async leave(): Promise<void> {
    await this.#engine.unhurried.run(leaveFunction, this.#keys.slice(0, 1), [this.processId]);
  }

  async #write(fence: number, upTo: string, parts: readonly EngineArgument[]): Promise<boolean> {
    return (await this.#run(writeFunction, [this.processId, fence, upTo, this.#options.leaseMs, ...parts])) === 1;
  }

  #run(script: Parameters<FleetEngine["run"]>[0], args: readonly EngineArgument[]): Promise<EngineReply> {
    return this.#engine.unhurried.run(script, this.#keys, args);
  }

  async #seal({ name, value }: ShelvedPart): Promise<{ readonly name: string; readonly value: Buffer }> {
    const text = await inCrawlSlices(writingPart(value));
    const packed = text.length > bytesHere ? await packElsewhere(text, packing) : deflateRawSync(text, packing);
    const hidden = this.#hide(name);
    return { name: hidden, value: this.#engine.seal(this.#placeOf(hidden), packed) };
  }

  /** Who cannot read it goes on without: it is read anew when it is due. */
  async #open(name: string, value: EngineReply): Promise<unknown> {
    const packed = Buffer.isBuffer(value) ? this.#engine.open(this.#placeOf(name), value) : null;
    if (packed === null) return null;
    try {
      const text = packed.length > bytesHere ? await unpackElsewhere(packed) : inflateRawSync(packed);
      return await inCrawlSlices(readingPart(text));
    } catch {
      return null;
    }
  }

  #hide(name: string): string {
    return this.#engine.key(this.#options.scope, "crawl", "part", name).split(":").at(-1) ?? name;
  }

  /** A part that somebody moved to another name does not open. */
  #placeOf(hidden: string): string {
    return `${this.#keys[3]}:${hidden}`;
  }
}

function newLife(): string {
  return randomBytes(9).toString("base64url");
}

function listOf(reply: EngineReply): readonly EngineReply[] {
  if (Array.isArray(reply) && reply.length >= 7) return reply;
  throw new EngineAway("it answered a turn of the crawl with nonsense");
}

function textOf(reply: EngineReply | undefined): string {
  return Buffer.isBuffer(reply) ? reply.toString("latin1") : String(reply ?? "");
}
