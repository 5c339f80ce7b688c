import type { HttpRequest } from "../../../src/http/Transport.js";

/** One call of each kind that the retry rules tell apart. */
export const calls = {
  read: { method: "GET", call: "GET /things/{id}", path: "/things/41" },
  write: { method: "POST", call: "POST /things", path: "/things", body: { name: "new" } },
  readingPost: {
    method: "POST",
    call: "POST /things-bulk",
    path: "/things-bulk",
    body: { ids: ["41"] },
    isReplaySafe: true,
  },
} as const satisfies Record<string, HttpRequest>;
