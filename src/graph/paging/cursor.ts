import { createHash } from "node:crypto";
import { InputError } from "../errors/errorCodes.js";

/** Which list a cursor belongs to: the field, its parent and its filter. A cursor is good for that list alone. */
export type ListIdentity = readonly unknown[];

/** An opaque cursor: after which item, in which list. It names the item's place by order key, so a deleted item loses nothing. */
export function encodeCursor(list: ListIdentity, orderKey: string): string {
  return Buffer.from(JSON.stringify([fingerprint(list), orderKey])).toString("base64url");
}

/** The order key that a cursor of this list stands after; throws `BAD_USER_INPUT` for any other text. */
export function decodeCursor(list: ListIdentity, cursor: string): string {
  const [listPart, orderKey] = readParts(cursor);
  if (listPart !== fingerprint(list)) {
    throw new InputError(
      "CURSOR_OF_ANOTHER_LIST",
      "after",
      "This cursor belongs to another list. Use cursors only with the field, parent and filter that they came from.",
    );
  }
  return orderKey;
}

function readParts(cursor: string): [string, string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === 2) {
      const [list, orderKey]: unknown[] = parts;
      if (typeof list === "string" && typeof orderKey === "string") return [list, orderKey];
    }
  } catch {
    // Falls through to the one message below: how a cursor is broken helps nobody.
  }
  throw new InputError(
    "INVALID_CURSOR",
    "after",
    "This is not a cursor. Pass `pageInfo.endCursor` or `edges.cursor` of the page before exactly as it was answered.",
  );
}

function fingerprint(list: ListIdentity): string {
  return createHash("sha256").update(JSON.stringify(list)).digest("base64url").slice(0, 12);
}
