import { describe, expect, it } from "vitest";
import { startTestServer } from "./startTestServer.js";

/** A server, and how many operations Apollo was asked to answer. */
async function startCounting() {
  const asked: string[] = [];
  const watched: string[] = [];
  const server = await startTestServer({
    plugins: [{ requestDidStart: async ({ request }) => void asked.push(request.query ?? "") }],
    watches: [
      {
        begin: () => void watched.push("begin"),
        end: (_context, answer) => {
          watched.push("end");
          answer.extensions = { ...answer.extensions, watched: true };
        },
      },
    ],
  });
  return { server, asked, watched };
}

const hello = "query Hello { hello }";

describe("a query that was let through before", () => {
  it("is answered without Apollo, with the same answer, log and watches", async () => {
    const { server, asked, watched } = await startCounting();
    const [first, second] = [await server.post({ query: hello }), await server.post({ query: hello })];
    expect(asked).toEqual([hello]);
    expect(watched).toEqual(["begin", "end", "begin", "end"]);
    expect(await second.text()).toBe(await first.text());
    expect([...second.headers.keys()]).toEqual([...first.headers.keys()]);
    const lines = server.lines.filter(({ msg }) => msg === "request");
    expect(lines.map(({ operation, status }) => [operation, status])).toEqual(Array(2).fill(["Hello", 200]));
  });

  it("is told from others by its text, its name, and what its client accepts", async () => {
    const { server, asked } = await startCounting();
    const two = "query A { hello } query B { requestId }";
    await server.post({ query: two, operationName: "A" });
    await server.post({ query: two, operationName: "B" });
    expect(asked).toEqual([two]);
    const accept = "application/graphql-response+json";
    await server.post({ query: two, operationName: "A" }, { accept });
    expect(asked).toEqual([two, two]);
    const again = await server.post({ query: two, operationName: "A" }, { accept });
    expect(asked).toHaveLength(2);
    expect(again.headers.get("content-type")).toBe(`${accept}; charset=utf-8`);
  });

  it.each<[string, unknown, Record<string, string>]>([
    ["a mutation", { query: "mutation { change }" }, {}],
    ["a batch", [{ query: hello }], {}],
    ["variables that do not fit", { query: "query ($n: Int!) { double(n: $n) }", variables: { n: "x" } }, {}],
    ["an operation that is not there", { query: hello, operationName: "Bye" }, {}],
    ["an unusual type of JSON", { query: hello }, { "content-type": "application/json; v=1" }],
  ])("is left to Apollo where it comes as, or with, %s", async (_case, body, headers) => {
    const { server, asked } = await startCounting();
    await server.post(body, headers);
    const before = asked.length;
    await server.post(body, headers);
    expect(asked.length).toBe(before + 1);
  });

  it("logs the codes of its errors", async () => {
    const { server } = await startCounting();
    for (let times = 0; times < 2; times += 1) await server.post({ query: "{ broken }" });
    const lines = server.lines.filter(({ msg }) => msg === "request");
    expect(lines.map(({ errorCodes }) => errorCodes)).toEqual(Array(2).fill(["INTERNAL_SERVER_ERROR"]));
  });
});
