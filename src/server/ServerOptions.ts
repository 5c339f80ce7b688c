import type { IncomingHttpHeaders } from "node:http";
import type { ApolloServerOptions, ApolloServerPlugin } from "@apollo/server";
import type {
  DocumentNode,
  FormattedExecutionResult,
  GraphQLSchema,
  OperationDefinitionNode,
  ValidationRule,
} from "graphql";
import type { Caller } from "../callers/Caller.js";
import type { CallerBudgets } from "../callers/CallerBudgets.js";
import type { Callers } from "../callers/Callers.js";
import type { ServerConfig } from "../config/Config.js";
import type { Clock } from "../domain/Clock.js";
import type { StructuredLogger } from "../observability/Logger.js";
import type { MetricFamily } from "../observability/metrics/families.js";
import type { Tracing } from "../observability/tracing/Span.js";
import type { Answers } from "./answers/AnswerStore.js";
import type { ReadinessReport } from "./lifecycle/health.js";

/** What the server is made of; it knows HTTP, and nothing of what the graph is about. */
export interface ServerOptions<Context extends ServerContext> {
  readonly config: ServerConfig;
  readonly product: Product;
  readonly callers: Callers;
  /** What each caller may still ask for. */
  readonly budgets: CallerBudgets;
  readonly clock: Clock;
  readonly logger: StructuredLogger;
  readonly schema: GraphQLSchema;
  /** Called once for each HTTP request, also for a batch. `request` of the answer is the very object that was given. */
  readonly createContext: (request: RequestFacts) => Context | Promise<Context>;
  readonly readiness: () => ReadinessReport;
  /** Where requests are shown as spans; nowhere where it is left out. */
  readonly tracing?: Tracing | null;
  /** What is told at /metrics beside what the server counts itself. */
  readonly metrics?: () => readonly MetricFamily[];
  /** How answers keep up with what other processes change; nothing where it is left out: there are no others. */
  readonly freshness?: Freshness<Context> | null;
  /** Where answers are remembered as bytes; not at all where it is left out. */
  readonly answers?: Answers<Context, RequestFacts>;
  /** What is done around every operation, whichever way it is answered. */
  readonly watches?: readonly OperationWatch<Context>[];
  /**
   * What only Apollo has: batches and mutations. They see no query of a document that was let through before and comes alone, and
   * no execution of one that comes alone for the first time: whoever must see those is a watch.
   */
  readonly plugins?: readonly ApolloServerPlugin<Context>[];
  /** Rules beside GraphQL's own. A code in the extensions of what they report reaches the client. */
  readonly validationRules?: readonly ValidationRule[];
  readonly formatError?: NonNullable<ApolloServerOptions<Context>["formatError"]>;
  /** Called after the last answer went out and before `close` resolves: time to close what stands below. */
  readonly onClose?: () => Promise<void> | void;
}

/** On what an answer may rest: on what is remembered, or on nothing that was read before a moment. */
export type Footing = "remembered" | { readonly notBeforeMs: number };

/** How answers keep up with what other processes of the deployment change. */
export interface Freshness<Context> {
  /**
   * On what the answer to a request may rest, asked right before it is made.
   *
   * @param presented the position that the answer must not be behind, as it was presented.
   */
  footing(presented: string | undefined): Footing | Promise<Footing>;
  /** Whether an operation has asked for a change that is not only planned. */
  mayHaveChanged(context: Context): boolean;
  /**
   * The position that an answer must not be behind which is to show what was changed so far; once no process gives any other.
   *
   * @param presented the positions that the request presented: what is told must tell of what was not reached of them as well.
   */
  settle(presented: readonly string[]): Promise<string>;
}

/** Sees each operation begin and end. */
export interface OperationWatch<Context> {
  /** Before anything of it runs. Each operation of a batch has a copy of the context of its own. */
  begin(context: Context): void;
  /** Throws a `GraphQLError` for an operation that is not to run. Asked after `begin`, and before anything of it runs. */
  admit?(context: Context, asked: AskedOperation): void;
  /** Its answer before it is sent, as it will be shown: errors and extensions may be added. */
  end(context: Context, answer: FormattedExecutionResult): void;
}

/** A validated operation that is about to run. */
export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** As they were sent, and found to fit. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What is served, for those who come to it by HTTP. */
export interface Product {
  /** For programs: the realm of the callers' token, and what the explorer's keys in a browser begin with. */
  readonly name: string;
  readonly version: string;
  /** For people: the title of the explorer's page. */
  readonly title: string;
  readonly explorer: Explorer;
}

/** What the explorer's page offers, and what it asks the graph for itself. */
export interface Explorer {
  /** Answers, under `sites`, with `siteId name url isSandbox isProvisioningOn` of each. */
  readonly aboutQuery: string;
  /** Answers with what variables of examples are filled from. */
  readonly valuesQuery: string;
  /** Where in that answer each value stands: names of fields with dots between, `*` for each item of a list. */
  readonly values: Readonly<Record<string, string>>;
  readonly examples: readonly ExampleQuery[];
}

/** A query that the explorer offers. */
export interface ExampleQuery {
  /** The operation's name, and with it the tab's. Short, so that all tabs are seen. */
  readonly title: string;
  /** One line, as short as a line of the editor. */
  readonly description: string;
  readonly query: string;
  /** What its variables are at first. A text that begins with `$` stands for the value of that name. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Whether a tab is open for it from the start; the others are in a menu. */
  readonly isTab: boolean;
}

/** What a GraphQL context holds at least: the facts it was made from, the same object. */
export interface ServerContext {
  readonly request: RequestFacts;
}

/** What the graph may know of the HTTP request that it answers. */
export interface RequestFacts {
  /** The caller's `X-Request-Id` where it is usable, otherwise one of ours. Stands in every log line of the request. */
  readonly requestId: string;
  /** Who asks, verified. Nobody, who may do nothing, until that is known. */
  readonly caller: Caller;
  /** As received, without `authorization` and `cookie`. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** One of them, by its name in lower case; its first value where it was sent several times. */
  header(name: string): string | undefined;
  /**
   * Nothing that was read before this request may answer it: the caller sent `Cache-Control: no-cache`, or presented a position of
   * which nobody can tell whether what is remembered has reached it.
   */
  readonly isFreshWanted: boolean;
  /** Of these the former. */
  readonly isFreshAsked: boolean;
  /**
   * Of these the latter: its caller may know of changes that this process has not heard of, all of them from before that moment. `null`
   * where it has heard of all.
   */
  readonly freshSinceMs: number | null;
  /** The positions that its answer must not be behind, as they were presented. */
  readonly positions: readonly string[];
  /** Adds the request id to each line. */
  readonly logger: StructuredLogger;
}
