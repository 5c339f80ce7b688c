import type { Operation } from "../domain/Operation.js";

/** One string for one operation on one target. */
export function operationKey(operation: Operation): string {
  return `${operation.key}\u0000${operation.target}`;
}
