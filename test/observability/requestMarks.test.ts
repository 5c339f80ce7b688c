import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, space } from "../support/worlds.js";

const world = cloudWorld({
  accounts: [human(1)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [space(1)],
});
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("a request that calls upstream", () => {
  it("is named in the lines of its calls, and its trace goes with them; that of others does not", async () => {
    await using stack = await startStack({ world });
    await stack.query("{ spaces { nodes { key } } }", {}, { "x-request-id": "r-other" });
    await stack.forgetCalls();
    const headers = { "x-request-id": "r-1", "graphql-client-name": "reviews", traceparent, tracestate: "vendor=1" };
    const answers = await Promise.all([
      stack.query("{ groups { nodes { name members { nodes { displayName } } } } }", {}, headers),
      stack.query('{ space(spaceId: "1001") { grants { totalCount } } }', {}, { "x-request-id": "r-2" }),
    ]);
    expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
    const finished = stack.logLines
      .filter((line) => line.includes("upstream call finished"))
      .map((line) => JSON.parse(line) as Record<string, string>);
    const mine = finished.filter(({ requestId }) => requestId === "r-1");
    expect(mine.map(({ call }) => call)).toContain("GET /wiki/rest/api/group");
    expect(new Set(mine.map(({ client, traceId }) => `${client} ${traceId}`))).toEqual(
      new Set(["reviews 0af7651916cd43dd8448eb211c80319c"]),
    );
    const others = finished.filter(({ requestId }) => requestId === "r-2");
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter(({ client, traceId }) => client !== undefined || traceId !== undefined)).toEqual([]);
  });

  it("lends its name to no crawl that it starts", async () => {
    await using stack = await startStack({ world });
    await stack.query(`{ site { findings(first: 1) { totalCount } } }`, {}, { "x-request-id": "r-1", traceparent });
    const crawled = () => stack.logLines.filter((line) => line.includes("access index crawled"));
    await expect.poll(crawled).toHaveLength(1);
    expect(JSON.parse(crawled()[0] ?? "").requestId).toBeUndefined();
  });
});
