import type { ChangeFault } from "../../domain/Change.js";
import { Counter, type MetricFamily } from "../../observability/metrics/families.js";

/** How one change ended, as results tell it. */
export interface Ended {
  readonly outcome: string | null;
  readonly fault?: ChangeFault | null;
  readonly faults?: readonly ChangeFault[];
}

/** The result of a mutation: of one change, of several, or of one with others that came with it. */
export type EndedMutation = Ended | readonly Ended[] | { readonly result: Ended };

/** How mutations ended since the start, each of the changes of one counted by itself. */
export class ChangeCounts {
  readonly #changes = new Counter(["mutation", "outcome", "code"]);

  ended(mutation: string, ended: EndedMutation): void {
    const results: readonly Ended[] = "outcome" in ended ? [ended] : "result" in ended ? [ended.result] : ended;
    for (const { outcome, fault, faults = [] } of results) {
      this.#changes.add([mutation, outcome ?? "FAILED", (fault ?? faults[0])?.code ?? ""]);
    }
  }

  /** It was not carried out at all. */
  refused(mutation: string, { code }: ChangeFault): void {
    this.#changes.add([mutation, "FAILED", code]);
  }

  /** It was asked for before, and answered as it was then. */
  repeated(mutation: string): void {
    this.#changes.add([mutation, "REPEATED", ""]);
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "access_graph_changes_total",
        help: "Changes that mutations asked for, by outcome, with the code of the first of userErrors; REPEATED where the same requestId was answered again.",
        type: "counter",
        samples: () => this.#changes.samples(),
      },
    ];
  }
}
