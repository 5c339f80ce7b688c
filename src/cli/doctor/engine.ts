import type { EngineAddress, FleetConfig } from "../../config/fleet/FleetConfig.js";
import type { Clock } from "../../domain/Clock.js";
import type { EngineReply } from "../../fleet/FleetEngine.js";
import { forgottenAfterMs, presenceParts } from "../../fleet/Presence.js";
import type { Connect, Connection, LostReason } from "../../fleet/redis/Connection.js";
import { readReply } from "../../fleet/redis/readReply.js";
import { type FleetKeys, Sealer } from "../../fleet/Sealer.js";
import { type Check, Examination } from "./Examination.js";
import { connectAdvice, memoryFinding } from "./engineAdvice.js";
import { type Ask, noteRights } from "./engineRights.js";

const limits = {
  /** How long it may take to be reached, and to answer a command. */
  answerMs: 5_000,
  /** Round trips that are timed. */
  rounds: 21,
  /** A call to a site costs one; beyond this it slows all of them. */
  nearMs: 20,
  /** What takes longer is not waited for by the processes. */
  trustedMs: 100,
} as const;

interface EngineExamination {
  readonly fleet: FleetConfig;
  readonly keys: FleetKeys;
  readonly connect: Connect;
  readonly clock: Clock;
}

/** Looks at what processes share the way they would use it. Leaves nothing there, and says no secret. */
export async function examineEngine({ fleet, keys, connect, clock }: EngineExamination): Promise<Check[]> {
  const examination = new Examination(null);
  noteKeys(examination, fleet);
  const connection = await reach(examination, connect, { address: fleet.address, clock });
  if (connection === null) {
    examination.skip("everything else there", "it was not reached", "sharing");
    return examination.checks;
  }
  const ask: Ask = async (command, ...args) => readReply(await within(clock, connection.send(command, args)));
  const sealer = new Sealer(keys);
  try {
    await noteServer(examination, ask, fleet);
    if (await noteRights(examination, ask, { address: fleet.address, sealer })) {
      await noteFunctions(examination, ask);
      await noteOthers(examination, ask, sealer);
    }
    await noteMemory(examination, ask);
    await noteSpeed(examination, ask);
  } finally {
    connection.close();
  }
  return examination.checks;
}

function noteKeys(examination: Examination, { keys }: FleetConfig): void {
  const [first] = keys;
  if (first === undefined) {
    const made = "is not set: what is kept is encrypted with what CALLER_TOKEN and the credentials of sites make up,";
    const advice = "which all processes must have alike; set it, so that credentials can be replaced";
    examination.note("CACHE_KEY", "warning", `${made} ${advice}`);
    return;
  }
  const lengths = keys.map((key) => `${key.reveal().length} characters`);
  const rest = lengths.length > 1 ? ": the first encrypts, both decrypt, for as long as one is replaced" : "";
  examination.note("CACHE_KEY", "ok", `${lengths.join(" and ")}${rest}`);
}

async function reach(
  examination: Examination,
  connect: Connect,
  { address, clock }: { readonly address: EngineAddress; readonly clock: Clock },
): Promise<Connection | null> {
  let lost: LostReason | null = null;
  const givenUp = new AbortController();
  const place = address.path ?? `${address.host}:${address.port}`;
  const opening = connect((reason) => {
    lost ??= reason;
  }, givenUp.signal);
  try {
    const connection = await within(clock, opening);
    const way = `${address.isSafe ? " over TLS" : ""}${address.isCluster ? ", as a cluster" : ""}`;
    examination.note("reaching it", "ok", `${place}${way}`, "sharing");
    return connection;
  } catch (error) {
    givenUp.abort();
    // One that comes too late is not left open.
    opening.then(
      (late) => late.close(),
      () => undefined,
    );
    examination.note("reaching it", "failed", `${place}: ${connectAdvice(error, lost, address)}`, "sharing");
    return null;
  }
}

