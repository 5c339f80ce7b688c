import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { request } from "undici";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type AnswerStanding, AnswerStore, type Remembered } from "../../../src/server/answers/AnswerStore.js";
import { startTestServer, type TestServer } from "./startTestServer.js";

const long = `{ ${Array.from({ length: 200 }, (_, at) => `a${at}: hello`).join(" ")} }`;
const decoded = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  none: (bytes: Uint8Array) => Buffer.from(bytes),
} as const;

async function ask(server: TestServer, accept: string | undefined, query = long, headers: Record<string, string> = {}) {
  const answer = await request(server.graphqlUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(accept === undefined ? {} : { "accept-encoding": accept }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const form = (answer.headers["content-encoding"] ?? "none") as keyof typeof decoded;
  expect(Number(answer.headers["content-length"])).toBe(bytes.length);
  return { form, vary: answer.headers.vary, bytes, text: decoded[form](bytes).toString("utf8"), answer };
}

const likings: readonly (readonly [accept: string | undefined, form: keyof typeof decoded])[] = [
  [undefined, "none"],
  ["", "none"],
  ["identity", "none"],
  ["gzip", "gzip"],
  ["gzip, deflate, br", "gzip"],
  ["br, gzip", "br"],
  ["gzip;q=0.2, br;q=0.9", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0, gzip;q=0", "none"],
  ["identity, gzip;q=0.5", "none"],
  ["*", "br"],
  ["*;q=0", "none"],
  ["deflate, zstd", "none"],
  ["GZIP", "gzip"],
  [`gzip, ${"x".repeat(600)}`, "none"],
];

/** A store that shows what it was given to keep. */
class OpenStore extends AnswerStore {
  readonly kept: Buffer[] = [];

  override remember(key: string, bytes: Remembered, standing: AnswerStanding): void {
    if (typeof bytes !== "string") this.kept.push(bytes);
    super.remember(key, bytes, standing);
  }
}

function keeping(maxBytes = 1_000_000) {
  const store = new OpenStore({ maxBytes, now: () => 0 });
  const standing = { size: 1, isStanding: () => true };
  return { store, answers: { store, mayRepeat: () => true, standingOf: () => standing } };
}

describe("a long answer", () => {
  it("comes as its client likes it best", async () => {
    const server = await startTestServer();
    const plain = await ask(server, undefined);
    for (const [accept, form] of likings) {
      const told = await ask(server, accept);
      expect([accept, told.form, told.text, told.vary]).toEqual([accept, form, plain.text, "accept-encoding"]);
      if (form !== "none") expect(told.bytes.length).toBeLessThan(plain.bytes.length / 2);
    }
  });

  it("that is given again is encoded once for each form, and its forms count as what is held", async () => {
    const { store, answers } = keeping();
    const server = await startTestServer({ answers });
    const texts: string[] = [];
    for (let time = 0; time < 3; time += 1) texts.push((await ask(server, "br")).text);
    const before = store.counters().bytes;
    const [one, other] = await Promise.all([ask(server, "gzip"), ask(server, "gzip")]);
    expect(store.counters().bytes).toBe(before + one.bytes.length);
    expect(other.bytes).toEqual(one.bytes);
    expect(new Set([...texts, one.text])).toHaveLength(1);
    expect(store.counters().given).toBeGreaterThan(1);
  });

  it("is not encoded anew where its form is kept", async () => {
    const { store, answers } = keeping();
    const server = await startTestServer({ answers });
    for (let time = 0; time < 3; time += 1) await ask(server, "gzip");
    expect(store.kept).toHaveLength(1);
    for (const bytes of store.kept) store.keepForm(bytes, "gzip", gzipSync("what was kept"));
    expect((await ask(server, "gzip")).text).toBe("what was kept");
    expect((await ask(server, undefined)).text).toContain("world");
  });

  it("is refused for its length before it is encoded", async () => {
    const server = await startTestServer({ config: { maxResponseBytes: 2_000 } });
    for (let time = 0; time < 2; time += 1) expect((await ask(server, "gzip")).text).toContain("RESPONSE_TOO_LARGE");
  });

  it("is dropped where its time was over while it was encoded, and its client told so", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const { store, answers } = keeping();
    const server = await startTestServer({ answers, config: { requestTimeLimitMs: 1_000 } });
    for (let time = 0; time < 3; time += 1) await ask(server, undefined);
    const encoded = new Promise<void>((resolve) => {
      store.keepForm = () => resolve();
    });
    store.keepsForms = () => {
      vi.advanceTimersByTime(2_000);
      return true;
    };
    expect((await ask(server, "gzip")).text).toContain("No answer was ready within 1 s");
    await encoded;
    const lines = server.lines.filter(({ level }) => level === "error" || level === "warn");
    expect(lines).toEqual([expect.objectContaining({ msg: "a request was not answered in time" })]);
    vi.useRealTimers();
    expect((await ask(server, undefined)).text).toContain("world");
  });

  it("is encoded in a batch as well", async () => {
    const server = await startTestServer();
    const answer = await fetch(server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json", "accept-encoding": "gzip" },
      body: JSON.stringify([{ query: long }, { query: "{ hello }" }]),
    });
    expect(answer.headers.get("content-encoding")).toBe("gzip");
    expect(await answer.json()).toHaveLength(2);
  });

  it("tells caches of everything that it depends on", async () => {
    const server = await startTestServer({ config: { corsOrigins: ["https://reviews.example.com"] } });
    expect((await ask(server, "gzip")).vary).toBe("origin, accept-encoding");
  });
});

describe("what goes out as it is", () => {
  it("is a short answer, to whoever asks", async () => {
    const server = await startTestServer();
    for (let time = 0; time < 2; time += 1) {
      const { form, vary } = await ask(server, "br, gzip", "{ hello }");
      expect([form, vary]).toEqual(["none", undefined]);
    }
  });

  it("is everything where compression is off", async () => {
    const server = await startTestServer({ config: { isCompressionOn: false } });
    const { form, vary } = await ask(server, "br, gzip");
    expect([form, vary]).toEqual(["none", undefined]);
  });
});

it("compresses the explorer's files, and the page of metrics", async () => {
  const server = await startTestServer();
  const page = await (await fetch(`${server.url}/graphiql`)).text();
  const [, script = ""] = /src="(graphiql\/assets\/react\.[^"]+)"/.exec(page) ?? [];
  for (const path of [script, "metrics"]) {
    const answer = await fetch(`${server.url}/${path}`, { headers: { "accept-encoding": "gzip" } });
    expect([path, answer.headers.get("content-encoding")]).toEqual([path, "gzip"]);
    expect((await answer.text()).length).toBeGreaterThan(1_400);
  }
});
