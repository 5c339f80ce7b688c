import { parseArgs } from "node:util";
import { type RepeatsResult, runRepeats } from "./runRepeats.js";

const usage = `Asks a server at random, changes things by it and past it, lets time pass and calls fail, and compares whatever is
answered from what is remembered with what is answered without remembering, byte for byte.

  npm run repeats -- [options]

  --sequences N   how many (50)
  --length N      steps in each (150)
  --seed TEXT     the first; the others are TEXT/1, TEXT/2 and so on ("1")
  --only TEXT     this one alone, as a failure names it
`;

const options = {
  sequences: { type: "string", default: "50" },
  length: { type: "string", default: "150" },
  seed: { type: "string", default: "1" },
  only: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** What `npm run repeats` does; resolves with the exit code. */
export async function repeatsCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  const count = values.only === undefined ? Number(values.sequences) : 1;
  const results: RepeatsResult[] = [];
  for (let at = 0; at < count; at += 1) {
    const result = await runRepeats(values.only ?? `${values.seed}/${at}`, Number(values.length));
    results.push(result);
    const { seed, deployment, asked, given, ended, differences } = result;
    print(`${seed}  ${deployment}: ${asked} asked, ${given} given again, ${ended} ended, ${differences.length} differ`);
    for (const difference of differences) print(difference);
  }
  const total = (of: (result: RepeatsResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
  const differing = total(({ differences }) => differences.length);
  print(
    `${results.length} sequences: ${total(({ asked }) => asked)} questions, ${total(({ given }) => given)} answers given again, ${total(({ ended }) => ended)} that had ended, ${differing} that differ.`,
  );
  return differing === 0 ? 0 : 1;
}
