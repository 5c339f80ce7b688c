/** One thing that is wrong with the environment. */
export interface ConfigFault {
  readonly variable: string;
  /** What is wrong and what to do. Never quotes the value: people paste credentials into the wrong variable. */
  readonly problem: string;
  /** A line that would be right: `PORT=4000`. */
  readonly example: string;
}

/** The environment cannot be used. Holds every fault, so that one start shows them all. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
    const lines = faults.map(
      ({ variable, problem, example }) => `  ${variable}: ${problem}\n    for example: ${example}`,
    );
    super(`The configuration has ${count}:\n${lines.join("\n")}`);
  }
}
