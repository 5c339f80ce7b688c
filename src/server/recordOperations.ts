import type { ApolloServerPlugin } from "@apollo/server";
import { RequestRecord } from "./RequestRecord.js";
import type { ServerContext } from "./ServerContext.js";

/** Failures of the request itself: nothing was executed, and only the client can mend it. */
const requestErrorCodes: readonly unknown[] = [
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "OPERATION_RESOLUTION_FAILURE",
];

/** Notes operation names and error codes for the request's log line, and whether nothing could be executed. */
export function recordOperations<Context extends ServerContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, operationName, errors, response, requestIsBatched }) {
          const record = RequestRecord.behind(contextValue.request);
          if (record === undefined || response.body.kind !== "single") return;
          if (typeof operationName === "string") record.addOperation(operationName);
          const { data, errors: shown = [] } = response.body.singleResult;
          for (const error of shown) record.addErrorCode(String(error.extensions?.code ?? "INTERNAL"));
          const isRequestError =
            data === undefined && (errors ?? []).every((error) => requestErrorCodes.includes(error.extensions.code));
          if (!isRequestError || response.http.status !== 400) return;
          // A batch has one status for all its operations: the failure of one must not stand for the others.
          if (requestIsBatched) response.http.status = 200;
          else record.isRequestError = true;
        },
      };
    },
  };
}
