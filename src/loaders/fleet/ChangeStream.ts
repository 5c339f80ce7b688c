import { randomBytes } from "node:crypto";
import { type EngineArgument, EngineAway, type EngineReply, type FleetEngine } from "../../fleet/FleetEngine.js";
import { append, follow, leave } from "./changeFunctions.js";
import { fleetLimits } from "./limits.js";
import type { Follower, Place } from "./positions/position.js";
import { ToldFollowers } from "./ToldFollowers.js";

/** An entry as it stands in the stream. `body` is `null` where it was not put there, behind that entry, by one of ours. */
interface StreamEntry extends Place {
  readonly body: Buffer | null;
}

/** What has come since. */
export interface Heard {
  /** False where what was heard before and what is there are not of one piece: nobody knows what lies between. */
  readonly goesOn: boolean;
  readonly tail: Place;
  readonly entries: readonly StreamEntry[];
  readonly followers: readonly Follower[];
  /** The first entry of this epoch; `null` where it is not there any more, or the epoch began for something that nobody tells again. */
  readonly first: Place | null;
}

/** What became of entries that were added. */
export interface Appended {
  /** The number of the entry before the first. */
  readonly before: number;
  readonly last: Place;
  /** What tells each entry, `last` too. */
  readonly randoms: readonly string[];
  readonly followers: readonly Follower[];
}

/** The stream of changes of all processes. Everything rejects where it cannot be reached, or answers what it never answers. */
export interface ChangeStream {
  readonly processId: string;
  /** Tells how far this process is, and asks what has come since; `toTell` are the processes that wait to hear that. */
  follow(at: Place | null, toTell: readonly string[]): Promise<Heard>;
  /**
   * Answers `null` where something else is the last than they come behind: nothing was added, and that has to be heard first.
   *
   * @param after `null`: the stream is to begin anew, for something is missing in it.
   */
  append(bodies: readonly Buffer[], after: Place | null): Promise<Appended | null>;
  /** Resolves when something has come since, or somebody has told how far they are; and after a while in any case. */
  listen(at: Place | null): Promise<void>;
  /** Whether what holds it keeps anything: asked where another stream is there than was. */
  isKept(): Promise<boolean>;
  leave(): Promise<void>;
}

const scope = "fleet";
/** Of how the stream is made: processes that make it otherwise have another. */
const streamVersion = "2";

export class EngineChangeStream implements ChangeStream {
  readonly #engine: FleetEngine;
  readonly #changes: string;
  readonly #followers: string;
  readonly #told: ToldFollowers;
  readonly #bell: string;
  #lastBell = "0-0";

  /** @param nowMs milliseconds that never go back. */
  constructor(engine: FleetEngine, nowMs: () => number = () => performance.now()) {
    this.#engine = engine;
    this.#changes = engine.key(scope, "changes", streamVersion);
    this.#followers = engine.key(scope, "followers", streamVersion);
    this.#bell = this.#bellOf(engine.processId);
    this.#told = new ToldFollowers(engine, this.#followers, nowMs);
  }

  get processId(): string {
    return this.#engine.processId;
  }

