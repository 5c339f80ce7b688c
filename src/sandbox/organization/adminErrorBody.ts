import { randomUUID } from "node:crypto";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  501: "Not Implemented",
};

/** An error as the organization admin API words it. `code` ends in a number of its own for each cause. */
export function adminErrorBody(status: number, detail: string, code = `ADMIN-${status}-1`): unknown {
  const title = titles[status] ?? "Internal Server Error";
  return { errors: [{ id: randomUUID(), status: String(status), code, title, detail }] };
}
