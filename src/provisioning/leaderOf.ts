import type { Operation } from "../domain/Operation.js";
import { operationName, readSpace } from "./operationName.js";

/** What comes and goes with an operation, unasked (2026-11-20, test "a permission and its companions"). */
const leaders: Readonly<Record<string, string>> = {
  "export_content/space": operationName(readSpace),
  "update/page": "create/page",
};

/** The operation that brings this one with it, and takes it away again; `null` when none does. */
export function leaderOf(operation: Operation): string | null {
  return leaders[operationName(operation)] ?? null;
}
