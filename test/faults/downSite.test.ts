import { describe, expect, it } from "vitest";
import { httpLimits } from "../../src/http/limits.js";
import { startStack } from "../support/startStack.js";
import { crowdWorld } from "./crowdWorld.js";

/** Sleeps of at least this long are time limits, and nothing here takes that long. */
const shortestLimitMs = 10_000;

/** A site of which everything fails, and a clock on which pauses pass at once and are counted. */
async function startDownStack() {
  const stack = await startStack({ world: crowdWorld() });
  const { clock } = stack;
  const sleep = clock.sleep.bind(clock);
  const pauses: number[] = [];
  clock.sleep = (durationMs, signal) => {
    if (durationMs >= shortestLimitMs) return sleep(durationMs, signal);
    pauses.push(durationMs);
    clock.shift(durationMs);
    return sleep(0, signal);
  };
  await stack.forgetCalls();
  await stack.fail({ match: "* /**", times: "always", status: 503 });
  /** What was asked and how often it paused since the last time. */
  const spent = async () => {
    const counted = { calls: stack.calls(), pauses: pauses.splice(0).length };
    await stack.forgetCalls();
    return counted;
  };
  return Object.assign(stack, { spent });
}

const severalLists = `{
  spaces { nodes { key grants { nodes { id } } } completeness { gaps { code } } }
  groups { nodes { name members { nodes { id } } } completeness { gaps { code } } }
  accounts(filter: { emails: ["nobody@example.com"] }) { nodes { id } completeness { gaps { code } } }
}`;

describe("several lists of a site that is down", () => {
  it("find it out together: each route that was asked first five times, and once what comes after", async () => {
    await using stack = await startDownStack();
    const { data, errors } = await stack.query(severalLists);
    expect(data).toMatchObject({ spaces: { nodes: null }, groups: { nodes: null }, accounts: { nodes: null } });
    expect(errors?.length).toBeGreaterThan(0);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(errors?.map(() => "UPSTREAM_FAILED"));

    const first = await stack.spent();
    const asked = new Map<string, number>();
    for (const call of first.calls) asked.set(call, (asked.get(call) ?? 0) + 1);
    expect(Math.max(...asked.values())).toBe(1 + httpLimits.maxRetries);
    // No call is made again at half the size, and none begins its own repetitions after another has spent them.
    expect(first.calls.length).toBeLessThanOrEqual(25);
    expect(first.pauses).toBeLessThanOrEqual(20);

    await stack.query(severalLists);
    const second = await stack.spent();
    expect(second.pauses).toBe(0);
    expect(second.calls.length).toBeLessThanOrEqual(4);
  });

  it("are whole with the next query once the site is back", async () => {
    await using stack = await startDownStack();
    await stack.query(severalLists);
    await fetch(`${stack.sandbox.url}/__sandbox/faults`, { method: "DELETE" });
    const { data, errors } = await stack.query(severalLists);
    expect(errors).toBeUndefined();
    expect([data.spaces, data.groups].map(({ completeness }) => completeness.gaps)).toEqual([[], []]);
  });
});
