import { parseArgs } from "node:util";
import { commandOptions } from "./commandOptions.js";

/** The options of a command line by name, a flag's value being empty, and every fault of how they are written. */
export interface ReadTokens {
  readonly given: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

/** Takes what follows as its value, or does without. */
const mayTakeValue = "dc-rpc-disabled";

/** Reads a command line as far as it can be without knowing what the options mean. */
export function readTokens(argv: readonly string[]): ReadTokens {
  const faults: string[] = [];
  const given = new Map<string, string>();
  const isKnown = (name: string): name is keyof typeof commandOptions => Object.hasOwn(commandOptions, name);
  // Not strict: that would stop at the first fault, and a person wants to hear of all of them.
  const { tokens } = parseArgs({
    args: [...argv],
    options: commandOptions,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  tokens.forEach((token, at) => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]];
    if (token.kind === "positional") {
      const isValue = before?.kind === "option" && before.name === mayTakeValue && before.value === undefined;
      if (!isValue) faults.push(`${token.value}: unexpected; options begin with --`);
      return;
    }
    if (token.kind !== "option") return;
    const { name, rawName, value } = token;
    if (!rawName.startsWith("--") || !isKnown(name)) {
      faults.push(`${rawName}: unknown; known are ${Object.keys(commandOptions).map(dashed).join(", ")}`);
    } else if (given.has(name)) faults.push(`${rawName}: given twice`);
    else if (name === mayTakeValue) given.set(name, value ?? (after?.kind === "positional" ? after.value : "404"));
    else if (commandOptions[name].type === "string") {
      if (value === undefined || value === "") faults.push(`${rawName}: needs a value`);
      else given.set(name, value);
    } else if (value !== undefined) faults.push(`${rawName}: takes no value`);
    else given.set(name, "");
  });
  return { given, faults };
}

function dashed(name: string): string {
  return `--${name}`;
}
