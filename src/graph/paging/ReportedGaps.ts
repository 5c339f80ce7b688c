import type { Gap } from "../../domain/Gap.js";

/** Every gap of one response, each once: told in `extensions.completeness` even to a query that did not ask. */
export class ReportedGaps {
  readonly #gaps = new Map<string, Gap>();

  add(gaps: readonly Gap[]): void {
    for (const gap of gaps) this.#gaps.set(`${gap.kind}\u0000${gap.missing}\u0000${gap.reason}`, gap);
  }

  all(): readonly Gap[] {
    return [...this.#gaps.values()];
  }
}
