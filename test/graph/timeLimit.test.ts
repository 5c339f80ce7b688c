import { afterEach, describe, expect, it, vi } from "vitest";
import { ReadThrough } from "../../src/cache/ReadThrough.js";
import { Callers } from "../../src/callers/Callers.js";
import { Turns } from "../../src/callers/Turns.js";
import { UnbegunWork } from "../../src/callers/UnbegunWork.js";
import { ConcurrencyLimit } from "../../src/http/admission/ConcurrencyLimit.js";
import { ReplyTurns } from "../../src/http/admission/ReplyTurns.js";
import { Audience } from "../../src/loaders/engine/Audience.js";
import { startStack } from "../support/startStack.js";
import { batchingWorld } from "../support/worlds.js";

const never = () => new Promise<never>(() => undefined);

/** Each place in which a request waits, where nothing ever wakes it, and a query that comes there. */
const rooms = [
  ["to be identified", () => vi.spyOn(Callers.prototype, "identify").mockImplementation(never), "{ __typename }"],
  ["to begin", () => vi.spyOn(Turns.prototype, "begin").mockImplementation(never), "{ sites { name } }"],
  [
    "for rows to be begun",
    () => vi.spyOn(UnbegunWork.prototype, "whenBegun").mockImplementation(() => undefined),
    "{ spaces { nodes { createdBy { displayName } } } }",
  ],
  [
    "with others for what is read",
    () => vi.spyOn(Audience.prototype, "join").mockImplementation(never),
    "{ spaces(filter: { kinds: [PERSONAL] }) { nodes { name } } }",
  ],
  [
    "for what another request reads",
    () => vi.spyOn(ReadThrough.prototype, "readManyDated").mockImplementation(never),
    "{ accounts { nodes { displayName } } }",
  ],
  [
    "for a lane to the site",
    () => vi.spyOn(ConcurrencyLimit.prototype, "enter").mockImplementation(never),
    "{ spaces { nodes { grants { nodes { id } } } } }",
  ],
  [
    "for its reply to be read",
    () => vi.spyOn(ReplyTurns.prototype, "turn").mockImplementation(never),
    "{ groups { nodes { members { nodes { accountId } } } } }",
  ],
  [
    "for its turn to be worked on",
    () => vi.spyOn(Turns.prototype, "wait").mockImplementation(never),
    `{ sites { ${Array.from({ length: 300 }, (_, at) => `a${at}: name b${at}: url`).join(" ")} } }`,
  ],
] as const;

/** Nothing else takes as long. */
const limitSeconds = 3_599;

/** Has the time of all requests that are under way be over; nobody waits that long here. */
function watchTimeLimit(): () => void {
  const { setTimeout } = globalThis;
  const over: (() => void)[] = [];
  const timed = (then: () => void, ms?: number, ...rest: unknown[]) => {
    if (ms === limitSeconds * 1_000) over.push(then);
    return setTimeout(then, ms, ...rest);
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(timed as typeof setTimeout);
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now() + aheadMs);
  return () => {
    aheadMs += limitSeconds * 1_000;
    for (const look of over) look();
  };
}

afterEach(() => vi.restoreAllMocks());

describe("a request is answered in time, and so is the next, where it waits", () => {
  it.each(rooms)("%s, and nothing wakes it", async (_what, hold, query) => {
    const endTime = watchTimeLimit();
    await using stack = await startStack({
      world: batchingWorld(),
      env: { REQUEST_TIME_LIMIT_SECONDS: String(limitSeconds) },
    });
    const held = hold();
    const answer = stack.query(query);
    let early: unknown = null;
    answer.then((told) => (early = told));
    // Whoever was answered before it waited tells what with.
    await expect
      .poll(() => ({ early, isHeld: held.mock.calls.length > 0 }), { interval: 2 })
      .toEqual({ early: null, isHeld: true });
    let isAnswered = false;
    answer.finally(() => {
      isAnswered = true;
    });
    // What waits by then may be what a start has begun, and the request behind it.
    await expect
      .poll(() => {
        endTime();
        return isAnswered;
      })
      .toBe(true);
    const { data, errors } = await answer;
    expect(data).toBeUndefined();
    expect(errors).toEqual([
      {
        message: expect.stringContaining("No answer was ready within 3599 s,"),
        extensions: { code: "INTERNAL", errorId: expect.any(String) },
      },
    ]);
    vi.restoreAllMocks();
    expect((await stack.query("{ sites { name } }")).errors).toBeUndefined();
  });
});
