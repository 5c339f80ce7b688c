import { createHmac } from "node:crypto";
import { Refusal } from "../../http/Refusal.js";

/** Where the next page begins: behind the row `afterId`, which stood at `index`. */
export interface Position {
  readonly afterId: string;
  readonly index: number;
}

// Any fixed key will do: it keeps cursors opaque and bound to their list, it protects nothing.
const key = "sandbox cursors";

/** Cursors that only the list which gave them takes back: its path and its filters are signed in. */
export const cursors = {
  encode(list: string, position: Position): string {
    const payload = Buffer.from(JSON.stringify([position.afterId, position.index])).toString("base64url");
    return `${payload}.${signature(list, payload)}`;
  },

  decode(list: string, cursor: string): Position {
    const [payload = "", signed, ...rest] = cursor.split(".");
    if (rest.length > 0 || signed !== signature(list, payload)) {
      throw new Refusal(400, "The cursor is not valid for this list.");
    }
    const [afterId, index] = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as [string, number];
    return { afterId, index };
  },
};

function signature(list: string, payload: string): string {
  return createHmac("sha256", key).update(`${list}\n${payload}`).digest("base64url").slice(0, 22);
}

/** A list is its path and its filters; a page size may change on the way. */
export function listKey(path: string, query: URLSearchParams): string {
  const filters = [...query].filter(([name]) => name !== "limit" && name !== "cursor").sort();
  return JSON.stringify([path, filters]);
}
