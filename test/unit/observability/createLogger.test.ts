import { describe, expect, it } from "vitest";
import type { LogLevel } from "../../../src/config/Config.js";
import { Secret } from "../../../src/config/Secret.js";
import { SiteError } from "../../../src/domain/SiteError.js";
import { runAs } from "../../../src/observability/currentWork.js";
import { gatherLines } from "../../../src/observability/gatherLines.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { redact, registerSecret } from "../../../src/observability/redact.js";

function captureLog(level: LogLevel = "debug") {
  const lines: string[] = [];
  const logger = createLogger({ level, destination: { write: (line) => lines.push(line) } });
  const last = () => JSON.parse(lines.at(-1) ?? "null");
  return { logger, lines, last };
}

describe("createLogger", () => {
  it("writes one JSON object a line, with an ISO time and the level as a word", () => {
    const { logger, lines, last } = captureLog();
    logger.info({ site: "acme" }, "ready\nsteady");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.indexOf("\n")).toBe((lines[0]?.length ?? 0) - 1);
    expect(last()).toMatchObject({ level: "info", site: "acme", msg: "ready\nsteady" });
    expect(new Date(last().time).toISOString()).toBe(last().time);
  });

  it("writes nothing below its level, and nothing at all when silent", () => {
    const { logger, lines } = captureLog("warn");
    logger.info({}, "no");
    logger.debug({}, "no");
    logger.warn({}, "yes");
    expect(lines).toHaveLength(1);
    const silent = captureLog("silent");
    silent.logger.error({}, "no");
    expect(silent.lines).toEqual([]);
  });

  it("masks what stands under a telling key at any depth, and keeps what only sounds like one", () => {
    const { logger, last } = captureLog();
    logger.info(
      {
        headers: { Authorization: "x1", "Set-Cookie": "x2", accept: "json" },
        list: [{ apiToken: "x3", password: "x4", client_secret: "x5" }],
        hasToken: true,
        tokenType: "Bearer",
      },
      "m",
    );
    expect(last()).toMatchObject({
      headers: { Authorization: "[secret]", "Set-Cookie": "[secret]", accept: "json" },
      list: [{ apiToken: "[secret]", password: "[secret]", client_secret: "[secret]" }],
      hasToken: true,
      tokenType: "Bearer",
    });
  });

  it("adds a child's fields to its lines, masked like any others", () => {
    const { logger, last } = captureLog();
    logger.child({ requestId: "r1", cookie: "x" }).child({ site: "acme" }).warn({ n: 1 }, "m");
    expect(last()).toMatchObject({ requestId: "r1", cookie: "[secret]", site: "acme", n: 1 });
  });

  it("writes an error with its type, stack, facts and cause", () => {
    const { logger, last } = captureLog();
    const cause = new TypeError("socket closed");
    const error = new SiteError("Unreachable", "no answer", { call: "GET /x", cause });
    logger.error({ error }, "m");
    expect(last().error).toMatchObject({
      type: "SiteError",
      message: "no answer",
      kind: "Unreachable",
      call: "GET /x",
      cause: { type: "TypeError", message: "socket closed" },
    });
    expect(last().error.stack).toContain("createLogger.test");
  });

  it("survives circles, depth, size and values that JSON has no word for", () => {
    const { logger, last } = captureLog();
    const circle: Record<string, unknown> = { name: "c" };
    circle.self = circle;
    let deep: unknown = "bottom";
    for (let level = 0; level < 50; level++) deep = { deep };
    logger.info({ circle, deep, many: Array.from({ length: 500 }, () => 1), long: "x".repeat(50_000), big: 7n }, "m");
    const line = last();
    expect(line.circle).toEqual({ name: "c", self: "[circular]" });
    expect(JSON.stringify(line.deep)).toContain("[too deep]");
    expect(line.many).toHaveLength(101);
    expect(line.long.length).toBeLessThan(17_000);
    expect(line.big).toBe("7");
  });

  it("writes a field of any name and a line whose fields fail, and takes nothing for its own", () => {
    const { logger, lines, last } = captureLog();
    logger.info(JSON.parse('{"__proto__":{"admin":true},"n":1}'), "m");
    expect(lines[0]).toContain('"__proto__":{"admin":true},"n":1');
    const fails = {
      toJSON() {
        throw new Error("no");
      },
    };
    logger.warn({ fails }, "still told");
    expect(last()).toMatchObject({ level: "warn", fields: "[unwritable]", msg: "still told" });
  });

  it("puts what its request is known by into a line, each field once, and the line's own where there are two", () => {
    const { logger, lines } = captureLog();
    const marks = {
      logFields: { requestId: 'r"1', client: "Web" },
      traceHeaders: {},
      isTraceToldToSites: false,
      span: null,
    };
    runAs({ marks }, () => logger.info({ status: 200, client: "Other\n", none: undefined, odd: Number.NaN }, "m"));
    expect(lines[0]).toContain('"requestId":"r\\"1","client":"Other\\n","status":200,"odd":null,"msg":"m"}');
  });

  it("has what says that something is wrong go out at once, and nothing else", () => {
    const told: string[] = [];
    const destination = { write: (line: string) => told.push(JSON.parse(line).level), flush: () => told.push("flush") };
    const logger = createLogger({ level: "debug", destination });
    for (const level of ["debug", "info", "warn", "error"] as const) logger[level]({}, "m");
    expect(told).toEqual(["debug", "info", "warn", "flush", "error", "flush"]);
  });

  it("lets no registered secret out, in whatever spelling and wherever it stands", () => {
    const value = 's3cr+t/"quoted"=value';
    registerSecret(new Secret(value));
    const { logger, lines } = captureLog();
    const error = new Error(`refused ${value}`);
    logger.error({ error, url: `https://x.example/?t=${encodeURIComponent(value)}` }, `with ${value} inside`);
    logger.info({ nested: JSON.stringify({ value }) }, JSON.stringify(JSON.stringify(value)));
    logger.info({ form: new URLSearchParams({ value }).toString() }, "m");
    for (const user of ["", "a", "ab", "abc", "reviewer@acme.example"]) {
      const encoded = Buffer.from(`${user}:${value}`).toString("base64");
      logger.info({ header: encoded, split: Buffer.from(`${user}:${value}`).toString("base64url") }, "m");
      expect(lines.at(-1)).not.toContain(encoded);
    }
    const text = lines.join("");
    const core = "quoted";
    expect(text).not.toContain(core);
    expect(text).not.toContain("s3cr");
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    // Whatever base64 is left in the log decodes to nothing that holds a part of the secret.
    for (const [piece] of text.matchAll(/[A-Za-z0-9+/_-]{8,}/g)) {
      expect(Buffer.from(piece, "base64").toString("latin1")).not.toContain(core);
    }
  });
});

