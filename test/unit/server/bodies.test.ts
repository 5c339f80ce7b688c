import { Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { turns } from "../../../src/callers/Turns.js";
import { AnswerStore } from "../../../src/server/answers/AnswerStore.js";
import { AskedBody, KnownBodies } from "../../../src/server/answers/KnownBodies.js";
import { answerLimits } from "../../../src/server/answers/limits.js";
import { parseLongBody } from "../../../src/server/connection/parseBody.js";
import { betweenSteps } from "../../../src/server/connection/readBody.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const hello = JSON.stringify({ query: "{ hello }" });

describe("a body in JSON", () => {
  it.each([
    ["as it should be", hello],
    ["in several lines", '{\n  "query": "{ hello }"\n}\n'],
    ["with a mark in front of it", `\ufeff${hello}`],
    ["with letters of more than one byte", JSON.stringify({ query: "{ hello } # æøå ☃ 🎈" })],
    ["with escaped letters", '{"query":"{ \\u0068ello }"}'],
    ["with a name that reaches behind objects", '{"query":"{ hello }","__proto__":{"extensions":{}}}'],
    ["with the same, escaped", '{"query":"{ hello }","\\u005f_proto__":{}}'],
    ["with another", '{"query":"{ hello }","variables":{"constructor":{"prototype":{}}}}'],
    [
      "with a name that reaches behind objects, far down",
      `{"query":"{ hello }","variables":{"x":[[{"y":{"__proto__":{}}}]]}}`,
    ],
    [
      "with the same behind very much",
      `{"query":"{ hello }","variables":{"x":[${"[],".repeat(5_000)}{"__proto__":{}}]}}`,
    ],
    ["with very much that reaches nowhere", `{"query":"{ hello }","variables":{"x":[${"{},".repeat(5_000)}{}]}}`],
    ["with the word for it", '{"query":"{ hello } # a constructor, __proto__"}'],
    ["that is no operation", "null"],
    ["that is a text", '"{ hello }"'],
    ["that is a batch", `[${hello},${hello}]`],
    ["that is too long a batch", `[${hello},${hello},${hello},${hello}]`],
    ["cut short", hello.slice(0, -3)],
    ["that is none", "query { hello }"],
  ])("is taken and refused as the framework takes and refuses it: %s", async (_case, body) => {
    const server = await startTestServer();
    const ask = async (type: string) => {
      const answer = await server.post(body, { "content-type": type });
      return { status: answer.status, text: await answer.text(), type: answer.headers.get("content-type") };
    };
    // Of a type with a parameter, a body is the framework's to read.
    const theirs = await ask("application/json; v=1");
    expect(await ask("application/json")).toEqual(theirs);
    expect(await ask("application/json;charset=utf-8")).toEqual(theirs);
    expect(server.lines.filter(({ msg }) => msg === "request").map(({ errorCodes }) => errorCodes)).toEqual(
      Array(3).fill(server.lines.find(({ msg }) => msg === "request")?.errorCodes),
    );
  });

  it("is dealt with in several turns of the loop where it is long and somebody else asks", async () => {
    const [mine, others] = [new Socket(), new Socket()];
    for (const each of [others, mine]) turns.begin("", each);
    let isDone = false;
    const step = () => {
      isDone = true;
    };
    betweenSteps(mine, step);
    expect(isDone).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(true);

    const server = await startTestServer({ config: { bodyLimitBytes: 200_000 } });
    const quiet = await openRaw(server.port);
    quiet.send(`${headOf("application/json", hello.length)}${hello}`);
    await quiet.until(/world/);
    for (const [body, said] of [
      [JSON.stringify({ query: "{ hello }", variables: { x: "x".repeat(70_000) } }), "world"],
      [`{"query":"{ hello }","__proto__":"${"x".repeat(70_000)}"}`, "MALFORMED_JSON"],
      [`{"query":"{ hello }${" ".repeat(70_000)}`, "MALFORMED_JSON"],
      [`{"query":"{ hello }","variables":{"x":${"[".repeat(40_000)}${"]".repeat(40_000)}}}`, "more than 1,000 levels"],
      [
        `[${Array(4)
          .fill(`${hello}${" ".repeat(20_000)}`)
          .join()}]`,
        "BATCH_TOO_LARGE",
      ],
    ] as const)
      for (const type of ["application/json", "application/json; v=1"])
        expect(await (await server.post(body, { "content-type": type })).text()).toContain(said);
  });

  it("is parsed a slice at a time where it is long, and no further once its client has gone", async () => {
    const body = Buffer.from(JSON.stringify({ query: "{ hello }", variables: { x: Array(60_000).fill([]) } }));
    const socket = new Socket();
    let waits = 0;
    let nowMs = 0;
    const parts = {
      turns: {
        sliceOf: () => ({ units: 1, ms: 3 }),
        wait: async (caller: string, { from }: { readonly from?: unknown }) => {
          expect([caller, from]).toEqual(["somebody", socket]);
          waits += 1;
        },
      },
      // Each piece takes a millisecond.
      now: () => {
        nowMs += 1;
        return nowMs;
      },
    };
    const asked = { caller: "somebody", from: socket };
    expect(await parseLongBody(body, asked, parts)).toEqual(JSON.parse(body.toString()));
    // 180 kB are eleven pieces and an end; two go by until it is looked at the clock again.
    expect(waits).toBe(4);
    socket.destroy();
    waits = 0;
    expect(await parseLongBody(body, asked, parts)).toBeUndefined();
    expect(waits).toBe(0);
  });

  it("is answered when it has come as a whole, in however many pieces, and the next on its connection after it", async () => {
    const server = await startTestServer();
    const client = await openRaw(server.port);
    const head = headOf("application/json", hello.length);
    client.send(`${head}${hello.slice(0, 5)}`);
    client.send(hello.slice(5));
    await client.until(/world/);
    client.send(`${head}${hello}${head}${hello}`);
    await client.until(/(?:world[\s\S]*){3}/);
  });

  it.each(["application/json", "application/json; v=1"])(
    "that breaks off is answered by nobody, and logged: %s",
    async (type) => {
      const server = await startTestServer();
      const client = await openRaw(server.port);
      client.send(`${headOf(type, 99)}{`);
      client.socket.end();
      const lines = () => server.lines.filter(({ msg }) => msg === "request");
      await expect.poll(lines).toMatchObject([{ path: "/graphql", isAborted: true }]);
      expect(server.contexts).toEqual([]);
    },
  );
});

function headOf(type: string, length: number): string {
  const lines = ["POST /graphql HTTP/1.1", "Host: localhost", `Content-Type: ${type}`, `Content-Length: ${length}`];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

describe("the body of a question whose answer is given again", () => {
  it("is parsed once, and again only where its text is another", async () => {
    const store = new AnswerStore({ maxBytes: 100_000, now: () => 0 });
    const standing = { size: 1, isStanding: () => true };
    const answers = { store, mayRepeat: () => true, standingOf: () => standing };
    const server = await startTestServer({ answers, slow: async () => "æøå ☃ 🎈" });
    const slow = JSON.stringify({ query: "{ slow }" });
    const parse = vi.spyOn(JSON, "parse");
    onTestFinished(() => parse.mockRestore());
    const ask = async (body: string) => {
      parse.mockClear();
      const text = await (await server.post(body)).text();
      return { text, parsed: parse.mock.calls.filter(([given]) => given === body).length };
    };
    const texts = [];
    for (let times = 0; times < 5; times += 1) texts.push(await ask(slow));
    // Once for Apollo, once to be remembered, once given again.
    expect(texts.map(({ parsed }) => parsed)).toEqual([1, 1, 1, 1, 0]);
    expect(new Set(texts.map(({ text }) => text))).toEqual(new Set(['{"data":{"slow":"æøå ☃ 🎈"}}']));
    expect(await ask(` ${slow}`)).toEqual({ text: texts[0]?.text, parsed: 1 });
  });

  it("is answered where its variables are nested too deep to be written again", async () => {
    const store = new AnswerStore({ maxBytes: 100_000, now: () => 0 });
    const answers = { store, mayRepeat: () => true, standingOf: () => null };
    const server = await startTestServer({ answers });
    const deep = `{"query":"{ hello }","variables":{"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`;
    for (const body of [deep, deep]) {
      const answer = await server.post(body);
      expect([answer.status, await answer.text()]).toEqual([200, '{"data":{"hello":"world"}}']);
    }
  });

  it("is known as long as there is room, the one that was asked longest ago going first", () => {
    const { bodyBytes, bodyOverheadBytes, bytesPerCharacter, longestKey } = answerLimits;
    const bodies = new KnownBodies(false);
    const text = (at: number) => `${at}`.padEnd(10_000);
    const room = Math.floor(bodyBytes / (bodyOverheadBytes + 10_000 * bytesPerCharacter));
    for (let at = 0; at <= room; at += 1) bodies.keep(new AskedBody(text(at), at));
    expect([bodies.find(text(0)), bodies.find(text(1))?.value, bodies.find(text(room))?.value]).toEqual([
      undefined,
      1,
      room,
    ]);
    const long = "x".repeat(longestKey + 1);
    bodies.keep(new AskedBody(long, null));
    expect(bodies.find(long)).toBeUndefined();
  });

  it("is not known where no answer is remembered", () => {
    const bodies = new KnownBodies(true);
    bodies.keep(new AskedBody(hello, {}));
    expect(bodies.find(hello)).toBeUndefined();
  });
});
