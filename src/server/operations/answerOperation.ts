import { GraphQLError, getVariableValues } from "graphql";
import { type Question, RepeatedAnswers } from "../answers/repeatAnswers.js";
import type { AskedOperation, OperationWatch, RequestFacts, ServerContext, ServerOptions } from "../ServerOptions.js";
import type { QueryExecution } from "./executeQuery.js";
import type { Asked } from "./readAsked.js";
import { writeAnswer } from "./writeAnswer.js";

/** What is sent, whatever the form that the client accepts: the status is 200, for it holds data, or says why there is none. */
export interface OperationAnswer {
  readonly body: string | Buffer;
  /** The codes of its errors, for the log. */
  readonly errorCodes: readonly string[];
  /** For how many seconds its client may keep it; 0 where nobody can tell, or nobody is to be told. */
  readonly maxAgeSeconds: number;
}

/**
 * Answers one operation, at once where the answer is remembered. `null`: not here, it is for Apollo to say what is wrong with its
 * variables.
 */
export type AnswerOperation = (
  asked: Asked,
  request: RequestFacts,
) => OperationAnswer | Promise<OperationAnswer | null>;

/**
 * Answers queries of documents that Apollo has parsed and validated before, without its pipeline, which costs a small answer
 * more than all the rest. Whatever comes out is byte for byte what comes out of Apollo; test/fuzz/lanes.test.ts holds it.
 *
 * The order is the design, and each of these has its one place in it:
 * 1. An answer remembered as bytes is looked up: by `asked.operation` (one object for each operation of each document kept),
 *    `asked.variables`, and what the caller may see; never where `request.isFreshWanted`. Who asks was checked before
 *    (`registerGraphql`), and the log, the status and the headers are the caller's business, so it passes them like any other.
 *    Whoever counts what callers take counts it here as well.
 * 2. Variables are coerced; those that do not fit are Apollo's to describe. Nothing was begun by then.
 * 3. What must not run, for what it costs, is refused; by Apollo, for the answer is one of a request and has a status of its own.
 * 4. It is executed, watched from beginning to end.
 * 5. Its answer is remembered where it was asked for before: `result` and `context` tell whether it is whole, and on what it stands.
 */
export function createAnswerOperation<Context extends ServerContext>(
  options: ServerOptions<Context>,
  execution: QueryExecution,
): AnswerOperation {
  const { schema, config, budgets, createContext, watches = [] } = options;
  const repeated = options.answers === undefined ? null : new RepeatedAnswers(options.answers);

  const secondsLeftOf = (known: Parameters<RepeatedAnswers<Context>["secondsLeftOf"]>[0] | null): number =>
    repeated === null || known === null || !config.areCacheHintsTold ? 0 : repeated.secondsLeftOf(known);

  const answerAnew = async (asked: Asked, request: RequestFacts, question: Question | null) => {
    const { operation, variables } = asked;
    const { document, definition } = operation;
    const { errors: faults, coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables);
    if (faults !== undefined) return null;

    const made = createContext(request);
    const context = made instanceof Promise ? await made : made;
    for (const watch of watches) watch.begin(context);
    if (!mayRun(watches, context, { schema, document, definition, variables })) return null;
    const executing = execution.run(operation, context, coerced);
    const result = executing instanceof Promise ? await executing : executing;
    for (const watch of watches) watch.end(context, result);
    const { errors = [], data, extensions } = result;
    const written = writeAnswer({ errors: result.errors, data, extensions }, config.maxResponseBytes);
    const { text, isTooLong } = written instanceof Promise ? await written : written;
    if (isTooLong) return { body: text, errorCodes: ["RESPONSE_TOO_LARGE"], maxAgeSeconds: 0 };
    const body =
      question === null || repeated === null ? text : repeated.take(question, context, { result, body: text });
    return {
      body,
      maxAgeSeconds: body === text ? 0 : secondsLeftOf(question),
      errorCodes: errors.map((error) => String(error.extensions?.code ?? "INTERNAL")),
    };
  };

  return (asked, request) => {
    const known = repeated?.find(asked, request) ?? null;
    if (known === null || known.bytes === null) return answerAnew(asked, request, known);
    const { caller } = request;
    if (caller.limits.costPerMinute !== null) budgets.of(caller).chargeRepeat(known.bytes.length);
    return { body: known.bytes, errorCodes: [], maxAgeSeconds: secondsLeftOf(known) };
  };
}

function mayRun<Context>(
  watches: readonly OperationWatch<Context>[],
  context: Context,
  asked: AskedOperation,
): boolean {
  try {
    for (const watch of watches) watch.admit?.(context, asked);
    return true;
  } catch (error) {
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}
