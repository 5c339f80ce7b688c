import { isOfKind, SiteError } from "../domain/SiteError.js";
import { httpLimits } from "../http/limits.js";
import { type HttpRequest, TakenAlong, type Tries } from "../http/Transport.js";
import { Crowd, currentWaiter, workFor } from "../http/Waiting.js";
import type { Found } from "./fetchMany.js";

/** What one call holds: how many names, and how long they may be in an address, a comma for each included. */
export interface RoomForNames {
  readonly count: number;
  readonly length: number;
}

/** What a call asks for. */
export interface AskedFor<Name extends string> {
  /** Of all who go with it, from the moment on in which it leaves. */
  readonly names: readonly Name[];
  /** Goes with the call, so that names may come until it leaves. */
  boarding(content: Content): Pick<HttpRequest, "boarding">;
  readonly tries: Tries;
}

type Ask<Name extends string, Value> = (asked: AskedFor<Name>) => Promise<Found<Name, Value>>;
type Outcome<Name extends string, Value> = Found<Name, Value> | Error;

/**
 * One kind of call that asks for many things by name. Whoever has to wait for a turn waits by itself, for as long and in the
 * order that is its own; the first of them whose turn comes asks for what all of them want, as far as the call holds it. So a
 * crowd of small questions costs a busy site a few calls. Nobody is worse off for those that went along: where the call fails in a
 * way that may be some name's doing, each asks for its own by itself.
 */
export class NamedCalls<Name extends string, Value> {
  readonly #room: RoomForNames;
  readonly #ask: Ask<Name, Value>;
  readonly #waiting = new Set<Party<Name, Value>>();

  constructor(room: RoomForNames, ask: Ask<Name, Value>) {
    this.#room = room;
    this.#ask = ask;
  }

  /** @param names no more than one call holds. */
  async read(names: readonly Name[]): Promise<Found<Name, Value>> {
    const party = new Party<Name, Value>(names, this.#room);
    this.#waiting.add(party);
    const boarding = (content: Content) => ({
      boarding: { board: () => this.#board(party, content), taken: party.taken },
    });
    const asked: AskedFor<Name> = {
      get names() {
        return party.asked;
      },
      ...{ boarding, tries: party.tries },
    };
    party.outcome = workFor(party.crowd, () => this.#outcomeOf(asked));
    const own = await party.outcome;
    this.#waiting.delete(party);
    const { leader } = party;
    if (leader === null || !(own instanceof TakenAlong)) return party.isAlone ? orThrow(own) : this.#ownOf(party, own);
    const outcome = await leader.outcome;
    party.tries.spentMs += leader.tries.spentMs;
    return this.#ownOf(party, outcome);
  }

  #board(party: Party<Name, Value>, content: Content): ReturnType<Content> {
    // One that is repeated asks for the same again.
    if (!this.#waiting.delete(party)) return content();
    for (const other of this.#waiting) {
      if (party.isFull) break;
      if (!other.crowd.isGone && party.take(other)) this.#waiting.delete(other);
    }
    return content();
  }

  async #outcomeOf(asked: AskedFor<Name>): Promise<Outcome<Name, Value>> {
    try {
      return await this.#ask(asked);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** What came of the names of one of those that went together. */
  async #ownOf({ names, tries }: Party<Name, Value>, outcome: Outcome<Name, Value>): Promise<Found<Name, Value>> {
    const mayAskAgain = tries.spentMs < httpLimits.requestTimeoutMs;
    const alone = (some: readonly Name[]) => this.#ask({ names: some, tries, boarding: () => ({}) });
    if (outcome instanceof Error) {
      if (mayAskAgain && mayBeOfName(outcome)) return alone(names);
      throw outcome;
    }
    const own = new Map<Name, Value | SiteError>();
    const unread: Name[] = [];
    for (const name of names) {
      const found = outcome.get(name);
      if (found === undefined) continue;
      own.set(name, found);
      if (found instanceof SiteError && mayBeOfName(found)) unread.push(name);
    }
    if (unread.length === 0 || !mayAskAgain) return own;
    const anew = await alone(unread);
    for (const name of unread) {
      const found = anew.get(name);
      if (found === undefined) own.delete(name);
      else own.set(name, found);
    }
    return own;
  }
}

type Content = () => Pick<HttpRequest, "query" | "body">;

/** Those who ask together, by the call of one of them. */
class Party<Name extends string, Value> {
  readonly crowd = new Crowd();
  readonly tries: Tries = { spentMs: 0 };
  outcome: Promise<Outcome<Name, Value>> = new Promise(() => undefined);
  leader: Party<Name, Value> | null = null;
  isAlone = true;
  readonly #waiter = currentWaiter();
  readonly #taken = new AbortController();
  readonly #asked: Set<Name>;
  readonly #room: RoomForNames;
  #length: number;

  constructor(
    readonly names: readonly Name[],
    room: RoomForNames,
  ) {
    this.#room = room;
    this.#asked = new Set(names);
    this.#length = this.#lengthOf(names);
    this.crowd.join(this.#waiter);
  }

  get asked(): readonly Name[] {
    return [...this.#asked];
  }

  get taken(): AbortSignal {
    return this.#taken.signal;
  }

  get isFull(): boolean {
    return this.#asked.size >= this.#room.count;
  }

  /** Has another go with this one, if it holds what that one asks for. */
  take(other: Party<Name, Value>): boolean {
    const more = other.names.filter((name) => !this.#asked.has(name));
    const length = this.#length + this.#lengthOf(more);
    if (this.#asked.size + more.length > this.#room.count || length > this.#room.length) return false;
    for (const name of more) this.#asked.add(name);
    this.#length = length;
    this.isAlone = false;
    this.crowd.join(other.#waiter);
    other.leader = this;
    other.#taken.abort(new TakenAlong("Another call asks for it."));
    return true;
  }

  /** Counted where it matters: in an address, where no name stands that cannot be written there. */
  #lengthOf(names: readonly Name[]): number {
    if (this.#room.length === Number.POSITIVE_INFINITY) return 0;
    return names.reduce((sum, name) => sum + encodeURIComponent(`${name},`).length, 0);
  }
}

/** Whether another call could end otherwise that asks for less: what befalls whatever is asked cannot. */
function mayBeOfName(error: Error): boolean {
  if (isOfKind(error, "Throttled", "Overloaded", "CredentialRejected", "ScopeMissing", "Misconfigured")) return false;
  return !(error instanceof SiteError) || error.status !== 503;
}

function orThrow<Name extends string, Value>(outcome: Outcome<Name, Value>): Found<Name, Value> {
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