/** What it calls itself, and whether it is one that takes what it is given. */
async function noteServer(examination: Examination, ask: Ask, { address }: FleetConfig): Promise<void> {
  const facts = pairsOf(await ask("HELLO", 2).catch(() => null));
  const version = facts.get("version");
  if (version === undefined) {
    examination.note("version", "warning", "it does not tell: it has to be a Valkey, or a Redis from 6.0 on");
    return;
  }
  examination.note("version", "ok", `${facts.get("server") ?? "unnamed"} ${version}`);
  const mode = facts.get("mode");
  const role = facts.get("role");
  if (mode === "sentinel") {
    const advice = "it is a Sentinel, which keeps nothing: CACHE_URL has to name the server itself";
    examination.note("role", "failed", `${advice}, by an address that follows the primary`, "sharing");
  } else if (role !== undefined && role !== "master" && !address.isCluster) {
    examination.note("role", "failed", "it is a replica, which takes nothing: name the primary", "sharing");
  } else if (mode === "cluster" && !address.isCluster) {
    const advice = "it is a node of a cluster: put ?cluster=true behind CACHE_URL";
    examination.note("role", "failed", advice, "sharing");
  } else {
    examination.note("role", "ok", address.isCluster ? "cluster" : "primary");
  }
}

/** Some builds lack what functions pack and write with. */
async function noteFunctions(examination: Examination, ask: Ask): Promise<void> {
  const lua = "return {cjson.decode('[7]')[1], #cmsgpack.pack({1})}";
  const reply = await ask("EVAL", lua, 0).catch(() => null);
  const isWell = Array.isArray(reply) && reply[0] === 7;
  if (isWell) examination.note("functions", "ok", "run there, with cjson and cmsgpack");
  else {
    const advice =
      "its Lua lacks cjson or cmsgpack, which every Valkey and Redis is built with: take another build of it";
    examination.note("functions", "failed", advice, "sharing");
  }
}

/** Whoever has another key is not seen. */
async function noteOthers(examination: Examination, ask: Ask, sealer: Sealer): Promise<void> {
  const [scope, ...parts] = presenceParts;
  const time = await ask("TIME").catch(() => null);
  const sinceMs = Array.isArray(time) ? Number(time[0]) * 1_000 - forgottenAfterMs : 0;
  const present = await ask("ZRANGEBYSCORE", sealer.key(scope, parts), sinceMs, "+inf").catch(() => null);
  const count = Array.isArray(present) ? present.length : 0;
  const none = "none shares by this key just now: any that run have another CACHE_KEY, or are away from it";
  examination.note("processes", "ok", count === 0 ? none : `${count} that share by this key`);
}

async function noteMemory(examination: Examination, ask: Ask): Promise<void> {
  const info = await ask("INFO", "memory").catch((error: unknown) => error);
  if (!Buffer.isBuffer(info)) {
    const advice = "it does not tell: for this alone its user needs +info";
    examination.skip("memory", advice);
    return;
  }
  const facts = new Map(
    info
      .toString("utf8")
      .split(/\r?\n/)
      .map((line): [string, string] => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1)]),
  );
  const { outcome, finding } = memoryFinding(facts);
  examination.note("memory", outcome, finding);
}

async function noteSpeed(examination: Examination, ask: Ask): Promise<void> {
  const took: number[] = [];
  for (let round = 0; round < limits.rounds; round += 1) {
    const startMs = performance.now();
    if ((await ask("PING").catch(() => undefined)) === undefined) {
      examination.note("round trip", "failed", "it stopped answering", "sharing");
      return;
    }
    took.push(performance.now() - startMs);
  }
  took.sort((one, other) => one - other);
  const [median = 0, worst = 0] = [took[limits.rounds >> 1], took.at(-1)];
  const finding = `${median.toFixed(1)} ms, ${worst.toFixed(1)} ms at most of ${limits.rounds}`;
  if (median > limits.trustedMs) {
    examination.note("round trip", "failed", `${finding}: processes do not wait for it, put it nearer`, "sharing");
  } else if (median > limits.nearMs) {
    examination.note("round trip", "warning", `${finding}: each call to a site costs one, put it nearer`);
  } else examination.note("round trip", "ok", finding);
}

/** A list of names, each followed by what it is. */
function pairsOf(reply: EngineReply | undefined): ReadonlyMap<string, string> {
  const items = Array.isArray(reply) ? reply.map(String) : [];
  return new Map(items.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, items[at + 1] ?? ""]] : [])));
}

async function within<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const tooLong = clock.atMost(limits.answerMs, over.signal).then((): never => {
    throw new Error(`no answer within ${limits.answerMs / 1_000} s`);
  });
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    over.abort();
  }
}
