import { parseArgs } from "node:util";
import { Secret } from "../../src/config/Secret.js";
import { LocalLocks } from "../../src/record/Locks.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { openRecord } from "../../src/record/openRecord.js";
import { postgresPrograms, startPostgres } from "../support/startPostgres.js";
import { type OpenShared, runSequence, type SequenceResult } from "./runSequence.js";

const usage = `Carries out random changes by three callers over two compositions, with faults upstream, and compares what was
answered with the sandbox's world and with the record.

  npm run model -- [options]

  --sequences N   how many (500)
  --length N      changes in each (30)
  --seed TEXT     the first; the others are TEXT/1, TEXT/2 and so on ("1")
  --only TEXT     this one alone, as a failure names it
  --memory        no PostgreSQL, although the machine has one
`;

const options = {
  sequences: { type: "string", default: "500" },
  length: { type: "string", default: "30" },
  seed: { type: "string", default: "1" },
  only: { type: "string" },
  memory: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Two compositions of one process. */
export const inMemory: OpenShared = async (clock) => {
  const part = { record: new MemoryRecord(clock), locks: new LocalLocks() };
  return { parts: [part, part], close: () => part.record.close() };
};

/** What `npm run model` does; resolves with the exit code. */
export async function modelCommand(args: readonly string[], print: (line: string) => void): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    print(usage);
    return 0;
  }
  const postgres = values.memory || postgresPrograms === null ? null : await startPostgres();
  print(
    postgres === null ? "In memory: two compositions of one process." : "Over PostgreSQL: two ends of one database.",
  );
  // One for each run: a sequence that is shortened asks under the same request ids again.
  const inPostgres: OpenShared = async (clock) => {
    const address = (await postgres?.createDatabase()) ?? "";
    const place = { kind: "database" as const, url: new Secret(address) };
    const parts = [await openRecord(place, clock), await openRecord(place, clock)];
    const close = async () => {
      for (const { record, locks } of parts) {
        await locks.close();
        await record.close();
      }
    };
    return { parts, close };
  };
  const open = postgres === null ? inMemory : inPostgres;
  const seeds =
    values.only === undefined
      ? Array.from({ length: Number(values.sequences) }, (_, at) => `${values.seed}/${at + 1}`)
      : [values.only];
  let failed = 0;
  try {
    for (const seed of seeds) {
      const result = await runSequence(seed, Number(values.length), open);
      if (!isFailure(result)) continue;
      failed += 1;
      print(describeSequence(await shorten(result, Number(values.length), open)));
    }
  } finally {
    await postgres?.stop();
  }
  print(`${seeds.length} sequences, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function isFailure({ untruths, leftAlone }: SequenceResult): boolean {
  return untruths.length + leftAlone.length > 0;
}

/** The same seed with as few of its changes as still fail. */
export async function shorten(failing: SequenceResult, length: number, open: OpenShared): Promise<SequenceResult> {
  let shortest = failing;
  let [passes, fails] = [0, length];
  while (fails - passes > 1) {
    const middle = (passes + fails) >> 1;
    const result = await runSequence(failing.seed, middle, open);
    if (!isFailure(result)) passes = middle;
    else [fails, shortest] = [middle, result];
  }
  return shortest;
}

export function describeSequence({ seed, deployment, ended, untruths, leftAlone }: SequenceResult): string {
  const changes = ended.map(
    ({ change, began, outcome, code, cause }) =>
      `    ${began} ${change.at} caller ${change.caller}, composition ${change.graph}: ${change.mutation} ${JSON.stringify(change.makes)} ${change.takesAlong ?? ""} -> ${outcome} ${code ?? cause ?? ""}`,
  );
  return [
    `seed ${seed}, ${ended.length} changes, ${deployment}`,
    ...[...untruths, ...leftAlone].map((each) => `  ${each}`),
    ...changes,
  ].join("\n");
}
