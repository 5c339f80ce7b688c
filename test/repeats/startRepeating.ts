import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { compose } from "../../src/compose/compose.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { SiteConfig } from "../../src/config/sites/SiteConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import { AnswerStore, type Remembered } from "../../src/server/answers/AnswerStore.js";
import type { ManualClock } from "../support/ManualClock.js";

/** What was sent back, but for what is another at each request. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The store of a server, which a test may have look away: then each answer is made anew, and none is remembered. */
class Switchable extends AnswerStore {
  isAway = false;

  override find(key: string): Remembered | undefined {
    return this.isAway ? undefined : super.find(key);
  }

  override isAskedAgain(key: string): boolean {
    return this.isAway ? false : super.isAskedAgain(key);
  }
}

/** Real time that a request may take before it is taken to wait for a pause to be over. */
const stuckAfterMs = 20;

/**
 * The real server under a clock that stands still, with a store of answers that can be told to look away. Pauses are over when
 * everything waits for them.
 */
export async function startRepeating(
  sites: readonly SiteConfig[],
  {
    clock,
    env = {},
    calls = () => 0,
  }: {
    readonly clock: ManualClock;
    readonly env?: Readonly<Record<string, string>>;
    /** How many calls were made upstream so far. */
    readonly calls?: () => number;
  },
) {
  const config = readConfig({ PORT: "0", ...env });
  const logLines: string[] = [];
  const logger = createLogger({ level: "info", destination: { write: (line) => logLines.push(line) } });
  const store = new Switchable({ maxBytes: 32 * 1024 * 1024, now: () => clock.now() });
  const starting = compose({ config, sites, logger, clock, answers: store });
  const server = await settled(starting, clock);

  const send = async (
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Sent> => {
    const response = await fetch(server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { date: _date, "x-request-id": _id, ...shown } = Object.fromEntries(response.headers);
    return { status: response.status, headers: shown, body: await response.text() };
  };
  const ask: typeof send = (...asked) => settled(send(...asked), clock);

  return {
    server,
    store,
    logLines,
    /** Asks as any client does. */
    ask,
    /**
     * Asks, and where the answer was given from what is remembered, asks for it anew as well: then both. What is read again behind
     * answers is let come to its end before, so that nothing but the question moves anything.
     */
    askBoth: async (...asked: Parameters<typeof send>): Promise<{ sent: Sent; anew: Sent | null }> => {
      const { given } = store.counters();
      const first = await ask(...asked);
      if (store.counters().given === given) return { sent: first, anew: null };
      await quiet(calls);
      const sent = await send(...asked);
      if (store.counters().given === given + 1) return { sent, anew: null };
      store.isAway = true;
      const anew = await ask(...asked).finally(() => {
        store.isAway = false;
      });
      return { sent, anew };
    },
    schema: async () => {
      const { body } = await ask(getIntrospectionQuery());
      return buildClientSchema((JSON.parse(body) as { data: IntrospectionQuery }).data);
    },
    close: () => settled(server.close(), clock),
  };
}

export type Repeating = Awaited<ReturnType<typeof startRepeating>>;

/** Waits until nothing is called any more. */
async function quiet(calls: () => number): Promise<void> {
  for (let [before, now] = [-1, calls()]; now !== before; [before, now] = [now, calls()]) {
    await still(quietForMs);
  }
}

/** Real time without a call after which what was under way is at its end. */
const quietForMs = 8;

/**
 * Real time, and turns of the event loop after it: on a busy machine time goes by in which this process does nothing, and what waits to
 * be read then is read in these turns.
 */
async function still(forMs: number, isOver: () => boolean = () => false): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, forMs));
  for (let turn = 0; turn < turnsToLook && !isOver(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const turnsToLook = 100;

/** Waits for something to be done, and lets time pass up to the next end of a pause whenever nothing goes on without it. */
export async function settled<T>(work: Promise<T>, clock: ManualClock): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  const done = work.then(end, end);
  for (;;) {
    await Promise.race([done, still(stuckAfterMs, () => isDone)]);
    if (isDone) return work;
    const shortest = Math.min(...clock.sleeping);
    if (shortest <= longestPauseMs) await clock.advance(shortest);
  }
}

/** What is longer is a time limit. */
const longestPauseMs = 10_000;
