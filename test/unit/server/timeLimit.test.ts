import { describe, expect, it } from "vitest";
import { startTestServer } from "./startTestServer.js";

const limited = { config: { requestTimeLimitMs: 40 } };

describe("the time limit of a request", () => {
  it("ends one whose answer never comes, as our fault, with an id that stands in the log", async () => {
    const server = await startTestServer({ ...limited, slow: () => new Promise(() => undefined) });
    const response = await server.post({ query: "{ slow }" });
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors: { message: string; extensions: { code: string; errorId: string } }[];
    };
    expect(data).toBeUndefined();
    const [error] = errors;
    expect(error?.extensions).toEqual({ code: "INTERNAL", errorId: expect.any(String) });
    expect(error?.message).toContain("within 0.04 s");
    const line = server.lines.find(({ errorId }) => errorId === error?.extensions.errorId);
    expect(line).toMatchObject({ level: "error", limitMs: 40, requestId: expect.any(String) });
  });

  it("drops an answer that comes after all, and answers the next request", async () => {
    let answer: (text: string) => void = () => undefined;
    const late = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const server = await startTestServer({ ...limited, slow: () => late });
    expect((await server.post({ query: "{ slow }" })).status).toBe(500);
    answer("too late");
    const next = await server.post({ query: "{ slow hello }" });
    expect(await next.json()).toEqual({ data: { slow: "too late", hello: "world" } });
    expect(server.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("ends the whole request of a batch", async () => {
    const server = await startTestServer({ ...limited, slow: () => new Promise(() => undefined) });
    const response = await server.post([{ query: "{ hello }" }, { query: "{ slow }" }]);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "INTERNAL" } }] });
  });
});
