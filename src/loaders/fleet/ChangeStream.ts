import { randomBytes } from "node:crypto";
import { type EngineArgument, EngineAway, type EngineReply, type FleetEngine } from "../../fleet/FleetEngine.js";
import { append, follow, leave } from "./changeFunctions.js";
import { fleetLimits } from "./limits.js";
import type { Position } from "./position.js";

/** A position, and what tells its entry from any other that ever had its number. */
export interface Place extends Position {
  readonly random: string;
}

/** An entry as it stands in the stream. `body` is `null` where it cannot be opened, and in the first of an epoch. */
interface StreamEntry extends Place {
  readonly body: Buffer | null;
}

/** A process that hears the stream. */
export interface Follower {
  readonly processId: string;
  /** How far it had taken everything in when it told so. */
  readonly at: Position;
  /** How long ago that was. */
  readonly agoMs: number;
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
  readonly followers: readonly Follower[];
}

/** The stream of changes of all processes. Everything rejects where it cannot be reached, or answers what it never answers. */
export interface ChangeStream {
  readonly processId: string;
  /** Tells how far this process is, and asks what has come since; `toTell` are the processes that wait to hear that. */
  follow(at: Place | null, toTell: readonly string[]): Promise<Heard>;
  /**
   * Answers `null` where another epoch is there than they are for: nothing was added.
   *
   * @param epoch `null`: whichever is there.
   * @param isAnew whether the stream is to begin anew: something is missing in it.
   */
  append(bodies: readonly Buffer[], epoch: string | null, isAnew?: boolean): Promise<Appended | null>;
  /** Resolves when something has come since, or somebody has told how far they are; and after a while in any case. */
  listen(at: Place | null): Promise<void>;
  leave(): Promise<void>;
}

const scope = "fleet";
/** Of how the stream is made: processes that make it otherwise have another. */
const streamVersion = "1";

export class EngineChangeStream implements ChangeStream {
  readonly #engine: FleetEngine;
  readonly #changes: string;
  readonly #followers: string;
  #lastBell = "0-0";

  constructor(engine: FleetEngine) {
    this.#engine = engine;
    this.#changes = engine.key(scope, "changes", streamVersion);
    this.#followers = engine.key(scope, "followers", streamVersion);
  }

  get processId(): string {
    return this.#engine.processId;
  }

  async follow(at: Place | null, toTell: readonly string[]): Promise<Heard> {
    const { epoch, n, random } = at ?? { epoch: "-", n: 0, random: "-" };
    const keys = [this.#changes, this.#followers, ...toTell.map((processId) => this.#bellOf(processId))];
    const args = [this.processId, epoch, n, random, fleetLimits.entriesAtOnce, ...newPlace()];
    const [goesOn, tailEpoch, tailN, tailRandom, now, entries, followers, firstRandom] = listIn(
      await this.#engine.unhurried.run(follow, keys, args),
    );
    const first = textIn(firstRandom);
    return {
      goesOn: goesOn === 1,
      tail: { epoch: epochIn(tailEpoch), n: numberIn(tailN), random: textIn(tailRandom) },
      entries: listIn(entries).map((entry) => this.#entryIn(entry)),
      followers: followersIn(followers, numberIn(now)),
      first: first === "" ? null : { epoch: epochIn(tailEpoch), n: 1, random: first },
    };
  }

  async append(bodies: readonly Buffer[], wanted: string | null, isAnew = false): Promise<Appended | null> {
    const [epoch, random] = newPlace();
    const sealed: EngineArgument[] = [];
    let lastRandom = random;
    for (const body of bodies) {
      lastRandom = randomText();
      sealed.push(lastRandom, this.#engine.seal(this.#changes, body));
    }
    const args = [fleetLimits.mostEntries, epoch, random, isAnew ? 1 : 0, wanted ?? "", ...sealed];
    const reply = await this.#engine.unhurried.run(append, [this.#changes, this.#followers], args);
    if (reply === null) return null;
    const [toldEpoch, before, last, now, followers] = listIn(reply);
    return {
      before: numberIn(before),
      last: { epoch: epochIn(toldEpoch), n: numberIn(last), random: lastRandom },
      followers: followersIn(followers, numberIn(now)),
    };
  }

  async listen(at: Place | null): Promise<void> {
    const { listenMs } = fleetLimits;
    const bell = this.#bellOf(this.processId);
    const ids = [`${at?.n ?? 0}-0`, this.#lastBell];
    const args = ["COUNT", 1, "BLOCK", listenMs, "STREAMS", this.#changes, bell, ...ids];
    const told = await this.#engine.await("changes", listenMs, "XREAD", ...args);
    for (const each of told === null ? [] : listIn(told)) {
      const [key, entries] = listIn(each);
      if (textIn(key) === bell) for (const entry of listIn(entries)) this.#lastBell = textIn(listIn(entry)[0]);
    }
  }

  async leave(): Promise<void> {
    await this.#engine.unhurried.run(leave, [this.#followers], [this.processId]);
  }

  #bellOf(processId: string): string {
    return this.#engine.key(scope, "bell", processId);
  }

  #entryIn(reply: EngineReply): StreamEntry {
    const [id, listed] = listIn(reply);
    const fields = new Map<string, Buffer>();
    const told = listIn(listed);
    for (let at = 0; at + 1 < told.length; at += 2) fields.set(textIn(told[at]), bytesIn(told[at + 1]));
    const body = fields.get("b");
    return {
      epoch: textIn(fields.get("e")),
      n: numberIn(Buffer.from(textIn(id).replace(/-0$/, ""))),
      random: textIn(fields.get("r")),
      body: body === undefined ? null : this.#engine.open(this.#changes, body),
    };
  }
}

function newPlace(): [epoch: string, random: string] {
  return [randomBytes(9).toString("base64url"), randomText()];
}

function randomText(): string {
  return randomBytes(9).toString("base64url");
}

function followersIn(reply: EngineReply | undefined, nowMs: number): readonly Follower[] {
  const told = listIn(reply);
  const followers: Follower[] = [];
  for (let at = 0; at + 1 < told.length; at += 2) {
    const [atMs = "", epoch = "", n = ""] = textIn(told[at + 1]).split(" ");
    const agoMs = Math.max(0, nowMs - Number(atMs));
    followers.push({ processId: textIn(told[at]), at: { epoch, n: Number(n) }, agoMs });
  }
  return followers;
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
