import { readConfig } from "../../src/config/readConfig.js";
import { RedisEngine } from "../../src/fleet/RedisEngine.js";
import { connectRedis } from "../../src/fleet/redis/connectRedis.js";
import { keysOfText } from "../../src/fleet/Sealer.js";
import { createLogger } from "../../src/observability/Logger.js";
import { ManualClock } from "../support/ManualClock.js";

export const fleetKey = "a-word-of-at-least-32-characters-for-a-fleet";

export interface Member extends AsyncDisposable {
  readonly engine: RedisEngine;
  readonly clock: ManualClock;
  /** What it logged, without times. */
  readonly lines: readonly Record<string, unknown>[];
  /** Resolves once it is there, or away. */
  turned(isThere: boolean): Promise<void>;
  /** One heartbeat. */
  beats(): Promise<void>;
  /** Lets the pause of a process that is away be over, and those between its probes. */
  comesBack(pauseMs?: number): Promise<void>;
}

/** A process of a deployment, as far as it shares: its time stands still but where the test moves it, so that no answer comes too late. */
export async function joinFleet(variables: Record<string, string>): Promise<Member> {
  const member = memberOf(variables);
  await member.engine.start();
  return member;
}

/** The same before its start. */
export function memberOf(variables: Record<string, string>): Member {
  const { fleet } = readConfig({ CACHE_KEY: fleetKey, ...variables });
  if (fleet === null) throw new Error("No fleet was configured.");
  const clock = new ManualClock();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => {
    const { time: _time, ...told } = JSON.parse(line) as Record<string, unknown>;
    lines.push(told);
  };
  const engine = new RedisEngine({
    connect: connectRedis(fleet.address),
    keys: keysOfText(fleet.keys, fleet.nameKey),
    clock,
    expectedProcesses: fleet.expectedProcesses,
    nowMs: () => clock.now(),
    random: () => 0.5,
    logger: createLogger({ level: "info", destination: { write } }),
  });
  const turned = (isThere: boolean) =>
    engine.isThere === isThere
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          const stop = engine.onTurn((now) => {
            if (now !== isThere) return;
            stop();
            resolve();
          });
        });
  return {
    ...{ engine, clock, lines, turned },
    beats: async () => {
      await clock.whenSleeping(1_000);
      await clock.advance(1_000);
      await clock.whenSleeping(1_000);
    },
    comesBack: async (pauseMs = 250) => {
      await clock.whenSleeping(pauseMs);
      await clock.advance(pauseMs);
      for (let probe = 1; probe < 3; probe += 1) {
        await clock.whenSleeping(100);
        await clock.advance(100);
      }
      await turned(true);
    },
    [Symbol.asyncDispose]: () => engine.close(),
  };
}