describe("gatherLines", () => {
  function gather() {
    const written: string[] = [];
    const turn: (() => void)[] = [];
    const end: (() => void)[] = [];
    const lines = gatherLines(
      { write: (text) => written.push(text) },
      { whenTurnEnds: (work) => turn.push(work), whenProcessEnds: (work) => end.push(work) },
    );
    const endTurn = () => {
      for (const work of turn.splice(0)) work();
    };
    return { lines, written, endTurn, endProcess: () => end.forEach((work) => void work()) };
  }

  it("writes the lines of a turn together, in their order, each once", () => {
    const { lines, written, endTurn } = gather();
    lines.write("a\n");
    lines.write("b\n");
    expect(written).toEqual([]);
    endTurn();
    lines.write("c\n");
    endTurn();
    endTurn();
    expect(written).toEqual(["a\nb\n", "c\n"]);
  });

  it("does not have them wait when there are many, when it is told so, or when the process ends", () => {
    const { lines, written, endTurn, endProcess } = gather();
    lines.write("x".repeat(70_000));
    expect(written).toHaveLength(1);
    lines.write("urgent\n");
    lines.flush();
    expect(written[1]).toBe("urgent\n");
    lines.write("last\n");
    endProcess();
    endTurn();
    expect(written.slice(2)).toEqual(["last\n"]);
  });
});

describe("redact", () => {
  it("takes out credentials that nobody registered, by their shape", () => {
    expect(redact("sent Authorization: Basic cmV2aWV3ZXI6dG9rZW4tMTIz to it")).toBe(
      "sent Authorization: Basic [secret] to it",
    );
    expect(redact("Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc-_x")).toBe("Bearer [secret]");
    expect(redact("token ATATT3xFfGF0abcdefgh=12AB is wrong")).toBe("token [secret] is wrong");
    expect(redact("proxy http://user:pa55@proxy.example:3128 failed")).toBe(
      "proxy http://[secret]@proxy.example:3128 failed",
    );
  });

  it("leaves ordinary texts as they are", () => {
    for (const text of [
      "Bearer authentication is required",
      "Basic plans have no such limit",
      "mail someone@acme.example about https://acme.atlassian.net/wiki",
    ]) {
      expect(redact(text)).toBe(text);
    }
  });

  it("takes out the longer of two secrets of which one begins with the other", () => {
    registerSecret(new Secret("overlap"));
    registerSecret(new Secret("overlap-and-more"));
    expect(redact("a overlap-and-more b overlap c")).toBe("a [secret] b [secret] c");
  });

  it("does not take out values so short that every other word holds them", () => {
    registerSecret(new Secret("the"));
    expect(redact("the weather")).toBe("the weather");
  });
});

describe("the secrets of a process", () => {
  it("are so many: of more the one that was registered longest ago is forgotten, and not what is registered again", () => {
    const secret = (number: number) => `the-${number}th-secret-of-many`;
    for (let number = 0; number < 1_000; number += 1) registerSecret(new Secret(secret(number)));
    registerSecret(new Secret(secret(0)));
    registerSecret(new Secret(secret(1_000)));
    expect([0, 1, 2, 1_000].map((number) => redact(secret(number)))).toEqual([
      "[secret]",
      secret(1),
      "[secret]",
      "[secret]",
    ]);
  });
});
