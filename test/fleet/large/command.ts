import { parseArgs } from "node:util";
import { hasRedis } from "../../support/startRedis.js";
import { keepApart } from "./apart.js";
import { type Burst, burst } from "./burst.js";
import { changeInPeace, changeUnderKills, readThroughTrouble } from "./disturbed.js";
import { Engine } from "./Engine.js";
import { updateOneByOne } from "./rolling.js";

const usage = `Several built processes over one site, an engine (Valkey or Redis) and a PostgreSQL, both of its own: what they share is one,
what they answer is right, and whatever is taken from them they go on.

  npm run fleet -- [options]

  --only NAMES     of burst, peace, changes, chaos, apart, rolling: some, with commas between (all)
  --processes N    how many (3)
  --seconds N      how long changes, chaos and rolling take, each (60)
  --clients N      how many clients (100)
  --rate N         calls a second that the site takes (50)
  --seed TEXT      what the clients ask ("1")

Ends with 1 where something did not hold, with 2 where the machine has no engine.
`;

const options = {
  only: { type: "string", default: "burst,peace,changes,chaos,apart,rolling" },
  processes: { type: "string", default: "3" },
  seconds: { type: "string", default: "60" },
  clients: { type: "string", default: "100" },
  rate: { type: "string", default: "50" },
  seed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

/** What each part is given. */
export interface LargeOptions {
  readonly processes: number;
  readonly ms: number;
  readonly clients: number;
  readonly rate: number;
  readonly seed: string;
  readonly engine: Engine;
  readonly print: (line: string) => void;
}

/** What did not hold. */
type Part = (options: LargeOptions) => Promise<readonly string[]>;

const parts: Readonly<Record<string, Part>> = {
  burst: compareBursts,
  peace: changeInPeace,
  changes: changeUnderKills,
  chaos: readThroughTrouble,
  apart: keepApart,
  rolling: updateOneByOne,
};

const shownOfPart = 15;

/** What `npm run fleet` does; resolves with the exit code. */
export async function fleetCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  if (!hasRedis) {
    print("This machine has neither Valkey nor Redis.");
    return 2;
  }
  const wrong: string[] = [];
  for (const name of values.only.split(",")) {
    const part = parts[name];
    if (part === undefined) throw new Error(`There is no ${name}.`);
    const engine = await Engine.start();
    try {
      print(`${name}:`);
      const found = await part({
        ...{ processes: Number(values.processes), ms: Number(values.seconds) * 1_000, clients: Number(values.clients) },
        ...{ rate: Number(values.rate), seed: values.seed, engine, print: (line) => print(`  ${line}`) },
      });
      for (const each of found.slice(0, shownOfPart)) print(`  WRONG  ${each}`);
      if (found.length > shownOfPart) print(`  and ${found.length - shownOfPart} more`);
      wrong.push(...found);
    } finally {
      await engine.close();
    }
  }
  print(wrong.length === 0 ? "All of it held." : `${wrong.length} things did not hold.`);
  return wrong.length === 0 ? 0 : 1;
}

/** Rounds of one process and of several. How often a crawl and questions ask for the same differs a little from run to run. */
const burstRounds = { counted: 3, atMost: 9 } as const;

/** The same questions, cold, of one process and of several in turn: what the site is asked, and whether its limit is kept. */
async function compareBursts({ processes, rate, engine, print }: LargeOptions): Promise<string[]> {
  const rounds: { readonly one: Burst; readonly several: Burst }[] = [];
  for (let round = 0; round < burstRounds.atMost && rounds.length < burstRounds.counted; round += 1) {
    const one = await burst({ processes: 1, engine: null, queries: 200, rate });
    await engine.ask(["FLUSHALL"]);
    const several = await burst({ processes, engine, queries: 200, rate });
    const { partings } = several;
    for (const [count, { calls, refused, seconds }] of [[1, one] as const, [processes, several] as const])
      print(`${count} at once: ${calls} calls, ${refused} of them refused, ${seconds.toFixed(1)} s`);
    if (partings.length === 0) rounds.push({ one, several });
    else print(`does not count, for they were not together: ${partings.join(" ").slice(0, 1_000)}`);
  }
  if (rounds.length < burstRounds.counted)
    return [`${processes} processes were together in ${rounds.length} of ${burstRounds.atMost} rounds`];
  const one = medianBy(rounds, (round) => round.one.calls).one;
  const several = medianBy(rounds, (round) => round.several.calls).several;
  const percent = (100 * (several.calls / one.calls - 1)).toFixed(1);
  print(`one process makes ${one.calls} calls, ${processes} make ${several.calls}, in the median: ${percent} % more`);
  printRoutes(one, several, print);
  return [
    ...(several.calls > one.calls * 1.05 ? [`${several.calls} calls, where one process makes ${one.calls}`] : []),
    ...rounds.flatMap(compareRound),
  ];
}

function compareRound({ one, several }: { readonly one: Burst; readonly several: Burst }): string[] {
  return [
    ...[...one.wrong, ...several.wrong].slice(0, 20),
    ...(several.refused > Math.max(one.refused, several.calls * 0.01)
      ? [`${several.refused} calls beyond the site's limit, where one process makes ${one.refused}`]
      : []),
    ...one.answers.flatMap((answer, at) =>
      JSON.stringify(answer) === JSON.stringify(several.answers[at]) ? [] : [`question ${at} is answered otherwise`],
    ),
  ];
}

function printRoutes(one: Burst, several: Burst, print: (line: string) => void): void {
  for (const route of new Set([...one.routes.keys(), ...several.routes.keys()])) {
    const [left, right] = [one, several].map(({ routes }) => routes.get(route) ?? { calls: 0, again: 0 });
    if (left === undefined || right === undefined) continue;
    const again = left.again + right.again === 0 ? "" : `, ${left.again} and ${right.again} of them made before`;
    print(`  ${left.calls} and ${right.calls} ${route}${again}`);
  }
}

function medianBy<T>(items: readonly T[], of: (item: T) => number): T {
  const middle = [...items].sort((a, b) => of(a) - of(b))[Math.floor(items.length / 2)];
  if (middle === undefined) throw new Error("Nothing was measured.");
  return middle;
}
