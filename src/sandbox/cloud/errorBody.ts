const codes: Readonly<Record<number, string>> = {
  400: "INVALID_REQUEST_PARAMETER",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "TOO_MANY_REQUESTS",
  501: "NOT_IMPLEMENTED",
  503: "SERVICE_UNAVAILABLE",
};

/** An error as v2 (paths below `/wiki/api/v2`) or v1 words it. v1 answers in two shapes; the short one carries no data. */
export function errorBody(path: string, status: number, message: string, code?: string): unknown {
  if (path.startsWith("/wiki/api/v2/")) {
    const known = code ?? codes[status] ?? (status < 500 ? "INVALID_REQUEST" : "INTERNAL_SERVER_ERROR");
    return { errors: [{ status, code: known, title: message, detail: null }] };
  }
  if (status !== 400 && status !== 403 && status !== 404) return { statusCode: status, message };
  return {
    statusCode: status,
    data: {
      authorized: status === 400,
      valid: false,
      errors: [{ message: { translation: message, args: [] } }],
      successful: false,
    },
    message,
  };
}
