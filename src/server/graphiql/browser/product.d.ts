/** The one script that the server writes: what is served, and what the page asks of it. */
export const product: {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** Which sites there are, under `sites`. */
  readonly aboutQuery: string;
  /** What the variables of examples are filled from. */
  readonly valuesQuery: string;
  /** Where in its answer each value stands. */
  readonly values: Readonly<Record<string, string>>;
  readonly examples: readonly {
    readonly title: string;
    readonly description: string;
    readonly query: string;
    /** A text that begins with `$` stands for the value of that name. */
    readonly variables?: Readonly<Record<string, unknown>>;
    /** Whether it is open from the start, and not only in the menu. */
    readonly isTab: boolean;
  }[];
};
