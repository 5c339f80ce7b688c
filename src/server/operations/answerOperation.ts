import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from "graphql";
import type { KnownBodies } from "../answers/KnownBodies.js";
import { type Question, RepeatedAnswers } from "../answers/repeatAnswers.js";
import type { AskedOperation, OperationWatch, RequestFacts, ServerContext, ServerOptions } from "../ServerOptions.js";
import { coerceWith } from "./coerceVariables.js";
import type { QueryExecution } from "./executeQuery.js";
import type { Asked } from "./readAsked.js";
import { bodyOf, writeAnswer } from "./writeAnswer.js";

/** What is sent, whatever the form that the client accepts: the status is 200, for it holds data, or says why there is none. */
export class OperationAnswer {
  #body: string | Buffer;

  /**
   * @param errorCodes The codes of its errors, for the log.
   * @param maxAgeSeconds For how many seconds its client may keep it; 0 where nobody can tell, or nobody is to be told.
   */
  constructor(
    body: string | Buffer,
    readonly errorCodes: readonly string[],
    readonly maxAgeSeconds: number,
  ) {
    this.#body = body;
  }

  /**
   * Its body, once. Promises that waited for their turn among many have grown old by now, and what they hold is held until all memory is
   * gone through: long bodies had that done seven times a second, for everybody to wait for (heldAnswers.test.ts, 2026-11-30).
   */
  takeBody(): string | Buffer {
    const body = this.#body;
    this.#body = "";
    return body;
  }
}

/**
 * Answers one operation, at once where the answer is remembered. `null`: not here, it is for Apollo to say what is wrong with its
 * variables.
 */
export type AnswerOperation = (asked: Asked, request: RequestFacts) => Answering;

type Answering = OperationAnswer | null | Promise<OperationAnswer | null>;

const none: readonly string[] = [];

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
  bodies: KnownBodies,
): AnswerOperation {
  const { schema, config, budgets, createContext, watches = [] } = options;
  const coerce = coerceWith(schema);
  const repeated = options.answers === undefined ? null : new RepeatedAnswers(options.answers);

  const secondsLeftOf = (known: Parameters<RepeatedAnswers<Context>["secondsLeftOf"]>[0] | null): number =>
    repeated === null || known === null || !config.areCacheHintsTold ? 0 : repeated.secondsLeftOf(known);

  // Each step goes on at once where nothing has to be waited for: promises are half of what a small answer costs.
  const answerAnew = (asked: Asked, request: RequestFacts, question: Question | null): Answering => {
    const { operation, variables } = asked;
    const { document, definition } = operation;
    const coerced = coerce(operation, variables);
    if (coerced === null) return null;

    const answerIn = (context: Context): Answering => {
      for (const watch of watches) watch.begin(context);
      if (!mayRun(watches, context, { schema, document, definition, variables })) return null;
      return next(execution.run(operation, context, coerced), (result) => write(result, context));
    };
    const write = (result: FormattedExecutionResult, context: Context): Answering => {
      for (const watch of watches) watch.end(context, result);
      const { errors, data, extensions } = result;
      const send = (sent: string | Buffer, isTooLong: boolean): OperationAnswer => {
        if (isTooLong) return new OperationAnswer(sent, ["RESPONSE_TOO_LARGE"], 0);
        const taken =
          question === null || repeated === null ? null : repeated.take(question, context, { result, body: sent });
        const codes = errors === undefined ? none : errors.map(codeOf);
        return new OperationAnswer(taken ?? sent, codes, taken === null ? 0 : secondsLeftOf(question));
      };
      return next(writeAnswer({ errors, data, extensions }, config.maxResponseBytes), (written) =>
        next(bodyOf(written), (sent) => send(sent, written.isTooLong)),
      );
    };
    return next(createContext(request), answerIn);
  };

  return (asked, request) => {
    const known = repeated?.find(asked, request) ?? null;
    if (known === null || known.bytes === null) return answerAnew(asked, request, known);
    if (asked.body !== null) bodies.keep(asked.body);
    const { caller } = request;
    if (caller.limits.costPerMinute !== null) budgets.of(caller).chargeRepeat(Buffer.byteLength(known.bytes));
    return new OperationAnswer(known.bytes, none, secondsLeftOf(known));
  };
}

function next<T, R>(step: T | Promise<T>, go: (value: T) => R | Promise<R>): R | Promise<R> {
  return step instanceof Promise ? step.then(go) : go(step);
}

function codeOf({ extensions }: GraphQLFormattedError): string {
  return String(extensions?.code ?? "INTERNAL");
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
