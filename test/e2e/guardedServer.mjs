// The built server over a schema whose fields let go of what they began: a rejection, an exception. Run by guard.test.ts.
import diagnostics_channel from "node:diagnostics_channel";
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from "graphql";
import { boundless } from "../../dist/callers/Caller.js";
import { CallerBudgets } from "../../dist/callers/CallerBudgets.js";
import { Callers } from "../../dist/callers/Callers.js";
import { systemClock } from "../../dist/compose/systemClock.js";
import { Secret } from "../../dist/config/Secret.js";
import { createLogger } from "../../dist/observability/Logger.js";
import { registerSecret } from "../../dist/observability/redact.js";
import { installProcessGuard } from "../../dist/server/lifecycle/processEvents.js";
import { startServer } from "../../dist/server/startServer.js";

const secret = "a-secret-that-no-log-may-hold-0123456789";
registerSecret(new Secret(secret));
const never = () => new Promise(() => undefined);

/** No machine is so slow that a request is given up by the clock: the time of those before it is up when the field `timeIsUp` is asked. */
const requestTimeLimitMs = 600_000;
let lookWhoseTimeIsUp = () => undefined;
const setTimer = globalThis.setTimeout;
globalThis.setTimeout = (then, ms, ...rest) => {
  if (ms > requestTimeLimitMs / 2) lookWhoseTimeIsUp = then;
  return setTimer(then, ms, ...rest);
};
let aheadMs = 0;
let arrivedMs = 0;
const now = performance.now.bind(performance);
performance.now = () => now() + aheadMs;
diagnostics_channel.subscribe("http.server.request.start", () => {
  arrivedMs = performance.now();
});
/** For whoever came before the last request, and not for that. */
const endTime = () => {
  aheadMs += arrivedMs + requestTimeLimitMs - performance.now();
  lookWhoseTimeIsUp();
};

const field = (resolve) => ({ type: GraphQLString, resolve });
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: "Query",
    fields: {
      rejects: field(() => {
        Promise.reject(new Error(`orphaned rejection with ${secret}`));
        return never();
      }),
      throws: field(() => {
        setImmediate(() => {
          throw new Error(`orphaned exception with ${secret}`);
        });
        return never();
      }),
      rejectsWithText: field(() => {
        Promise.reject("no error at all");
        return never();
      }),
      losesConnection: field(() => {
        setImmediate(() => {
          throw Object.assign(new Error("the other end is gone"), { code: "ECONNRESET" });
        });
        return "asked";
      }),
      hello: field(() => "world"),
      timeIsUp: field(() => {
        endTime();
        return "for all others";
      }),
    },
  }),
});
const logger = createLogger({ level: "info", destination: process.stderr });
const server = await startServer({
  config: {
    host: "127.0.0.1",
    port: 0,
    callerToken: null,
    bodyLimitBytes: 65_536,
    maxResponseBytes: 1_048_576,
    batchLimit: 3,
    requestTimeLimitMs,
    shutdownGraceMs: 0,
    metrics: { token: null, ownPort: null },
    isGraphiqlServed: true,
    isIntrospectionOn: true,
    arePersistedQueriesTaken: true,
    operations: null,
    isCompressionOn: true,
    corsOrigins: [],
  },
  callers: new Callers({
    config: { file: null, jwt: null, limits: boundless, operations: "any" },
    token: null,
    clock: systemClock,
    logger,
  }),
  budgets: new CallerBudgets(systemClock),
  clock: systemClock,
  product: { name: "test-graph", version: "0.0.0", title: "Test graph", exampleQueries: [] },
  logger,
  schema,
  createContext: (request) => ({ request }),
  readiness: () => ({
    isReady: true,
    sites: ["one", "other"].map((siteId) => ({ siteId, name: siteId, isReady: true, reason: null })),
  }),
});
installProcessGuard(server, { logger });
process.stdout.write(`GraphQL ${server.graphqlUrl}\n`);
