import { GraphQLError } from "graphql";

/** How many list items one request may be answered with. Counted as they are produced, so nothing legitimate is guessed away. */
export class ResultBudget {
  #remaining: number;

  constructor(readonly maxNodes: number) {
    this.#remaining = maxNodes;
  }

  /** Takes the items of one page out of the budget; throws `RESULT_TOO_LARGE` when it is spent. */
  take(count: number): void {
    this.#remaining -= count;
    if (this.#remaining >= 0) return;
    throw new GraphQLError(
      `The answer would hold more than ${this.maxNodes} list items. Ask for smaller pages (\`first\`) on the nested lists.`,
      { extensions: { code: "RESULT_TOO_LARGE", maxNodes: this.maxNodes } },
    );
  }
}
