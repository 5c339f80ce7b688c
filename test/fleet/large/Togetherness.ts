import type { Member } from "./startFleet.js";

/** How the log says that a process goes on alone, and that it is back. */
const [awayLine, backLine] = [
  /"msg":"[^"]*\balone, and looks for it\b/,
  /"msg":"[^"]*\bis back: this process shares again\b/,
];

/** What a process that is back may still have to hear of. */
const settlesMs = 3_000;

/** Which processes have their engine, as their own logs say: on a busy machine one may go on alone without anybody's doing. */
export class Togetherness {
  readonly #read = new Map<Member, { at: number; isAlone: boolean }>();
  #lastTurnMs = Number.NEGATIVE_INFINITY;
  /** How often a process went on alone. */
  partings = 0;

  constructor(readonly members: () => readonly Member[]) {}

  areTogether(): boolean {
    let areAllThere = true;
    for (const member of this.members()) areAllThere = !this.#isAlone(member) && areAllThere;
    return areAllThere && performance.now() - this.#lastTurnMs > settlesMs;
  }

  /** How each said so that went on alone since the start. */
  partingsTold(): string[] {
    const lines = this.members().flatMap((member) => member.program.err().split("\n"));
    return lines.filter((line) => awayLine.test(line));
  }

  /** Those that are alone now. */
  alone(): number {
    return this.members().filter((member) => this.#isAlone(member)).length;
  }

  #isAlone(member: Member): boolean {
    const state = this.#read.get(member) ?? { at: 0, isAlone: false };
    this.#read.set(member, state);
    const said = member.program.err();
    const end = said.lastIndexOf("\n") + 1;
    if (end === state.at) return state.isAlone;
    for (const line of said.slice(state.at, end).split("\n")) {
      const [isAway, isBack] = [awayLine.test(line), backLine.test(line)];
      if (!isAway && !isBack) continue;
      if (isAway) this.partings += 1;
      state.isAlone = isAway;
      this.#lastTurnMs = performance.now();
    }
    state.at = end;
    return state.isAlone;
  }
}
