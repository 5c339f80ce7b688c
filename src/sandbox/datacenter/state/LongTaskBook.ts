/** How far a long task is. */
export interface LongTask {
  /** What it took, once it has finished; until then, how long it is under way. */
  readonly elapsedMs: number;
  readonly isFinished: boolean;
}

interface Held {
  readonly startedAt: number;
  readonly dueAt: number;
  readonly finish: () => void;
  isSettled: boolean;
}

/**
 * What Confluence accepts now and does later. Nothing runs on a timer; every request first settles what has fallen due by
 * its own time.
 */
export class LongTaskBook {
  readonly #tasks = new Map<string, Held>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** `finish` runs `finishAfterMs` later. Answers the id to ask by. */
  start(now: number, finishAfterMs: number, finish: () => void): string {
    const id = this.#newId();
    this.#tasks.set(id, { startedAt: now, dueAt: now + finishAfterMs, finish, isSettled: false });
    return id;
  }

  status(id: string, now: number): LongTask | null {
    const task = this.#tasks.get(id);
    return task === undefined
      ? null
      : { elapsedMs: Math.min(now, task.dueAt) - task.startedAt, isFinished: task.dueAt <= now };
  }

  settle(now: number): void {
    const due = [...this.#tasks.values()].filter((task) => !task.isSettled && task.dueAt <= now);
    for (const task of due.sort((a, b) => a.dueAt - b.dueAt)) {
      task.isSettled = true;
      task.finish();
    }
  }
}