  async follow(at: Place | null, toTell: readonly string[]): Promise<Heard> {
    const { epoch, n, random } = at ?? { epoch: "-", n: 0, random: "-" };
    const keys = [this.#changes, this.#followers, this.#bell, ...toTell.map((processId) => this.#bellOf(processId))];
    const args = [this.processId, epoch, n, random, fleetLimits.entriesAtOnce, ...newPlace(), this.#told.tell(at)];
    const [goesOn, tailEpoch, tailN, tailRandom, entries, followers, firstRandom] = listIn(
      await this.#engine.unhurried.run(follow, keys, args),
    );
    const first = textIn(firstRandom);
    return {
      goesOn: goesOn === 1,
      tail: { epoch: epochIn(tailEpoch), n: numberIn(tailN), random: textIn(tailRandom) },
      entries: this.#entriesIn(entries, random),
      followers: this.#told.take(toldIn(followers)),
      first: first === "" ? null : { epoch: epochIn(tailEpoch), n: 1, random: first },
    };
  }

  async append(bodies: readonly Buffer[], wanted: Place | null): Promise<Appended | null> {
    const [epoch, random] = newPlace();
    const after = wanted ?? { epoch, n: 1, random };
    let last = after;
    const randoms: string[] = [];
    const sealed: EngineArgument[] = [];
    for (const body of bodies) {
      const place = { epoch: after.epoch, n: last.n + 1, random: randomText() };
      sealed.push(place.random, this.#engine.seal(this.#nameOf(place, last.random), body));
      randoms.push(place.random);
      last = place;
    }
    const isAnew = wanted === null ? 1 : 0;
    const args = [fleetLimits.mostEntries, epoch, random, isAnew, after.epoch, after.n, after.random, ...sealed];
    const reply = await this.#engine.unhurried.run(append, [this.#changes, this.#followers], args);
    if (reply === null) return null;
    return { before: after.n, last, randoms, followers: this.#told.take(toldIn(reply)) };
  }

  async listen(at: Place | null): Promise<void> {
    const { listenMs } = fleetLimits;
    const bell = this.#bell;
    const ids = [`${at?.n ?? 0}-0`, this.#lastBell];
    const args = ["COUNT", 1, "BLOCK", listenMs, "STREAMS", this.#changes, bell, ...ids];
    const told = await this.#engine.await("changes", listenMs, "XREAD", ...args);
    for (const each of told === null ? [] : listIn(told)) {
      const [key, entries] = listIn(each);
      if (textIn(key) === bell) for (const entry of listIn(entries)) this.#lastBell = textIn(listIn(entry)[0]);
    }
  }

  isKept(): Promise<boolean> {
    return this.#engine.keeps();
  }

  async leave(): Promise<void> {
    await this.#engine.unhurried.run(leave, [this.#followers], [this.processId, this.#told.leaving]);
  }

  #bellOf(processId: string): string {
    return this.#engine.key(scope, "bell", processId);
  }

  /** @param after the random of the entry before the first. */
  #entriesIn(reply: EngineReply | undefined, after: string): readonly StreamEntry[] {
    let before = after;
    return listIn(reply).map((each) => {
      const entry = this.#entryIn(each, before);
      before = entry.random;
      return entry;
    });
  }

  #entryIn(reply: EngineReply, before: string): StreamEntry {
    const [id, listed] = listIn(reply);
    const fields = toldIn(listed);
    const place = {
      epoch: textIn(fields.get("e")),
      n: numberIn(Buffer.from(textIn(id).replace(/-0$/, ""))),
      random: textIn(fields.get("r")),
    };
    const body = fields.get("b");
    return { ...place, body: body === undefined ? null : this.#engine.open(this.#nameOf(place, before), body) };
  }

  /** What is told at a place is sealed for it: nothing else opens there, and it opens nowhere else. */
  #nameOf({ epoch, n, random }: Place, before: string): string {
    return `${this.#changes} ${epoch} ${n} ${before} ${random}`;
  }
}

function newPlace(): [epoch: string, random: string] {
  return [randomBytes(9).toString("base64url"), randomText()];
}

function randomText(): string {
  return randomBytes(9).toString("base64url");
}

function toldIn(reply: EngineReply | undefined): Map<string, Buffer> {
  const told = listIn(reply);
  const fields = new Map<string, Buffer>();
  for (let at = 0; at + 1 < told.length; at += 2) fields.set(textIn(told[at]), bytesIn(told[at + 1]));
  return fields;
}

function listIn(reply: EngineReply | undefined): readonly EngineReply[] {
  if (Array.isArray(reply)) return reply as readonly EngineReply[];
  throw nonsense();
}

function bytesIn(reply: EngineReply | undefined): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  throw nonsense();
}

function textIn(reply: EngineReply | undefined): string {
  return bytesIn(reply).toString("latin1");
}

/** It stands in headers, and callers present it again. */
function epochIn(reply: EngineReply | undefined): string {
  const epoch = textIn(reply);
  if (/^[\w-]{1,64}$/.test(epoch)) return epoch;
  throw nonsense();
}

function numberIn(reply: EngineReply | undefined): number {
  const number = Number(textIn(reply));
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw nonsense();
}

function nonsense(): EngineAway {
  return new EngineAway("What the stream of changes was answered with is not what it is made of.");
}
