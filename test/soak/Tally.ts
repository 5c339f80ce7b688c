import type { OwnedFact } from "./scene.js";

/** One operation of one client, as it ended. */
interface Noted {
  readonly kind: string;
  readonly account: number;
  /** Codes of its errors; none where it was answered whole. */
  readonly codes: readonly string[];
  readonly wrong: readonly string[];
  readonly ms: number;
  readonly question: Readonly<Record<string, unknown>>;
}

const findingsKept = 20;

/** A change as its client asked for it, times since the epoch: from when it was asked for first until nobody asked any more. */
export interface Intent {
  readonly requestId: string;
  readonly fact: OwnedFact;
  readonly gives: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  /** `null` where nobody was told how it ended. */
  readonly outcome: string | null;
  /** How often it was asked for again because its answer was lost. */
  readonly repeats: number;
}

/** What a soak, or a part of one, came to. */
export class Tally {
  readonly #times = new Map<string, number[]>();
  readonly #codes = new Map<string, number>();
  readonly #lastMs = new Map<number, number>();
  readonly #longestWithout = new Map<number, number>();
  readonly #answeredOf = new Map<number, number>();
  readonly findings: string[] = [];
  readonly accepted: string[] = [];
  readonly intents: Intent[] = [];
  operations = 0;
  /** Answers that never came, where that was to be expected. */
  lost = 0;
  wrong = 0;
  readonly #beganMs = performance.now();

  note({ kind, account, codes, wrong, ms, question }: Noted): void {
    this.operations += 1;
    const times = this.#times.get(kind) ?? [];
    times.push(ms);
    this.#times.set(kind, times);
    for (const code of codes) this.#codes.set(`${kind}: ${code}`, (this.#codes.get(`${kind}: ${code}`) ?? 0) + 1);
    if (wrong.length > 0) this.wrong += 1;
    const shown = `${Math.round((performance.now() - this.#beganMs) / 1000)} s, ${kind} ${JSON.stringify(question)}: ${wrong.join("; ")}`;
    if (wrong.length > 0 && this.findings.length < findingsKept) this.findings.push(shown);
    if (codes.length === 0) this.#answered(account);
  }

  lose(): void {
    this.lost += 1;
  }

  /** A change that was answered as done. */
  accept(requestId: string): void {
    this.accepted.push(requestId);
  }

  #answered(account: number): void {
    const now = performance.now();
    const since = now - (this.#lastMs.get(account) ?? this.#beganMs);
    this.#lastMs.set(account, now);
    this.#longestWithout.set(account, Math.max(since, this.#longestWithout.get(account) ?? 0));
    this.#answeredOf.set(account, (this.#answeredOf.get(account) ?? 0) + 1);
  }

  /** Milliseconds in which that part of the operations of a kind ended; `NaN` where there were none. */
  quantile(kind: string, part: number): number {
    const times = (this.#times.get(kind) ?? []).toSorted((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
  }

  /** The same over all kinds but changes. */
  quantileOfQuestions(part: number): number {
    const times = [...this.#times].flatMap(([kind, each]) => (kind === "change" ? [] : each)).toSorted((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
  }

  /** Whole answers of the client that got the fewest, and of the one in the middle. */
  fairness(accounts: readonly number[]) {
    const counts = accounts.map((account) => this.#answeredOf.get(account) ?? 0).toSorted((a, b) => a - b);
    return {
      fewest: counts[0] ?? 0,
      middle: counts[counts.length >> 1] ?? 0,
      longestWithoutMs: Math.round(Math.max(0, ...this.#longestWithout.values())),
    };
  }

  lines(): string[] {
    const kinds = [...this.#times.keys()].toSorted();
    return [
      ...kinds.map((kind) => {
        const count = this.#times.get(kind)?.length ?? 0;
        const [p50, p95, p99, most] = [0.5, 0.95, 0.99, 1].map((part) => Math.round(this.quantile(kind, part)));
        return `  ${kind.padEnd(32)} ${String(count).padStart(7)}   p50 ${p50} ms, p95 ${p95}, p99 ${p99}, longest ${most}`;
      }),
      ...[...this.#codes].toSorted().map(([code, count]) => `  ${code.padEnd(60)} ${count}`),
    ];
  }
}
