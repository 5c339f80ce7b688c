import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { boundless } from "../../../src/callers/Caller.js";
import { Callers } from "../../../src/callers/Callers.js";
import { createLogger } from "../../../src/observability/Logger.js";
import type { Span } from "../../../src/observability/tracing/Span.js";
import { ManualClock } from "../../support/ManualClock.js";

/** A span that notes what is told of its calls. */
function notingSpan() {
  const noted: unknown[] = [];
  const span = (name: string): Span => ({
    traceId: "1".repeat(32),
    traceHeaders: { traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` },
    child: (child, kind, facts) => {
      noted.push([child, kind, facts]);
      return span(child);
    },
    rename: () => undefined,
    tell: (facts) => void noted.push([name, facts]),
    end: (failure) => void noted.push([name, failure ?? "ended"]),
  });
  return { noted, span: span("request") };
}

async function startIssuer(status: number) {
  const asked: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    asked.push(headers);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const callers = new Callers({
    config: {
      ...{ file: null, limits: boundless, operations: "any" },
      jwt: {
        ...{ issuer: "https://login.example.com/", audience: "access-graph", skewMs: 0 },
        jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?tenant=secret`,
        claims: { name: "sub", scopes: "scope", accounts: "accounts" },
      },
    },
    token: null,
    clock: new ManualClock(),
    logger: createLogger({ level: "silent", destination: { write: () => undefined } }),
  });
  onTestFinished(() => callers.close());
  return { asked, callers };
}

const token = "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6Im9uZSJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmVk";

it.each([
  [200, "ended"],
  [503, "Error"],
] as const)(
  "the call for an issuer's keys is a span of the request that needs them, answered with %d",
  async (status, end) => {
    const { asked, callers } = await startIssuer(status);
    const { noted, span } = notingSpan();
    const marks = { logFields: {}, traceHeaders: {}, isTraceToldToSites: false, span };
    await callers.identify(token, { marks });
    const name = "GET JWT_JWKS_URL";
    // Its host, and nothing else of its address.
    expect(noted).toEqual([
      [name, "call", { "http.request.method": "GET", "server.address": "127.0.0.1" }],
      [name, { "http.response.status_code": status }],
      [name, end],
    ]);
    expect(asked).toMatchObject([{ accept: "application/json", traceparent: span.traceHeaders.traceparent }]);
  },
);

it("the call for an issuer's keys goes with the trace of its request where no span is wanted, and alone without one", async () => {
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-00`;
  const first = await startIssuer(200);
  await first.callers.identify(token, {
    marks: { logFields: {}, traceHeaders: { traceparent }, isTraceToldToSites: false, span: null },
  });
  expect(first.asked).toMatchObject([{ traceparent }]);
  const second = await startIssuer(200);
  await second.callers.identify(token);
  expect(second.asked).toHaveLength(1);
  expect(second.asked[0]).not.toHaveProperty("traceparent");
});
