import type { ServerResponse } from "node:http";

/** Counts the answers that are still owed, so that a shutdown knows when the last one is out. */
export class InFlight {
  #owed = 0;
  #waiting: (() => void)[] = [];

  add(response: ServerResponse): void {
    this.#owed += 1;
    // Emitted once for every response, also when the client went away before it was written.
    response.once("close", () => {
      this.#owed -= 1;
      if (this.#owed === 0) for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  get owed(): number {
    return this.#owed;
  }

  whenNone(): Promise<void> {
    if (this.#owed === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
