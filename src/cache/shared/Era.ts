import { createHash, randomBytes } from "node:crypto";
import { EngineAway, type EngineFunction, type EngineReply, type FleetEngine } from "../../fleet/FleetEngine.js";
import { mending } from "../../fleet/mending.js";

/** It outlives everything that is put there while it lasts. */
const lastsMs = 8 * 24 * 3_600_000;
/** For so long others may not have looked: who began one begins it again where it was lost. */
const keptMs = 60_000;
/** Who has not looked for so many of them trusts nothing of before. */
const mostKept = 20;

const begin: EngineFunction = {
  name: "beginEra",
  lua: mending(`
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], -${mostKept}, -1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`),
};

const tell: EngineFunction = { name: "tellEras", lua: mending("return redis.call('LRANGE', KEYS[1], 0, -1)") };

/** Lua that has the eras of `KEYS[1]`, the first of which begins where there is none. */
export const readEras = (first: string, lasts: string) => `
local eras = redis.call('LRANGE', KEYS[1], 0, -1)
if #eras == 0 then
  eras = {${first}}
  redis.call('RPUSH', KEYS[1], ${first})
  redis.call('PEXPIRE', KEYS[1], ${lasts})
elseif redis.call('PTTL', KEYS[1]) < tonumber(${lasts}) / 2 then
  redis.call('PEXPIRE', KEYS[1], ${lasts})
end`;

/** From when to when nothing counts that was read, by the engine's clock. */
type Distrusted = readonly [fromMs: number, toMs: number];

/**
 * What is shared of one site counts for one era. Another begins when a process finds out that it was taken for somebody else, and what
 * it read meanwhile may be everywhere: all that is there counts no more, and every process is told from when to when nothing does.
 */
export class Era {
  readonly key: string;
  /** For where there is none yet, and how long that lasts. */
  readonly first: readonly [sealed: Buffer, lastsMs: number];
  readonly #engine: FleetEngine;
  readonly #onDistrusted: (fromMs: number, toMs: number) => void;
  /** The last as it was seen, so that it is opened once. */
  #seen: Buffer | null = null;
  #name: string | null = null;
  /** Those that began with us, and when: what they say is known. */
  readonly #own: { readonly sealed: Buffer; readonly beganMs: number }[] = [];
  readonly #now: () => number;
  /** What the others were not told yet. */
  readonly #untold: Buffer[] = [];
  #isTelling = false;

  /** @param onDistrusted told from when to when nothing counts that was read, by whichever process. */
  constructor(
    engine: FleetEngine,
    key: string,
    now: () => number,
    onDistrusted: (fromMs: number, toMs: number) => void,
  ) {
    this.#now = now;
    this.#engine = engine;
    this.key = key;
    this.#onDistrusted = onDistrusted;
    this.first = [this.#seal(null), lastsMs];
  }

  /** Which it is; `null` where that is not known, and nothing counts. */
  get name(): string | null {
    return this.#untold.length === 0 ? this.#name : null;
  }

  /** Whether all can know what is not to be trusted. Until then nothing is shared. */
  get isTold(): boolean {
    return this.#untold.length === 0;
  }

  /** Takes in which there were lately, as the engine has them. */
  see(reply: EngineReply | undefined): void {
    const eras = Array.isArray(reply) ? reply.filter((each): each is Buffer => Buffer.isBuffer(each)) : [];
    const last = eras.at(-1);
    if (last === undefined || this.#seen?.equals(last) === true) return;
    const seen = this.#seen;
    this.#seen = last;
    // What it says need not be understood for that: it is another one, or the same.
    this.#name = createHash("sha256").update(last).digest("base64url").slice(0, 16);
    if (seen === null) return;
    let from = 1 + eras.findIndex((each) => each.equals(seen));
    // An engine that was emptied. Each process begins again what it had begun; of one that is gone with the engine the stream of
    // changes knows, and has everything forgotten.
    const isEmptied = from === 0 && eras[0] !== undefined && this.#isFirst(eras[0]);
    if (isEmptied) this.#beginAgain(eras);
    // Where what was seen last is not among them, nobody says what came between.
    else if (from === 0) this.#onDistrusted(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (from === 0) from = isEmptied ? 1 : eras.length;
    for (const each of eras.slice(from)) {
      if (this.#own.some(({ sealed }) => sealed.equals(each))) continue;
      const [fromMs, toMs] = distrustedIn(this.#engine.open(this.key, each));
      this.#onDistrusted(this.#engine.toOwnMs(fromMs), this.#engine.toOwnMs(toMs));
    }
  }

  /** What was read from then until then does not count, nor does anything that is there. */
  begin(fromMs: number, toMs: number): void {
    const begun = this.#seal([this.#engine.toEngineMs(fromMs), this.#engine.toEngineMs(toMs)]);
    this.#own.push({ sealed: begun, beganMs: this.#now() });
    if (this.#own.length > mostKept) this.#own.shift();
    this.#untold.push(begun);
    void this.tell();
  }

  /** Tells the others what they were not told yet. */
  async tell(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#untold[0]; next !== undefined && this.#engine.isThere; next = this.#untold[0]) {
      const answer = await this.#quietly(this.#engine.unhurried.run(begin, [this.key], [next, lastsMs]));
      if (answer === null) break;
      this.#untold.shift();
    }
    this.#isTelling = false;
  }

  /** Looks which it is, where nothing else is looked for. */
  async look(): Promise<void> {
    const reply = await this.#quietly(this.#engine.unhurried.run(tell, [this.key], []));
    if (reply !== null) this.see(reply);
  }

  #beginAgain(eras: readonly Buffer[]): void {
    for (const { sealed, beganMs } of this.#own) {
      const isLate = this.#now() - beganMs >= keptMs;
      if (!isLate && ![...eras, ...this.#untold].some((each) => each.equals(sealed))) this.#untold.push(sealed);
    }
    void this.tell();
  }

  /** Whether it is one that began where there was none. */
  #isFirst(era: Buffer): boolean {
    const plain = this.#engine.open(this.key, era);
    return plain !== null && (JSON.parse(plain.toString()) as unknown[]).length === 1;
  }

  #seal(distrusted: Distrusted | null): Buffer {
    const told = [
      randomBytes(9).toString("base64url"),
      ...(distrusted ?? []).map((ms) => (Number.isFinite(ms) ? ms : 0)),
    ];
    return this.#engine.seal(this.key, Buffer.from(JSON.stringify(told)));
  }

  async #quietly(answer: Promise<EngineReply>): Promise<EngineReply> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof EngineAway) return null;
      throw error;
    }
  }
}

/** Everything, where nobody can say. */
function distrustedIn(plain: Buffer | null): Distrusted {
  const [, fromMs, toMs]: unknown[] = plain === null ? [] : JSON.parse(plain.toString());
  const isTold = typeof fromMs === "number" && typeof toMs === "number";
  return isTold ? [fromMs, toMs] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}
