import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSandbox } from "../../sandbox/src/startSandbox.js";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { postgresPrograms, startPostgres } from "../support/startPostgres.js";
import { killWorld } from "./killActions.js";
import { type KilledRound, type KillMoment, openKillStage } from "./openKillStage.js";

const usage = `Usage: npm run kills -- [--rounds 200] [--record directory|database] [--seed 1]

Builds nothing: run \`npm run build\` first. Asks the built server for one change after the other and kills it (SIGKILL) at some
call of each, before the site had it, after it was carried out, or a moment later, or right after the answer; starts it over the
same record, asks the same under the same request id, and looks at what reached the site. Ends with 1 where a change was written twice or not at all, an
answer was another one, or the record lost or damaged an entry.

  --rounds   how many changes (200)
  --record   a directory (STATE_DIR, the default) or a PostgreSQL of its own (DATABASE_URL)
  --seed     which calls are chosen (1)
  --help     this text
`;

/** Calls that a change makes at most, with some to spare: a round whose change makes fewer is killed by nothing. */
const mostCalls = 10;

export async function killsCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "200" },
      record: { type: "string", default: "directory" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(usage);
    return 0;
  }
  if (values.record === "database" && postgresPrograms === null) {
    print("This machine has no PostgreSQL.");
    return 2;
  }
  const rounds = Number(values.rounds);
  const random = randomFrom(Number(values.seed));
  const folder = await mkdtemp(join(tmpdir(), "kills-"));
  const postgres = values.record === "database" ? await startPostgres() : null;
  const sandbox = await startSandbox({ world: parseWorld(killWorld) });
  const stage = await openKillStage(
    sandbox,
    postgres === null
      ? { kind: "directory", directory: join(folder, "state") }
      : { kind: "database", url: await postgres.createDatabase() },
    folder,
  );
  let killed = 0;
  const wrong: KilledRound[] = [];
  try {
    for (let number = 0; number < rounds; number += 1) {
      const round = await stage.round(number, momentFrom(random));
      if (round.wasKilled) killed += 1;
      const { outcomes, expected, writes } = round;
      if (outcomes.some((outcome) => outcome !== expected) || writes.length !== 1) wrong.push(round);
      if ((number + 1) % 20 === 0) print(`${number + 1} changes, ${killed} kills, ${wrong.length} wrong`);
    }
    const { entries, faults, open } = await stage.inspect();
    for (const round of wrong) print(JSON.stringify(round));
    for (const { message } of faults) print(message);
    print(
      `${rounds} changes, ${killed} kills: ${wrong.length} wrong; ${entries} entries of the record, ${faults.length} at fault, ${open} without a result.`,
    );
    return wrong.length + faults.length + open === 0 ? 0 : 1;
  } finally {
    await stage.close();
    await sandbox.close();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function momentFrom(random: () => number): KillMoment {
  const call = 1 + Math.floor(random() * mostCalls);
  const when = (["before", "after", "later", "answered"] as const)[Math.floor(random() * 4)] ?? "before";
  if (when === "answered") return { when };
  return { call, when, laterMs: Math.floor(random() * 25) };
}

/** Numbers from 0 to 1 that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
