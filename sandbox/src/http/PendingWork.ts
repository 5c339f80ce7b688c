import { limits } from "../limits.js";

interface Job {
  readonly dueAt: number;
  readonly run: () => void;
}

/** An accepted task whose progress can be asked for. */
interface LongTask {
  readonly startedAt: number;
  /** When it has finished. */
  readonly dueAt: number;
}

/**
 * What Confluence accepts now and does later: role changes, invitations, deleted users, what search learns. Nothing runs on a
 * timer; every request first settles what has fallen due by its own time.
 */
export class PendingWork {
  #jobs: Job[] = [];
  readonly #tasks = new Map<string, LongTask>();

  later(now: number, run: () => void, lagMs: number = limits.asynchronousWorkMs): void {
    this.#jobs.push({ dueAt: now + lagMs, run });
  }

  /** Like `later`, for work whose progress can be asked for. */
  start(taskId: string, now: number, run: () => void, lagMs: number = limits.asynchronousWorkMs): void {
    this.#tasks.set(taskId, { startedAt: now, dueAt: now + lagMs });
    this.later(now, run, lagMs);
  }

  task(taskId: string): LongTask | undefined {
    return this.#tasks.get(taskId);
  }

  settle(now: number): void {
    // A job may queue another one that is due as well, so this goes round until none is left.
    while (this.#jobs.some((job) => job.dueAt <= now)) {
      const due = this.#jobs.filter((job) => job.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
      this.#jobs = this.#jobs.filter((job) => job.dueAt > now);
      for (const job of due) job.run();
    }
  }
}
