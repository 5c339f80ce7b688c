import { describe, expect, it } from "vitest";
import { expectNeverHit, settleFaults, startWatchedSandbox } from "../../support/deadFaults.js";
import { smallWorld } from "../support/smallWorld.js";

const match = "GET /wiki/api/v2/spaces";
const dead = `nothing came for these faults, so that they prove nothing: ${match}`;

/** A sandbox with one fault, after as many calls for it. */
async function startWithFault(calls: number) {
  const sandbox = await startWatchedSandbox({ world: smallWorld() });
  await fetch(`${sandbox.url}/__sandbox/faults`, { method: "POST", body: JSON.stringify([{ match, status: 503 }]) });
  for (let call = 0; call < calls; call += 1) await fetch(`${sandbox.url}/wiki/api/v2/spaces`);
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() };
}

describe("a fault of a test", () => {
  it("that never acted makes it fail, once, whether its sandbox still runs or not", async () => {
    await using sandbox = await startWithFault(0);
    expect(() => settleFaults(false)).toThrow(dead);
    expect(() => settleFaults(false)).not.toThrow();
    await (await startWithFault(0)).close();
    expect(() => settleFaults(true)).toThrow(dead);
    expect(sandbox.unhitFaults()).toHaveLength(1);
  });

  it("is not forgiven because the sandbox was reset or the faults were withdrawn", async () => {
    await using first = await startWithFault(0);
    first.reset();
    expect(() => settleFaults(false)).toThrow(dead);
    await using second = await startWithFault(0);
    await fetch(`${second.url}/__sandbox/faults`, { method: "DELETE" });
    expect(() => settleFaults(false)).toThrow(dead);
  });

  it("that acted once is enough", async () => {
    await using _sandbox = await startWithFault(1);
    expect(() => settleFaults(false)).not.toThrow();
  });

  it("that stands guard must never act", async () => {
    await using _idle = await startWithFault(0);
    expectNeverHit(match, "nobody asks for spaces here");
    expect(() => settleFaults(false)).not.toThrow();
    await using _busy = await startWithFault(1);
    expectNeverHit(match, "nobody asks for spaces here");
    expect(() => settleFaults(false)).toThrow("faults that were not to act did");
    expect(() => expectNeverHit(match, " ")).toThrow("say why");
  });

  it("of a test that runs beside others is its own affair until its sandbox is closed", async () => {
    const sandbox = await startWithFault(0);
    expect(() => settleFaults(true)).not.toThrow();
    await sandbox.close();
    expect(() => settleFaults(true)).toThrow(dead);
  });
});
