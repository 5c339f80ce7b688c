import type { Socket } from "node:net";

interface ConnectionFault {
  readonly code?: string;
}

/** Answers what is not even an HTTP request, in GraphQL's shape, and closes the connection. */
export function answerClientError(fault: ConnectionFault, socket: Socket): void {
  if (fault.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = describe(fault.code);
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function describe(code: string | undefined): [status: string, code: string, message: string] {
  if (code === "HPE_HEADER_OVERFLOW") {
    return [
      "431 Request Header Fields Too Large",
      "HEADERS_TOO_LARGE",
      "The address and the headers together are too long. Send long queries by POST.",
    ];
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return ["408 Request Timeout", "REQUEST_TIMEOUT", "The request did not arrive in time."];
  }
  return ["400 Bad Request", "MALFORMED_REQUEST", "This is not an HTTP request that can be read."];
}
