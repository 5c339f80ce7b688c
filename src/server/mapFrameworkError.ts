import type { Refusal } from "./Refusal.js";

interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
}

interface FrameworkLimits {
  readonly bodyLimitBytes: number;
}

/** What the framework refuses, with our stable codes. `null`: not a refusal but a fault of ours. */
export function mapFrameworkError(error: FrameworkError, limits: FrameworkLimits): Refusal | null {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return {
        status: 413,
        code: "REQUEST_TOO_LARGE",
        message: `The request body is larger than ${Math.floor(limits.bodyLimitBytes / 1024)} KiB. Send fewer operations or smaller variables.`,
      };
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return {
        status: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "The request body must be JSON: send it with Content-Type: application/json.",
      };
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return {
        status: 400,
        code: "MALFORMED_JSON",
        message: 'The request body is not JSON. A GraphQL request is an object such as {"query": "{ __typename }"}.',
      };
    default:
      if (error.statusCode === undefined || error.statusCode < 400 || error.statusCode >= 500) return null;
      return {
        status: error.statusCode,
        code: "MALFORMED_REQUEST",
        message: "The HTTP request is malformed: check its address, its headers and its length.",
      };
  }
}
