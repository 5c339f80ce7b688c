import { Random } from "../random/Random.js";
import { compileMatch, type RequestMatcher } from "./compileMatch.js";
import type { Fault } from "./Fault.js";

interface Armed {
  readonly fault: Fault;
  readonly matches: RequestMatcher;
  /** -1 for good. */
  left: number;
}

/** The faults that are still to act. */
export class FaultBook {
  #armed: Armed[] = [];
  #random = new Random("faults");

  add(faults: readonly Fault[]): void {
    for (const fault of faults) {
      const matches = compileMatch(fault.match);
      if (matches !== null) this.#armed.push({ fault, matches, left: fault.times });
    }
  }

  /** Takes the fault that acts on a request, if any. `paths` are the spellings of its path; one that matches is enough. */
  take(method: string, paths: readonly string[], query: URLSearchParams): Fault | undefined {
    if (this.#armed.length === 0) return undefined;
    const found = this.#armed.find(
      ({ fault, matches }) =>
        paths.some((path) => matches(method, path, query)) &&
        (fault.probability === undefined || this.#random.next() < fault.probability),
    );
    if (found === undefined) return undefined;
    if (found.left > 0) {
      found.left -= 1;
      if (found.left === 0) this.#armed = this.#armed.filter((armed) => armed !== found);
    }
    return found.fault;
  }

  /** What is left, `times` counted down. */
  list(): readonly Fault[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  clear(): void {
    this.#armed = [];
    this.#random = new Random("faults");
  }
}
