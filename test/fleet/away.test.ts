import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineAway, type FleetEngine } from "../../src/fleet/FleetEngine.js";
import { ConcurrencyLimit } from "../../src/http/admission/ConcurrencyLimit.js";
import { RateLimiter } from "../../src/http/admission/RateLimiter.js";
import { FakeEngine } from "./FakeEngine.js";
import { joinFleet, memberOf } from "./joinFleet.js";

const isAway = "the engine of CACHE_URL is away: this process goes on alone, and looks for it";
const isBack = "the engine of CACHE_URL is back: this process shares again";

/** What is asked while nobody waits for it is turned away. */
async function untilTrusted(engine: FleetEngine): Promise<void> {
  const isAnswered = () =>
    engine.send("GET", "a").then(
      () => true,
      () => false,
    );
  while (!(await isAnswered())) await new Promise((resolve) => setImmediate(resolve));
}

describe("an engine that fails", () => {
  it("is waited for 200 ms where a request waits, by nobody until it answers again, and is trusted on when that is soon", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    const { engine, clock } = member;
    const pings = fake.count("PING");
    fake.answer = ([command]) => (command === "INCR" || command === "PING" ? null : undefined);
    const hurried = Promise.allSettled([engine.send("INCR", "a"), engine.send("INCR", "b")]);
    const unhurried = engine.unhurried.send("INCR", "c");
    await fake.whenReceived("INCR", 3);
    await clock.advance(200);
    for (const answer of await hurried) expect(answer).toMatchObject({ reason: expect.any(EngineAway) });
    await fake.whenReceived("PING", pings + 1);
    const gets = fake.count("GET");
    await expect(engine.send("GET", "a")).rejects.toBeInstanceOf(EngineAway);
    await clock.advance(249);
    expect([engine.isThere, fake.count("GET") - gets]).toEqual([true, 0]);
    fake.say(":1\r\n:2\r\n:3\r\n+PONG\r\n");
    expect(await unhurried).toBe(3);
    await untilTrusted(engine);
    expect([member.lines.slice(1), [...engine.counts.failures.samples()]]).toEqual([[], []]);
  });

  it("is away when deadlines are missed for the third time within three seconds, though it answers in between", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    const { engine, clock } = member;
    fake.answer = ([command]) => (command === "INCR" ? null : command === "PING" ? ":1\r\n+PONG\r\n" : undefined);
    const misses = async () => {
      const asked = Promise.allSettled([engine.send("INCR", "a")]);
      await fake.whenReceived("INCR", fake.count("INCR") + 1);
      await clock.advance(200);
      expect(await asked).toMatchObject([{ reason: expect.any(EngineAway) }]);
      if (engine.isThere) await untilTrusted(engine);
    };
    await misses();
    for (let second = 0; second < 3; second += 1) await member.beats();
    await misses();
    await misses();
    expect(engine.isThere).toBe(true);
    await misses();
    expect(engine.isThere).toBe(false);
    expect(member.lines.at(-1)).toMatchObject({ reason: "timeout", msg: isAway });
  });

  it("is away for all at once when it answers nothing for half a second, and gets nothing a second time", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    const { engine, clock } = member;
    expect(engine.sharing).toEqual({ state: "SHARED", processes: 1, sinceMs: clock.now() });
    const turns: boolean[] = [];
    engine.onTurn((isThere) => turns.push(isThere));
    fake.answer = ([command]) => (["INCR", "XREAD", "PING"].includes(command ?? "") ? null : undefined);
    const pings = fake.count("PING");
    const asked = [engine.send("INCR", "a"), engine.send("INCR", "b"), engine.await("lane", 60_000, "XREAD", "BLOCK")];
    const answers = Promise.allSettled(asked);
    await fake.whenReceived("INCR", 2);
    await fake.whenReceived("XREAD");
    await clock.advance(200);
    await fake.whenReceived("PING", pings + 1);
    await clock.advance(299);
    expect(engine.isThere).toBe(true);
    await clock.advance(1);
    await member.turned(false);
    for (const answer of await answers) expect(answer).toMatchObject({ reason: expect.any(EngineAway) });
    // Nobody waits, and nothing goes out.
    await expect(engine.send("GET", "a")).rejects.toBeInstanceOf(EngineAway);
    await expect(engine.sendAll([["GET", "a"]])).rejects.toBeInstanceOf(EngineAway);
    await expect(engine.run({ name: "f", lua: "return 1" }, [], [])).rejects.toBeInstanceOf(EngineAway);
    await expect(engine.unhurried.send("GET", "a")).rejects.toBeInstanceOf(EngineAway);
    await expect(engine.unhurried.sendAll([["GET", "a"]])).rejects.toBeInstanceOf(EngineAway);
    await expect(engine.await("lane", 10, "XREAD")).rejects.toBeInstanceOf(EngineAway);
    expect(engine.sharing).toEqual({ state: "ALONE", processes: 1, sinceMs: clock.now() });
    fake.answer = () => undefined;
    await member.comesBack();
    expect([turns, fake.count("INCR"), fake.count("XREAD")]).toEqual([[false, true], 2, 1]);
    expect(member.lines.slice(1)).toEqual([
      { level: "warn", reason: "timeout", processes: 1, msg: isAway },
      { level: "warn", processes: 1, msg: isBack },
    ]);
    expect([...engine.counts.failures.samples()]).toEqual([{ labels: { reason: "timeout" }, value: 1 }]);
  });

  it.each([
    ["-OOM command not allowed when used memory > 'maxmemory'.", "oom"],
    ["-READONLY You can't write against a read only replica.", "readonly"],
    ["-LOADING Redis is loading the dataset in memory", "loading"],
    ["-NOAUTH Authentication required.", "noauth"],
    ["-WRONGPASS invalid username-password pair", "wrongpass"],
    ["-CLUSTERDOWN Hash slot not served", "clusterdown"],
    ["-MOVED 866 127.0.0.1:1", "moved"],
    ["-ERR something of its own, about what was sent", "err"],
    ["*1\r\n-OOM in a list", "oom"],
    ["?what is this", "garbage"],
    ["HTTP/1.1 400 Bad Request", "garbage"],
    [":12a", "garbage"],
    ["$99999999999", "garbage"],
    ["*2000000", "garbage"],
    ["$-1\r\n$-1", "garbage"],
    ["+OK\r\n>1\r\n+subscribe", "garbage"],
    ["%1\r\n+a\r\n+b", "garbage"],
    ["+ a line without an end", "garbage"],
  ])("is away when it answers %j", async (answer, reason) => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    fake.answer = ([command]) =>
      command === "INCR" ? `${answer.replace("a line", "a".repeat(70_000))}\r\n` : undefined;
    const asked = member.engine.send("INCR", "a");
    // A reply of two, the second of which nobody asked for, may still answer the first.
    await Promise.allSettled([asked]);
    await member.turned(false);
    expect(member.lines.at(-1)).toMatchObject({ reason, msg: isAway });
    expect(JSON.stringify(member.lines)).not.toContain("about what was sent");
    await member.comesBack();
    expect(fake.count("INCR")).toBe(1);
  });

  it.each(["$-1\r\n", "+OK\r\n", "-ERR what\r\n", ">2\r\n+message\r\n+x\r\n", "\0\0\0\r\n"])(
    "is away when it says what nobody asked for: %j",
    async (bytes) => {
      await using fake = await FakeEngine.start();
      await using member = await joinFleet({ CACHE_URL: fake.url });
      fake.say(bytes);
      await member.turned(false);
      expect(member.lines.at(-1)).toMatchObject({ reason: "garbage" });
      await member.comesBack();
    },
  );

  it("is away when its connections end, and when its heart is not answered any more though they stand", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    for (const socket of fake.sockets) socket.destroy();
    await member.turned(false);
    expect(member.lines.at(-1)).toMatchObject({ reason: "closed" });
    await member.comesBack();
    fake.answer = () => null;
    await member.clock.whenSleeping(1_000);
    await member.clock.advance(1_000);
    await member.clock.whenSleeping(450);
    await member.clock.advance(450);
    await member.turned(false);
    expect(member.lines.at(-1)).toMatchObject({ reason: "timeout" });
  });

  it("is away when a lane that waits stays silent beyond its time, and not before", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    fake.answer = ([command]) => (command === "XREAD" ? null : undefined);
    const asked = Promise.allSettled([member.engine.await("lane", 300, "XREAD", "BLOCK", 300)]);
    await fake.whenReceived("XREAD");
    await expect(member.engine.await("lane", 300, "XREAD")).rejects.toThrow("Somebody waits on the lane lane already.");
    await member.clock.advance(749);
    expect(member.engine.isThere).toBe(true);
    await member.clock.advance(1);
    expect(await asked).toMatchObject([{ reason: expect.any(EngineAway) }]);
    expect(member.engine.isThere).toBe(false);
  });

  it("comes back when three rounds in a row were good, and waits longer each time that it was not", async () => {
    await using fake = await FakeEngine.start();
    await using member = await joinFleet({ CACHE_URL: fake.url });
    const { clock } = member;
    const before = fake.count("PING");
    let rounds = 0;
    // What is written is not what is read the third time.
    fake.answer = ([command]) => {
      // Each round reads two things.
      if (command === "GET") rounds += 1 / 2;
      return command === "GET" && rounds === 3 ? "$5\r\nwrong\r\n" : undefined;
    };
    fake.say("+OK\r\n");
    await member.turned(false);
    for (const pauseMs of [250, 100, 100]) {
      await clock.whenSleeping(pauseMs);
      await clock.advance(pauseMs);
    }
    await clock.whenSleeping(500);
    expect([member.engine.isThere, fake.count("PING") - before]).toEqual([false, 3]);
    await member.comesBack(500);
    // It left again soon: that does not make it steady.
    fake.say("+OK\r\n");
    await member.turned(false);
    await member.comesBack(1_000);
    for (let beat = 0; beat < 15; beat += 1) {
      const beats = fake.count("EVALSHA");
      await clock.whenSleeping(1_000);
      await clock.advance(1_000);
      await fake.whenReceived("EVALSHA", beats + 1);
    }
    await clock.whenSleeping(1_000);
    fake.say("+OK\r\n");
    await member.turned(false);
    await member.comesBack(250);
  });

  it.each([
    ["twice", 2, "SHARED", 5],
    ["always", 100, "ALONE", 10],
  ])(
    "is tried again over the same connection when a round took longer than 100 ms, %s",
    async (_how, slow, state, rounds) => {
      await using fake = await FakeEngine.start();
      const member = memberOf({ CACHE_URL: fake.url });
      fake.answer = ([command]) => {
        if (command === "GET" && fake.count("GET") % 2 === 1 && fake.count("GET") < 2 * slow)
          void member.clock.advance(101);
        return undefined;
      };
      const started = member.engine.start();
      if (state === "ALONE") await member.clock.whenSleeping(250);
      await started;
      expect([member.engine.sharing.state, fake.count("PING"), fake.count("CLIENT")]).toEqual([state, rounds, 1]);
      await member.engine.close();
    },
  );

  it("begins alone where it is not to be reached, says so once, and is found later", async () => {
    await using member = await joinFleet({ CACHE_URL: `unix:${join(tmpdir(), "no-such-folder", "engine.sock")}` });
    expect(member.engine.sharing).toMatchObject({ state: "ALONE", processes: 3 });
    await member.clock.whenSleeping(250);
    await member.clock.advance(250);
    await member.clock.whenSleeping(500);
    expect(member.lines).toEqual([
      {
        level: "warn",
        reason: "unreachable",
        code: "ENOENT",
        processes: 3,
        msg: "the engine of CACHE_URL cannot be reached: this process begins alone, and looks for it",
      },
    ]);
  });

  it("leaves a process that has heard of none its part alone of what all may do, by how many are expected", async () => {
    await using fake = await FakeEngine.start();
    fake.answer = () => "-LOADING\r\n";
    await using member = await joinFleet({ CACHE_URL: fake.url, CACHE_EXPECTED_PROCESSES: "4" });
    const { engine, clock } = member;
    expect(engine.sharing).toMatchObject({ state: "ALONE", processes: 4 });
    const limit = new ConcurrencyLimit({ concurrency: 12, clock, fleet: { engine, scope: "site" } });
    const { signal } = new AbortController();
    let gone = 0;
    for (let call = 0; call < 12; call += 1) {
      limit.enter({ call: `GET /${call}`, deadlineMs: clock.now() + 120_000, allowanceMs: 30_000, signal }).then(
        () => {
          gone += 1;
        },
        () => undefined,
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(gone).toBe(3);
    const minute = new RateLimiter({ callsAMinute: 8, clock, fleet: { engine, scope: "organization" } });
    for (let call = 0; call < 2; call += 1) await minute.take("GET /a", 0);
    await expect(minute.take("GET /a", 0)).rejects.toMatchObject({ kind: "Throttled" });
  });

  it("is gone by, once it was heard: as many as it told of count then, also while it is away again", async () => {
    await using fake = await FakeEngine.start();
    fake.answer = () => "-LOADING\r\n";
    await using member = await joinFleet({ CACHE_URL: fake.url, CACHE_EXPECTED_PROCESSES: "4" });
    const { engine, clock } = member;
    fake.answer = () => undefined;
    await member.comesBack();
    expect(engine.sharing).toMatchObject({ state: "SHARED", processes: 1 });
    fake.answer = () => "-LOADING\r\n";
    await clock.whenSleeping(1_000);
    await clock.advance(1_000);
    await member.turned(false);
    expect(engine.sharing).toMatchObject({ state: "ALONE", processes: 1 });
  });

  it("is not trusted, and keeps no connection, when its time and its processes are none", async () => {
    await using fake = await FakeEngine.start();
    fake.answer = ([command]) => (command === "EVALSHA" ? "*2\r\n:1\r\n+what\r\n" : undefined);
    await using member = await joinFleet({ CACHE_URL: fake.url });
    expect(member.lines).toMatchObject([{ level: "warn", reason: "garbage", command: "here" }]);
    await fake.whenAlone();
    fake.answer = () => undefined;
    await member.comesBack();
    fake.answer = ([command]) => (command === "EVALSHA" ? ":1\r\n" : undefined);
    await member.clock.whenSleeping(1_000);
    await member.clock.advance(1_000);
    await member.turned(false);
    expect(member.lines.at(-1)).toMatchObject({ reason: "garbage", command: "here" });
    await fake.whenAlone();
  });

  it.each([
    "*1\r\n$-1\r\n",
    "*-1\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n*-1\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n$1\r\na\r\n",
    "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n:1\r\n:1\r\n",
    "*1\r\n*3\r\n$1\r\n0\r\n:16383\r\n*2\r\n$1\r\na\r\n:1\r\n",
    "*1\r\n*2\r\n:0\r\n:16383\r\n",
    "+OK\r\n",
    ":1\r\n",
  ])("is not there when it is no cluster, whatever it says of its nodes: %j", async (slots) => {
    await using fake = await FakeEngine.start();
    fake.answer = ([command]) => (command === "CLUSTER" ? slots : undefined);
    await using member = await joinFleet({ CACHE_URL: `${fake.url}?cluster=true` });
    expect(member.lines).toMatchObject([{ level: "warn", reason: "garbage" }]);
    await fake.whenAlone();
  });

  it.each(["-MOVED", "-MOVED 1", "-MOVED 1 host", "-MOVED __proto__ host:1", "-ASK 1", "-ASK 1 host:123456"])(
    "is away when a cluster sends on to nowhere: %s",
    async (answer) => {
      await using fake = await FakeEngine.start();
      const port = new URL(fake.url).port;
      fake.answer = ([command]) => {
        if (command === "CLUSTER") return `*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:${port}\r\n`;
        return command === "INCR" ? `${answer}\r\n` : undefined;
      };
      await using member = await joinFleet({ CACHE_URL: `${fake.url}?cluster=true` });
      expect(member.engine.isThere).toBe(true);
      await expect(member.engine.send("INCR", "a")).rejects.toBeInstanceOf(EngineAway);
      expect(member.lines.at(-1)).toMatchObject({ reason: "garbage" });
      await fake.whenAlone();
    },
  );

  it("is not waited for by connections that it took and does not greet: they end, and so does the process", async () => {
    await using fake = await FakeEngine.start();
    fake.answer = () => null;
    const member = memberOf({ CACHE_URL: fake.url });
    const started = member.engine.start();
    await fake.whenReceived("CLIENT");
    await member.clock.advance(2_500);
    await started;
    await member.clock.whenSleeping(250);
    await fake.whenAlone();
    expect(member.lines).toMatchObject([{ reason: "timeout" }]);
    await member.clock.advance(250);
    await fake.whenReceived("CLIENT", 2);
    await member.engine.close();
    await fake.whenAlone();
  });

  it("is no reason for a start to wait longer than a second", async () => {
    await using fake = await FakeEngine.start();
    fake.answer = () => null;
    await using member = memberOf({ CACHE_URL: fake.url });
    const started = member.engine.start();
    await member.clock.whenSleeping(1_000);
    await fake.whenReceived("CLIENT");
    expect(member.engine.isThere).toBe(false);
    await member.clock.advance(1_000);
    await started;
    expect(member.engine.sharing.state).toBe("ALONE");
  });
});
