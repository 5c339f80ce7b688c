import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { startEdge } from "../faults/startEdge.js";
import { startProvisioning } from "../support/startProvisioning.js";
import { startStack } from "../support/startStack.js";
import { cloudWorld, human, space } from "../support/worlds.js";
import { type ReadSpan, startCollector } from "./startCollector.js";

const world = cloudWorld({
  accounts: [human(1)],
  groups: [{ id: "g-1", name: "Designers", members: [human(1).accountId] }],
  spaces: [space(1)],
});
const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";
const traceparent = `00-${traceId}-${parentId}-01`;
const groups = "query Groups { groups { nodes { name members { nodes { displayName } } } } }";
const [server, client, internal] = [2, 3, 1];
const token = "t".repeat(40);
const tracingTo = (url: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
});

afterEach(() => vi.unstubAllEnvs());

const of = (spans: readonly ReadSpan[], kind: number) => spans.filter((span) => span.kind === kind);

/** What the site hears of the trace while one request is answered. */
async function hear(env: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const heard = new Set<string>();
  const edge = await startEdge();
  onTestFinished(() => edge.close());
  const stack = await startStack({ world, env, behind: edge.leadTo });
  edge.fail(/./, (_response, forward, { headers }) => {
    if (typeof headers.traceparent === "string") heard.add(headers.traceparent);
    forward();
  });
  expect((await stack.query(groups, {}, { traceparent })).errors).toBeUndefined();
  await stack.close();
  return heard;
}

