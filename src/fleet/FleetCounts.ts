import { Counter, Distribution } from "../observability/metrics/families.js";

/** Most commands are answered in a fraction of a millisecond, and none is waited for longer than its deadline. */
const commandBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5];

/** What came of the engine so far. */
export class FleetCounts {
  /** By the command, or by the name of a function. */
  readonly commands = new Counter(["command"], 200);
  readonly seconds = new Distribution(commandBounds);
  /** How often it went away, and how often it was not found where it was looked for, by why. */
  readonly failures = new Counter(["reason"], 50);
  unopened = 0;
}
