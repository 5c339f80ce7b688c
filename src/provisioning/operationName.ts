import type { Operation } from "../domain/Operation.js";

/** `read/space`: an operation as people and role definitions write it. */
export function operationName({ key, target }: Operation): string {
  return `${key}/${target}`;
}

export const readSpace: Operation = { key: "read", target: "space" };
