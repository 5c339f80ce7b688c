import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { limits } from "../limits.js";
import { schemas } from "./schemas.js";

/** One page of a SCIM list. `startIndex` begins with 1; a page may be smaller than `count` asks for, `itemsPerPage` says. Numbers without a value are absent. */
export function pageScim<T>(query: URLSearchParams, rows: readonly T[], show: (row: T) => unknown): Reply {
  const startIndex = Math.max(1, readInteger(query, "startIndex", 1));
  const count = Math.min(limits.scimMaxCount, Math.max(0, readInteger(query, "count", limits.scimMaxCount)));
  const page = rows.slice(startIndex - 1, startIndex - 1 + count);
  return {
    status: 200,
    body: {
      schemas: [schemas.list],
      totalResults: rows.length,
      startIndex,
      itemsPerPage: page.length,
      Resources: page.map(show),
    },
  };
}

function readInteger(query: URLSearchParams, name: string, absent: number): number {
  const text = query.get(name);
  if (text === null || text === "") return absent;
  if (!/^-?\d{1,9}$/.test(text))
    throw new Refusal(400, `${name} must be a whole number, but was '${text}'.`, "invalidValue");
  return Number(text);
}
