import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type ExecutionResult, execute, type FormattedExecutionResult, type GraphQLSchema } from "graphql";
import { RequestRecord } from "../requests/requestLog.js";
import type { ServerContext } from "../ServerOptions.js";
import { coerceWith } from "./coerceVariables.js";
import { KnownOperation } from "./KnownOperation.js";
import { createPlanner } from "./planned/planOf.js";
import { runPlan } from "./planned/runPlan.js";
import { type FormatError, showErrors } from "./showErrors.js";

/** At once, where nothing had to be waited for. */
type Shown = FormattedExecutionResult | Promise<FormattedExecutionResult>;
type Variables = Readonly<Record<string, unknown>>;

/** Executes queries that may run, with variables that were coerced. What they answer is as it is shown. */
export interface QueryExecution {
  run(operation: KnownOperation, context: unknown, coerced: Variables): Shown;
  /** By its plan alone: `null` where it has none. */
  runPlanned(operation: KnownOperation, context: unknown, coerced: Variables): Shown | null;
}

export function createQueryExecution(schema: GraphQLSchema, format: FormatError): QueryExecution {
  const planOf = createPlanner(schema);
  // In the order that Apollo writes them in.
  const shown = ({ errors, data = null }: ExecutionResult): FormattedExecutionResult =>
    errors === undefined ? { data } : { errors: showErrors(errors, format), data };
  const show = (executing: ExecutionResult | Promise<ExecutionResult>) =>
    executing instanceof Promise ? executing.then(shown) : shown(executing);
  const runPlanned: QueryExecution["runPlanned"] = (operation, context, coerced) => {
    const plan = planOf(operation, coerced);
    return plan === null ? null : show(runPlan(plan, context, coerced));
  };
  return {
    runPlanned,
    run: (operation, context, coerced) => {
      const { document, name: operationName } = operation;
      return (
        runPlanned(operation, context, coerced) ??
        show(execute({ schema, document, contextValue: context, variableValues: coerced, operationName }))
      );
    },
  };
}

/**
 * A query that comes plainly is executed by its plan at first sight too, once Apollo has let it through: graphql-js makes two
 * objects for every field of every row, which is half of the garbage of a long answer. The plan is what it is asked by
 * again, so it is made but once.
 */
export function executePlanned<Context extends ServerContext>(
  schema: GraphQLSchema,
  execution: QueryExecution,
): ApolloServerPlugin<Context> {
  const coerce = coerceWith(schema);
  return {
    async requestDidStart({ contextValue }) {
      if (RequestRecord.behind(contextValue.request)?.comesPlainly !== true) return undefined;
      return {
        async responseForOperation({ document, operation: definition, request: { variables = {} } }) {
          // Apollo asks here before it says that there is no such operation, whatever its types say.
          if (definition?.operation !== "query") return null;
          const operation = KnownOperation.of(document, definition);
          const coerced = coerce(operation, variables);
          if (coerced === null) return null;
          const running = execution.runPlanned(operation, contextValue, coerced);
          if (running === null) return null;
          return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult: await running } };
        },
      };
    },
  };
}
