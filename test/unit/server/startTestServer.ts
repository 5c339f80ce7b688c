import { buildSchema, type GraphQLFieldResolver, GraphQLObjectType } from "graphql";
import { onTestFinished } from "vitest";
import { boundless } from "../../../src/callers/Caller.js";
import { CallerBudgets } from "../../../src/callers/CallerBudgets.js";
import { Callers } from "../../../src/callers/Callers.js";
import { systemClock } from "../../../src/compose/systemClock.js";
import { createLogger, type StructuredLogger } from "../../../src/observability/Logger.js";
import type { RequestFacts, ServerContext, ServerOptions } from "../../../src/server/ServerOptions.js";
import { type RunningServer, startServer } from "../../../src/server/startServer.js";

type Resolver = GraphQLFieldResolver<unknown, ServerContext>;

interface TestServerOptions extends Partial<Omit<ServerOptions<ServerContext>, "config">> {
  readonly config?: Partial<ServerOptions<ServerContext>["config"]>;
  /** What whoever calls may ask for. */
  readonly asks?: "any" | "listed";
  /** Awaited by the field `slow`. */
  readonly slow?: () => Promise<string>;
}

export interface TestServer extends RunningServer {
  readonly port: number;
  readonly logger: StructuredLogger;
  /** The log, parsed. */
  readonly lines: Record<string, unknown>[];
  /** What createContext was given, in order. */
  readonly contexts: RequestFacts[];
  /** The log as written. */
  rawLog(): string;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** The real server on a free port over a schema of a few fields; closed when the test ends. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const written: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const contexts: RequestFacts[] = [];
  const write = (line: string) => {
    written.push(line);
    lines.push(JSON.parse(line));
  };
  const { config, slow = async () => "slow", asks = "any", ...others } = options;
  const logger = createLogger({ level: "debug", destination: { write } });
  const callers = new Callers({
    config: { file: null, jwt: null, limits: boundless, operations: asks },
    token: config?.callerToken ?? null,
    clock: systemClock,
    logger,
  });
  const server = await startServer<ServerContext>({
    schema: createSchema(slow),
    logger,
    callers,
    budgets: new CallerBudgets(systemClock),
    clock: systemClock,
    product: {
      name: "test-graph",
      version: "1.2.3",
      title: "Test graph",
      explorer: { aboutQuery: "", valuesQuery: "", values: {}, examples: [] },
    },
    readiness: () => ({ isReady: true, sites: [] }),
    createContext: (request) => {
      contexts.push(request);
      return { request };
    },
    ...others,
    config: {
      host: "127.0.0.1",
      port: 0,
      callerToken: null,
      bodyLimitBytes: 64 * 1024,
      maxResponseBytes: 1024 * 1024,
      batchLimit: 3,
      requestTimeLimitMs: 60_000,
      shutdownGraceMs: 5_000,
      metrics: { token: null, ownPort: null },
      isGraphiqlServed: true,
      isIntrospectionOn: true,
      arePersistedQueriesTaken: true,
      operations: null,
      isTraceToldToSites: true,
      isCompressionOn: true,
      areCacheHintsTold: false,
      corsOrigins: [],
      ...config,
    },
  });
  // A test of a failing end sees the failure itself.
  onTestFinished(() => server.closeNow().catch(() => undefined));
  return {
    ...server,
    logger,
    port: Number(new URL(server.url).port),
    lines,
    contexts,
    rawLog: () => written.join(""),
    post: (body, headers = {}) =>
      fetch(server.graphqlUrl, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

function createSchema(slow: () => Promise<string>) {
  const schema = buildSchema(`
    type Query { hello: String! requestId: String! slow: String! double(n: Int!): Int! broken: String }
    type Mutation { change: String! }
  `);
  const resolvers: Record<string, Resolver> = {
    hello: () => "world",
    requestId: (_source, _args, context) => context.request.requestId,
    slow,
    double: (_source, { n }) => n * 2,
    broken: () => {
      throw new Error("the pipe is broken");
    },
    change: () => "changed",
  };
  for (const name of ["Query", "Mutation"]) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLObjectType)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = resolvers[field.name];
      if (resolve !== undefined) field.resolve = resolve;
    }
  }
  return schema;
}
