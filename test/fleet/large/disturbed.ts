import { setTimeout as pause } from "node:timers/promises";
import type { Tally } from "../../soak/Tally.js";
import { type Company, openCompany } from "./Company.js";
import type { LargeOptions } from "./command.js";
import type { Manner } from "./Engine.js";
import { untilIndexed } from "./startFleet.js";

/** How long a process is stopped: longer than every lease that others wait for. */
const stoppedMs = 6_000;
/** And longer than a silent one keeps its locks in the database; once in a run that is long enough for it. */
const stoppedLongMs = 33_000;
const longRunMs = 240_000;
/** By when every process must have its engine back after nothing is wrong with it any more. */
const recoveryMs = 30_000;

/** The same with nothing taken from anybody: what all else is compared with. */
export async function changeInPeace({ processes, clients, engine, seed, ms, print }: LargeOptions): Promise<string[]> {
  const company = await openCompany({ processes, clients, engine, rate: null, changes: 20, thinkMs: 500 });
  try {
    return await conclude(company, [await company.run(seed, () => pause(ms))], print);
  } finally {
    await company.close();
  }
}

/** Changes by many clients over all processes, while processes, the engine and the database are killed and stopped. */
export async function changeUnderKills({
  processes,
  clients,
  engine,
  seed,
  ms,
  print,
}: LargeOptions): Promise<string[]> {
  const company = await openCompany({ processes, clients, engine, rate: null, changes: 20, thinkMs: 500 });
  const some = (at: number) => company.members()[at % processes];
  const acts: readonly (readonly [name: string, act: (at: number) => Promise<void>])[] = [
    [
      "a process is killed",
      async (at) => {
        const member = some(at);
        if (member !== undefined) await company.replace(member);
      },
    ],
    [
      "a process is stopped for longer than every lease",
      async (at) => {
        const member = some(at);
        const isLong = ms >= longRunMs && at === 1;
        await company.losingLocks(async () => {
          member?.freeze();
          await pause(isLong ? stoppedLongMs : stoppedMs);
          member?.thaw();
        });
      },
    ],
    [
      "the engine is killed and starts empty",
      () =>
        away(
          company,
          async () => {
            await engine.kill();
            await pause(3_000);
            await engine.restart();
          },
          print,
        ),
    ],
    [
      "the database is killed and starts again",
      () =>
        company.losingLocks(async () => {
          await company.postgres?.kill();
          await pause(2_000);
          await company.postgres?.restart();
        }),
    ],
    [
      "the engine is stopped for longer than every deadline",
      () =>
        away(
          company,
          async () => {
            process.kill(engine.pid, "SIGSTOP");
            await pause(3_000);
            process.kill(engine.pid, "SIGCONT");
          },
          print,
        ),
    ],
  ];
  try {
    const tally = await company.run(seed, async () => {
      const until = performance.now() + ms;
      for (let at = 0; performance.now() < until; at += 1) {
        await pause(2_000);
        const [name, act] = acts[at % acts.length] ?? [];
        print(`${name}`);
        await act?.(at);
      }
      await pause(2_000);
    });
    return await conclude(company, [tally], print);
  } finally {
    await company.close();
  }
}

async function away(company: Company, act: () => Promise<void>, print: (line: string) => void): Promise<void> {
  company.disturb(true);
  await act();
  const began = performance.now();
  await pause(1_000);
  if (!(await company.untilTogether(recoveryMs)))
    company.findings.push("the engine is back, and some process is still alone");
  else print(`  all have it back after ${Math.round(performance.now() - began)} ms`);
  company.disturb(false);
}

interface Trouble {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Readers by the hundred, while the engine is taken away in every way that one can be. */
export async function readThroughTrouble({
  processes,
  clients,
  engine,
  seed,
  ms,
  print,
}: LargeOptions): Promise<string[]> {
  const company = await openCompany({ processes, clients, engine, rate: null, changes: 2, thinkMs: 200 });
  const way = (manner: Manner): Pick<Trouble, "begin" | "end"> => ({
    begin: () => engine.behave(manner),
    end: () => engine.behave({ kind: "open" }),
  });
  const full = (policy: string): Pick<Trouble, "begin" | "end"> => ({
    begin: async () => {
      await engine.ask(["CONFIG", "SET", "maxmemory-policy", policy], ["CONFIG", "SET", "maxmemory", "1"]);
    },
    end: async () => {
      await engine.ask(["CONFIG", "SET", "maxmemory", "0"], ["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    },
  });
  const troubles: readonly Trouble[] = [
    { name: "killed, then empty", begin: () => engine.kill(), end: () => engine.restart() },
    { name: "full, and evicts nothing", ...full("noeviction") },
    { name: "full, and evicts anything", ...full("allkeys-lru") },
    { name: "slow by 500 ms", ...way({ kind: "slow", delayMs: 250 }) },
    { name: "answering with garbage", ...way({ kind: "garbage" }) },
    { name: "silent", ...way({ kind: "silent" }) },
    { name: "emptied meanwhile", begin: async () => void (await engine.ask(["FLUSHALL"])), end: async () => undefined },
  ];
  const partMs = Math.max(4_000, ms / (troubles.length + 1));
  const tallies: Tally[] = [];
  try {
    // What every process remembers is there before anything is measured.
    for (const member of company.members()) await untilIndexed(member, company.headersOf(0));
    tallies.push(await company.run(`${seed}/warm`, () => pause(2 * partMs)));
    const calm = await company.run(`${seed}/calm`, () => pause(partMs));
    tallies.push(calm);
    const before = p99Of(calm);
    print(`calm: ${calm.operations} operations, p99 ${Math.round(before)} ms`);
    for (const { name, begin, end } of troubles) {
      company.disturb(true);
      const tally = await company.run(`${seed}/${name}`, async () => {
        await begin();
        await pause(partMs);
      });
      tallies.push(tally);
      const alone = company.together.alone();
      await end();
      const began = performance.now();
      await pause(1_000);
      const isBack = await company.untilTogether(recoveryMs);
      const p99 = p99Of(tally);
      print(
        `${name}: ${tally.operations} operations, p99 ${Math.round(p99)} ms, ${(p99 / before).toFixed(2)} times; ${alone} processes alone; ${isBack ? `back after ${Math.round(performance.now() - began)} ms` : "NOT back"}`,
      );
      if (p99 > 3 * before) company.findings.push(`${name}: p99 is ${(p99 / before).toFixed(1)} times that of before`);
      if (!isBack) company.findings.push(`${name}: some process is still alone`);
      company.disturb(false);
    }
    tallies.push(await company.run(`${seed}/after`, () => pause(partMs)));
    return await conclude(company, tallies, print);
  } finally {
    await company.close();
  }
}

function p99Of(tally: Tally): number {
  return tally.quantileOfQuestions(0.99);
}

async function conclude(company: Company, tallies: readonly Tally[], print: (line: string) => void): Promise<string[]> {
  for (const tally of tallies.filter((each) => tallies.length === 1 || each === tallies.at(-1)))
    for (const line of tally.lines()) print(line);
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const { partings } = company.together;
  const { unnamed } = company.ways;
  print(
    `${sum(({ operations }) => operations)} operations, ${sum(({ wrong }) => wrong)} wrong, ${sum(({ lost }) => lost)} answers lost with their process; ${partings} times a process went on alone; ${unnamed} changes without a position`,
  );
  return [
    ...(await company.judge(tallies, print)),
    ...(unnamed > 0 ? [`${unnamed} changes were answered without a position`] : []),
  ];
}
