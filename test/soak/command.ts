import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { onlyWay, runClient } from "./Client.js";
import { faultsOf } from "./faults.js";
import { Questions } from "./questions.js";
import { factsIn, makeScene, type Scene } from "./scene.js";
import { openStage, type Stage } from "./stage.js";
import { Tally } from "./Tally.js";

const usage = `Asks and changes for a long time what many clients would, of the built server over a sandbox that fails now and then, and
compares every answer with the world. Then it tells whether memory grew, and what the faults cost.

  npm run soak -- [options]

  --minutes N      how long with faults (30); a fifth of it, half a minute at least, goes before without any
  --clients N      how many, each with an account of its own (200)
  --faults N       of a hundred calls upstream, how many go wrong (5)
  --changes N      of a hundred operations, how many are changes (5; 2 with --rate)
  --fresh N        of a hundred questions, how many pass every cache (2)
  --think MS       what a client waits on average before it goes on (2000)
  --rate N         calls a second that the site takes; the rest is refused with 429 (no bound)
  --latency MS     added to each answer upstream (20)
  --seed TEXT      what the clients ask ("1")

Ends with 1 where an answer was wrong, a change was not on record, memory grew by more than a quarter after five minutes (or
a sixth of a shorter run), a client got less than a tenth of what others got, or a change took more than four times as long
with faults as without.
`;

const options = {
  minutes: { type: "string", default: "30" },
  clients: { type: "string", default: "200" },
  faults: { type: "string", default: "5" },
  changes: { type: "string" },
  fresh: { type: "string", default: "2" },
  think: { type: "string", default: "2000" },
  rate: { type: "string" },
  latency: { type: "string", default: "20" },
  seed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

interface Load {
  readonly changes: number;
  readonly fresh: number;
  readonly thinkMs: number;
}

/** What `npm run soak` does; resolves with the exit code. */
export async function soakCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  const rate = values.rate === undefined ? null : Number(values.rate);
  const load: Load = {
    changes: Number(values.changes ?? (rate === null ? 5 : 2)) / 100,
    fresh: Number(values.fresh) / 100,
    thinkMs: Number(values.think),
  };
  const scene = makeScene({ clients: Number(values.clients) });
  const stage = await openStage({ scene, rate, latencyMs: Number(values.latency) });
  print(`The server is at ${stage.server.graphqlUrl}, process ${stage.server.pid}.`);
  try {
    const minutes = Number(values.minutes);
    const soak = (seed: string, ms: number) => soakFor({ scene, stage, load, print, seed, ms });
    const quiet = await soak(`${values.seed}/quiet`, Math.max(0.5, minutes / 5) * 60_000);
    print("Without faults:");
    for (const line of quiet.tally.lines()) print(line);
    await stage.fail(faultsOf(Number(values.faults)));
    const rough = await soak(values.seed, minutes * 60_000);
    await stage.fail([]);
    const parts = await stage.memoryParts();
    print(`With ${values.faults} faults in a hundred calls:`);
    for (const line of rough.tally.lines()) print(line);
    const verdicts = [
      ...(await judgeEnd(scene, stage, [quiet.tally, rough.tally])),
      ...judgeRun(quiet.tally, rough.tally, scene, print),
      ...judgeMemory(rough.memory, print),
    ];
    print(`In the end, in MB: ${parts.map(([part, mb]) => `${part} ${mb}`).join(", ")}.`);
    for (const verdict of verdicts) print(`WRONG  ${verdict}`);
    print(verdicts.length === 0 ? "All of it held." : `${verdicts.length} things did not hold.`);
    return verdicts.length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
}

interface Soaking {
  readonly scene: Scene;
  readonly stage: Stage;
  readonly load: Load;
  readonly print: (line: string) => void;
  readonly seed: string;
  readonly ms: number;
}

const sampleMs = 15_000;

async function soakFor({ scene, stage, load, print, seed, ms }: Soaking) {
  const tally = new Tally();
  const questions = new Questions(scene, stage.siteId);
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  const isOver = () => elapsed() >= ms;
  const memory: Sample[] = [];
  const clients = Promise.all(
    scene.accounts.map((account) =>
      runClient({ account, seed, ways: onlyWay(stage.server.graphqlUrl), scene, questions, tally, isOver, ...load }),
    ),
  );
  while (!isOver()) {
    await sleep(Math.min(sampleMs, ms - elapsed() + 1));
    const rssMb = stage.rssMb();
    memory.push({ atMs: elapsed(), rssMb });
    const calls = await stage.takeCalls();
    print(
      `${Math.round(elapsed() / 1000)} s: ${tally.operations} operations, ${tally.wrong} wrong, ${calls} calls upstream, ${rssMb} MB, a change ${Math.round(tally.quantile("change", 0.5))} ms`,
    );
  }
  await clients;
  return { tally, memory };
}

interface Sample {
  readonly atMs: number;
  readonly rssMb: number;
}

/** The world in the end, and the record, against what was answered. */
async function judgeEnd({ ledger }: Scene, stage: Stage, tallies: readonly Tally[]): Promise<string[]> {
  const facts = factsIn(await stage.world());
  const recorded = await stage.recorded();
  const untrue = [...ledger.known()].filter(([name, isSo]) => facts.has(name) !== isSo);
  const unrecorded = tallies.flatMap(({ accepted }) => accepted).filter((id) => !recorded.has(id));
  return [
    ...untrue.map(([name, isSo]) => `${name} was answered as ${isSo}, and in the world it is not`),
    ...unrecorded.map((id) => `change ${id} was answered, and is not on record`),
    ...tallies.flatMap(({ findings }) => findings),
    ...stage.server
      .log()
      .map((line) => `the log says ${JSON.stringify(line).slice(0, 600)}`)
      .slice(0, 10),
  ];
}

function judgeRun(quiet: Tally, rough: Tally, { accounts }: Scene, print: (line: string) => void): string[] {
  const [without, withFaults] = [quiet.quantile("change", 0.5), rough.quantile("change", 0.5)];
  const { fewest, middle, longestWithoutMs } = rough.fairness(accounts);
  print(
    `A change: ${Math.round(without)} ms without faults, ${Math.round(withFaults)} ms with them, ${(withFaults / without).toFixed(2)} times. Whole answers of a client: ${fewest} at least, ${middle} in the middle; the longest without one ${longestWithoutMs} ms.`,
  );
  return [
    ...(withFaults > 4 * without ? ["a change takes more than four times as long with faults"] : []),
    ...(fewest < middle / 10 ? [`a client got ${fewest} answers, where others got ${middle}`] : []),
  ];
}

function judgeMemory(memory: readonly Sample[], print: (line: string) => void): string[] {
  const lengthMs = memory.at(-1)?.atMs ?? 0;
  const settled = memory.filter(({ atMs }) => atMs >= Math.min(300_000, lengthMs / 6));
  const third = Math.max(1, Math.floor(settled.length / 3));
  const [first, last] = [settled.slice(0, third), settled.slice(-third)].map((part) => middleOf(part));
  print(
    `Memory: ${first} MB once it had settled, ${last} MB at the end, ${Math.max(...memory.map(({ rssMb }) => rssMb))} MB at most.`,
  );
  return (last ?? 0) > (first ?? 0) * 1.25 ? [`memory grew from ${first} to ${last} MB`] : [];
}

function middleOf(samples: readonly Sample[]): number {
  return samples.map(({ rssMb }) => rssMb).toSorted((a, b) => a - b)[samples.length >> 1] ?? 0;
}
