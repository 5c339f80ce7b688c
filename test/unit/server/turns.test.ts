import { describe, expect, it } from "vitest";
import { boundless, unboundedCaller } from "../../../src/callers/Caller.js";
import { CallerBudgets } from "../../../src/callers/CallerBudgets.js";
import { Callers, type Identified } from "../../../src/callers/Callers.js";
import { systemClock } from "../../../src/compose/systemClock.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { AnswerStore } from "../../../src/server/answers/AnswerStore.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const logger = createLogger({ level: "error", destination: { write: () => undefined } });

/** Believes whatever name it is told. */
class NamedCallers extends Callers {
  constructor() {
    super({
      config: { file: null, jwt: null, limits: boundless, operations: "any" },
      token: null,
      clock: systemClock,
      logger,
    });
  }

  override identify(authorization: string | undefined): Identified {
    const name = authorization ?? "nobody";
    return {
      kind: "known",
      caller: unboundedCaller(name, name === "single" ? { ...limits, operationsAtOnce: 1 } : limits),
    };
  }
}

const limits = { ...boundless, costPerMinute: 100_000 };
const query = (name: string, id: string) =>
  `GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${name}\r\nX-Request-Id: ${id}\r\nApollo-Require-Preflight: 1\r\n\r\n`;

describe("callers who ask at once", () => {
  it("are answered in turn: thirty questions of one that came first are not before another's one", async () => {
    const order: string[] = [];
    const server = await startTestServer({
      callers: new NamedCallers(),
      createContext: (request) => {
        order.push(request.caller.name);
        return { request };
      },
    });
    const [flood, quiet] = [await openRaw(server.port), await openRaw(server.port)];
    for (const [connection, name] of [
      [quiet, "quiet"],
      [flood, "flood"],
    ] as const) {
      connection.send(query(name, "request-first"));
      await connection.until(/request-first[\s\S]*world/);
    }
    order.length = 0;
    // Both stand in the server's sockets before it reads any.
    flood.send(query("flood", "request-more").repeat(29) + query("flood", "request-last"));
    quiet.send(query("quiet", "request-last"));
    await Promise.all([flood.until(/request-last[\s\S]*world/), quiet.until(/request-last[\s\S]*world/)]);
    expect(order.indexOf("quiet")).toBeLessThanOrEqual(2);
    expect(order).toHaveLength(31);
  });

  it("count what goes on for a client that hung up until it has ended", async () => {
    const ends: ((answer: string) => void)[] = [];
    const slow = () => new Promise<string>((resolve) => ends.push(resolve));
    const server = await startTestServer({ callers: new NamedCallers(), slow });
    const codeOf = async (document: string) => {
      const answer = await server.post({ query: document }, { authorization: "single" });
      const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
      return errors?.[0]?.extensions.code ?? null;
    };
    const client = await openRaw(server.port);
    client.send(query("single", "request-slow").replace("hello", "slow"));
    await expect.poll(() => ends.length).toBe(1);
    expect(await codeOf("{ hello }")).toBe("CALLER_OVER_BUDGET");
    client.socket.destroy();
    await expect.poll(() => server.lines.some((line) => line.isAborted === true)).toBe(true);
    expect(await codeOf("{ hello }")).toBe("CALLER_OVER_BUDGET");
    ends[0]?.("at last");
    await expect.poll(() => codeOf("{ hello }")).toBeNull();
  });

  it("pay for answers that are given again", async () => {
    const charged: number[] = [];
    class Watched extends CallerBudgets {
      override of(caller: Parameters<CallerBudgets["of"]>[0]) {
        const budget = super.of(caller);
        budget.chargeRepeat = (bytes) => void charged.push(bytes);
        return budget;
      }
    }
    const server = await startTestServer({
      callers: new NamedCallers(),
      budgets: new Watched(systemClock),
      answers: {
        store: new AnswerStore({ maxBytes: 100_000, now: () => systemClock.now() }),
        mayRepeat: () => true,
        standingOf: () => ({ size: 1, isStanding: () => true }),
      },
    });
    const ask = async () => (await server.post({ query: "{ hello }" })).text();
    for (let count = 0; count < 5; count += 1) await ask();
    const { length } = await ask();
    expect(charged.length).toBeGreaterThanOrEqual(2);
    expect(new Set(charged)).toEqual(new Set([length]));
  });
});