describe("spans, where a collector is named", () => {
  it("tell each request and each of its calls as parts of the trace of who asks, and no secret and no variable", async () => {
    const collector = await startCollector();
    const env = {
      ...tracingTo(collector.url),
      CALLER_TOKEN: token,
      OTEL_SERVICE_NAME: "graph-eu",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test%20one",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20collectors-own-token",
    };
    const stack = await startStack({ world, env });
    const authorization = `Bearer ${token}`;
    const headers = { authorization, traceparent, tracestate: "vendor=1", "x-request-id": "r-1" };
    await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 502 });
    expect((await stack.query(groups, {}, headers)).errors).toBeUndefined();
    const query = "query One($id: ID!) { space(spaceId: $id) { name } }";
    await stack.query(query, { id: "secret-variable" }, { authorization });
    await stack.query(groups, {}, { traceparent });
    await stack.close();

    const spans = collector.spans();
    const [first, second, refused] = of(spans, server);
    expect(first).toMatchObject({ name: "query Groups", traceId, parentSpanId: parentId, traceState: "vendor=1" });
    expect(first?.facts).toMatchObject({
      "graphql.operation.type": "query",
      "graphql.operation.name": "Groups",
      "access_graph.caller": "token",
      "access_graph.request_id": "r-1",
      "http.response.status_code": 200,
    });
    expect(second).toMatchObject({ name: "query One" });
    expect(second?.traceId).not.toBe(traceId);
    expect(refused?.facts).toMatchObject({
      "access_graph.error_codes": ["UNAUTHENTICATED"],
      "access_graph.caller": "nobody",
      "http.response.status_code": 401,
    });

    const calls = of(spans, client).filter((span) => span.traceId === traceId);
    expect(calls.map(({ parentSpanId }) => parentSpanId)).toEqual(calls.map(() => first?.spanId));
    const repeated = calls.find(({ name }) => name === "GET /wiki/rest/api/group");
    expect(repeated?.facts).toMatchObject({
      "url.template": "/wiki/rest/api/group",
      "access_graph.site": stack.siteId,
      "http.response.status_code": 200,
      "http.request.resend_count": 1,
    });
    const told = collector.posted.map(({ body }) => body.toString("utf8")).join("\n");
    for (const word of ["secret-variable", token, stack.sandbox.credential.apiToken, human(1).accountId]) {
      expect(told).not.toContain(word);
    }
    expect(calls.length).toBeGreaterThan(1);
    expect(collector.resource()).toMatchObject({
      "service.name": "graph-eu",
      "deployment.environment.name": "test one",
    });
    expect(new Set(collector.posted.map((post) => `${post.path} ${post.authorization}`))).toEqual(
      new Set(["/v1/traces Bearer collectors-own-token"]),
    );
    const line = stack.logLines
      .map((text) => JSON.parse(text))
      .find(({ msg, requestId }) => msg === "request" && requestId === "r-1");
    expect(line).toMatchObject({ traceId });
    expect(stack.logLines.join("")).not.toContain("collectors-own-token");
  });

  it("are handed on to who is called: each call names its own span", async () => {
    const collector = await startCollector();
    const heard = await hear(tracingTo(collector.url));
    const calls = of(collector.spans(), client).filter((span) => span.traceId === traceId);
    expect(calls.length).toBeGreaterThan(0);
    expect(heard).toEqual(new Set(calls.map(({ spanId }) => `00-${traceId}-${spanId}-01`)));
  });

  it("are not sent of a trace that who asks does not want told, whose context goes on all the same", async () => {
    const collector = await startCollector();
    const stack = await startStack({ world, env: tracingTo(collector.url) });
    await stack.query(groups, {}, { traceparent: traceparent.replace(/01$/, "00") });
    await stack.close();
    expect(collector.posted).toEqual([]);
  });

  it("tell each operation of a batch, and a change with its policy", async () => {
    const collector = await startCollector();
    const policy = await startCollector();
    const stack = await startProvisioning(world, {
      ...tracingTo(collector.url),
      POLICY_URL: `${policy.url}/decide`,
    });
    const long = "L".repeat(100_000);
    const batch = [
      { query: groups },
      { query: "query Sites { sites { siteId } }" },
      { query: `query ${long} { sites { siteId } }` },
    ];
    await fetch(stack.server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(batch),
    });
    await stack.query('mutation Make { createGroup(input: { requestId: "1", name: "new" }) { outcome } }', {}, {});
    await stack.close();
    const spans = collector.spans();
    const parts = of(spans, internal);
    // A name is the client's, and many wait here for a collector that is away.
    const cut = long.slice(0, 100);
    expect(parts.map(({ name }) => name).sort()).toEqual(["query Groups", `query ${cut}`, "query Sites"]);
    expect(parts.map(({ facts }) => facts["graphql.operation.name"])).toContain(cut);
    const [whole] = of(spans, server).filter(({ spanId }) => spanId === parts[0]?.parentSpanId);
    expect(whole?.name).toBe("POST /graphql");
    expect(of(spans, client).find(({ name }) => name === "POST POLICY_URL")?.facts).toMatchObject({
      "access_graph.policy.decision": "UNAVAILABLE",
      "http.response.status_code": 200,
    });
    expect(of(spans, server).map(({ name }) => name)).toContain("mutation Make");
  });

  it.each(["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"])(
    "present what the settings say, and not what %s of the process says",
    async (name) => {
      vi.stubEnv(name, "authorization=Bearer%20of-somebody-else");
      const collector = await startCollector();
      const stack = await startStack({ world, env: tracingTo(collector.url) });
      await stack.query(groups);
      await stack.close();
      expect(collector.posted.map(({ authorization }) => authorization)).toEqual([undefined]);
      expect(process.env[name]).toBe("authorization=Bearer%20of-somebody-else");
    },
  );

  it("are written in protobuf unless it is said otherwise", async () => {
    const collector = await startCollector();
    const stack = await startStack({ world, env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own` } });
    await stack.query(groups);
    await stack.close();
    const [post] = collector.posted;
    expect(post).toMatchObject({ path: "/own", type: "application/x-protobuf" });
    expect(post?.body.includes("query Groups")).toBe(true);
  });
});

describe("a collector that is away or refuses", () => {
  it("harms no answer and no end, and is told of once", async () => {
    const collector = await startCollector(400);
    const stack = await startStack({ world, env: { ...tracingTo(collector.url) } });
    for (let time = 0; time < 3; time += 1) expect((await stack.query(groups)).errors).toBeUndefined();
    await stack.close();
    const told = stack.logLines.filter((line) => line.includes("spans could not be sent"));
    expect(told.map((line) => JSON.parse(line).level)).toEqual(["warn"]);
  });
});

describe("without a collector", () => {
  it("no span is made, and the trace of who asks goes on as it came, to sites only where that is wanted", async () => {
    expect(await hear({})).toEqual(new Set([traceparent]));
    expect(await hear({ TRACE_SITES: "off" })).toEqual(new Set());
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_SDK_DISABLED: "true" };
    expect(await hear(off)).toEqual(new Set([traceparent]));
  });
});
