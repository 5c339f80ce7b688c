import { STATUS_CODES } from "node:http";

/**
 * How an error is worded. `entity`: by a route, about what was asked of it. `bare`: before any route, when there is none or
 * the caller is nobody. `filter`: by a servlet filter, which knows no status in the body.
 */
export type ErrorKind = "entity" | "bare" | "filter";

/** The JSON body of an error. */
export function errorBody(kind: ErrorKind, status: number, message: string): unknown {
  if (kind === "filter") return { message };
  if (kind === "bare") return { message, "status-code": status };
  const isBadInput = status === 400;
  return {
    statusCode: status,
    data: {
      authorized: isBadInput,
      valid: !isBadInput,
      errors: isBadInput ? [{ message: { translation: message, args: [] } }] : [],
      successful: false,
    },
    message,
    reason: STATUS_CODES[status] ?? "Unknown",
  };
}
