import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../../src/compose/systemClock.js";
import { Secret } from "../../../src/config/Secret.js";
import type { SiteId } from "../../../src/domain/ids.js";
import { verifyChain } from "../../../src/record/chain.js";
import { openRecord } from "../../../src/record/openRecord.js";
import { runClient, type Ways } from "../../soak/Client.js";
import { Questions } from "../../soak/questions.js";
import { factsIn, makeScene } from "../../soak/scene.js";
import { judgeWrites, type LostLocks, type SentWrite, writesIn } from "../../soak/sentWrites.js";
import { Tally } from "../../soak/Tally.js";
import { writeCallersFile } from "../../support/callersFile.js";
import { startPostgres, type TestPostgres } from "../../support/startPostgres.js";
import type { Engine } from "./Engine.js";
import { FleetWays } from "./FleetWays.js";
import {
  engineEnv,
  errorsOf,
  type Member,
  siteEnv,
  siteIdOf,
  startMember,
  startSite,
  untilReady,
} from "./startFleet.js";
import { Togetherness } from "./Togetherness.js";

/** How often what the site was sent is taken out of its journal. */
const takeWritesMs = 10_000;

interface CompanyOptions {
  readonly processes: number;
  readonly clients: number;
  readonly engine: Engine;
  readonly rate: number | null;
  /** Of a hundred operations, how many are changes; with any, there is a PostgreSQL for their record. */
  readonly changes: number;
  readonly thinkMs: number;
  readonly settings?: Readonly<Record<string, string>>;
}

interface Load {
  readonly ways: Ways;
  /** Shares, of 1. */
  readonly changes: number;
  readonly fresh: number;
}

/** Several processes over one site, an engine and, where there are changes, a database; and clients that come to any of them. */
export async function openCompany({
  processes,
  clients,
  engine,
  rate,
  changes,
  thinkMs,
  settings = {},
}: CompanyOptions) {
  const scene = makeScene({ clients });
  const callersFile = writeCallersFile(
    Array.from({ length: 10 }, (_, at) => ({ name: `caller-${at}`, scopes: ["read", "read:personal", "grant"] })),
  );
  const headersOf = (caller: number) => callersFile.headersOf(`caller-${caller}`);
  const site = await startSite({ world: scene.world, rate, latencyMs: 20 });
  const postgres: TestPostgres | null = changes > 0 ? await startPostgres() : null;
  const database = await postgres?.createDatabase();
  const env = {
    ...{ ...siteEnv(site.url), ...engineEnv(engine), CALLERS_FILE: callersFile.path },
    ...settings,
    ...(database === undefined ? {} : { PROVISIONING: "on", DATABASE_URL: database }),
  };
  let members: readonly Member[] = [];
  const ended: Member[] = [];
  const together = new Togetherness(() => members);
  /** By the hand of the test: the engine is not as it should be, so that nobody is held to what needs it. */
  let isDisturbed = false;
  const ways = new FleetWays(
    () => members,
    () => together.areTogether() && !isDisturbed,
    headersOf,
  );
  const start = async () => {
    const member = await startMember(env);
    await untilReady(member);
    return member;
  };
  members = await Promise.all(Array.from({ length: processes }, start));
  const [first] = members;
  if (first === undefined) throw new Error("No process.");
  const siteId = await siteIdOf(first, headersOf(0));
  const questions = new Questions(scene, siteId);
  const findings: string[] = [];
  const writes: SentWrite[] = [];
  const takeWrites = async () => void writes.push(...writesIn((await site.takeCalls()).calls));
  const lost: LostLocks[] = [];

  return {
    ...{ scene, site, postgres, ways, together, findings, env, headersOf },
    members: () => members,
    disturb: (is: boolean) => {
      isDisturbed = is;
    },
    /** A new process in the place of one that was killed. */
    replace: async (member: Member) => {
      await member.kill();
      ended.push(member);
      const fresh = await start();
      members = members.map((each) => (each === member ? fresh : each));
    },
    /** Until every process has its engine again, by itself. */
    untilTogether: async (ms: number): Promise<boolean> => {
      const until = performance.now() + ms;
      while (!together.areTogether() && performance.now() < until) await pause(50);
      return together.areTogether();
    },
    /** Beside those that are there, or in their place. */
    setMembers: (next: readonly Member[]) => {
      ended.push(...members.filter((member) => !next.includes(member)));
      members = next;
    },
    start,
    /** Something that may take locks from those who hold them. */
    losingLocks: async (act: () => Promise<void>) => {
      const fromMs = Date.now();
      await act();
      lost.push({ fromMs, toMs: Date.now() });
    },
    /** All clients at once, for as long as `meanwhile` takes. */
    run: async (seed: string, meanwhile: () => Promise<void>, other: Partial<Load> = {}): Promise<Tally> => {
      const tally = new Tally();
      let isOver = false;
      const load = { ways, changes: changes / 100, fresh: 0.02, thinkMs, ...other };
      const all = scene.accounts.map((account) =>
        runClient({ account, seed, scene, questions, tally, isOver: () => isOver, ...load }),
      );
      // The journal is bounded.
      const taking = setInterval(() => void takeWrites(), takeWritesMs);
      try {
        await meanwhile();
      } finally {
        isOver = true;
        clearInterval(taking);
      }
      await Promise.all(all);
      return tally;
    },
    /** The world in the end, the record and the logs, against what was answered. */
    judge: async (tallies: readonly Tally[], print: (line: string) => void): Promise<string[]> => {
      const facts = factsIn(await site.world());
      const untrue = [...scene.ledger.known()].filter(([name, isSo]) => facts.has(name) !== isSo);
      const record = database === undefined ? null : await readRecord(database, siteId as SiteId);
      await takeWrites();
      const intents = tallies.flatMap((tally) => tally.intents);
      const sent = judgeWrites(writes, intents, lost);
      print(
        `${writes.length} writes for ${intents.length} changes; ${sent.inWindow} of them twice, where a lock was lost`,
      );
      const unrecorded = tallies.flatMap(({ accepted }) => accepted).filter((id) => record?.requests.has(id) === false);
      return [
        ...tallies.flatMap((tally) => tally.findings),
        ...untrue.map(([name, isSo]) => `${name} was answered as ${isSo}, and in the world it is not`),
        ...sent.wrong,
        ...unrecorded.map((id) => `change ${id} was answered, and is not on record`),
        ...(record?.faults ?? []),
        ...[...members, ...ended].flatMap(({ program }) => errorsOf(program)).slice(0, 10),
        ...findings,
      ];
    },
    close: async () => {
      await Promise.all(members.map((member) => member.kill()));
      await site.close();
      await postgres?.stop();
      await callersFile[Symbol.asyncDispose]();
    },
  };
}

export type Company = Awaited<ReturnType<typeof openCompany>>;

async function readRecord(url: string, siteId: SiteId) {
  const { record, locks } = await openRecord({ kind: "database", url: new Secret(url) }, systemClock);
  try {
    const entries = await record.chain(siteId, 0, 1_000_000);
    const { faults } = verifyChain({ number: 0, hash: "genesis" }, entries);
    return {
      // How it ended may be missing where the database was killed in between: that is settled when the change is asked for again.
      requests: new Set(entries.map(({ callerRequestId }) => callerRequestId)),
      faults: faults.map((fault) => `the record: ${JSON.stringify(fault)}`),
    };
  } finally {
    await locks.close();
    await record.close();
  }
}
