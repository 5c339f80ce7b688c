import type { Random } from "../../../sandbox/src/world/generation/random.js";
import type { Asking, Way, Ways } from "../../soak/Client.js";
import type { Member } from "./startFleet.js";

interface Position {
  readonly text: string;
  /** Changes in the order in which their answers came. */
  readonly turn: number;
}

export const positionHeader = "x-access-graph-position";

/**
 * The ways of clients that come to any process by turns, as behind a balancer. A third presents the position of the last change of what
 * it asks about, and must be answered from no older reading, whatever else goes on. The others present none: a named caller comes back
 * after changes of its own, or somebody asks who knows of none; these are held to the changes while the processes have their engine.
 */
export class FleetWays implements Ways {
  /** Of each fact, the position that its last change was answered with; `null` where the answer named none. */
  readonly #positions = new Map<string, Position | null>();
  #turns = 0;
  /** Changes whose answers named no position. */
  unnamed = 0;

  constructor(
    readonly members: () => readonly Member[],
    /** Whether every process has its engine, and had it lately. */
    readonly areTogether: () => boolean,
    /** What a caller of that number presents; nothing where callers are not told apart. */
    readonly headersOf: (caller: number) => Readonly<Record<string, string>>,
    readonly callers = 10,
  ) {}

  next({ account, facts, isChange }: Asking, random: Random): Way {
    const manner = random.pick(["position", "caller", "nobody"]);
    const members = this.members();
    const member = members[random.below(members.length)];
    if (member === undefined) throw new Error("No process is there.");
    const wasRunning = member.isRunning;
    const caller = isChange || manner !== "nobody" ? account % this.callers : random.below(this.callers);
    const presented = manner === "position" ? this.#lastOf(facts) : null;
    const holdsTo = (fact: string) => {
      const position = this.#positions.get(fact);
      if (position === undefined) return true;
      return (presented !== null && position !== null && covers(presented, position)) || this.areTogether();
    };
    return {
      url: member.url,
      headers: { ...this.headersOf(caller), ...(presented === null ? {} : { [positionHeader]: presented.text }) },
      holdsTo,
      mayLose: () => !wasRunning || !member.isRunning || !this.members().includes(member),
    };
  }

  changed(fact: string, headers: Headers): void {
    this.#turns += 1;
    const text = headers.get(positionHeader);
    if (text === null) this.unnamed += 1;
    this.#positions.set(fact, text === null ? null : { text, turn: this.#turns });
  }

  #lastOf(facts: readonly string[]): Position | null {
    let last: Position | null = null;
    for (const fact of facts) {
      const position = this.#positions.get(fact);
      if (position != null && (last === null || position.turn > last.turn)) last = position;
    }
    return last;
  }
}

/** Whether a reading that is not older than the one position is not older than the other: both of one stream, and not before it. */
function covers(presented: Position, other: Position): boolean {
  if (presented.text === other.text) return true;
  const [first, second] = [split(presented.text), split(other.text)];
  return first.stream === second.stream && first.number >= second.number;
}

function split(text: string): { readonly stream: string; readonly number: number } {
  const [stream = "", number = ""] = text.split(".");
  return { stream, number: Number(number) };
}
