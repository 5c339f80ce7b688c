import { Random } from "../random/Random.js";
import { compileMatch, type RequestMatcher } from "./compileMatch.js";
import type { Fault } from "./Fault.js";

interface Given {
  readonly fault: Fault;
  readonly matches: RequestMatcher;
  /** -1 for good. */
  left: number;
  /** Requests that it acted on, or would have but for its chance. */
  hits: number;
}

/** A fault that is still to act: `times` is counted down, `hits` up. */
export interface ArmedFault extends Fault {
  readonly hits: number;
}

/**
 * The faults that are still to act, and which of those given never had anything to act on: a misspelt path, a call that is no
 * longer made, or another fault before it.
 */
export class FaultBook {
  #armed: Given[] = [];
  #unhit = new Set<Given>();
  #random = new Random("faults");

  add(faults: readonly Fault[]): void {
    for (const fault of faults) {
      const matches = compileMatch(fault.match);
      if (matches === null) continue;
      const given = { fault, matches, left: fault.times, hits: 0 };
      this.#armed.push(given);
      this.#unhit.add(given);
    }
  }

  /** Takes the fault that acts on a request, if any. `paths` are the spellings of its path; one that matches is enough. */
  take(method: string, paths: readonly string[], query: URLSearchParams): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const found = this.#armed.find((given) => {
      if (!paths.some((path) => given.matches(method, path, query))) return false;
      given.hits += 1;
      this.#unhit.delete(given);
      return given.fault.probability === undefined || this.#random.next() < given.fault.probability;
    });
    if (found === undefined) return undefined;
    if (found.left > 0) {
      found.left -= 1;
      if (found.left === 0) this.#armed = this.#armed.filter((armed) => armed !== found);
    }
    return found.fault;
  }

  /** What is left. */
  list(): readonly ArmedFault[] {
    return this.#armed.map(({ fault, left, hits }) => ({ ...fault, times: left, hits }));
  }

  /** As they were given, those withdrawn among them: nothing came that they could act on. */
  neverHit(): readonly Fault[] {
    return [...this.#unhit].map(({ fault }) => fault);
  }

  /** Nothing fails any more. What never acted is still told. */
  withdraw(): void {
    this.#armed = [];
    this.#random = new Random("faults");
  }

  /** As new. */
  reset(): void {
    this.withdraw();
    this.#unhit.clear();
  }
}
