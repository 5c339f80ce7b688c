import type { Operation } from "../domain/Operation.js";

/** The permission that every other one needs (rule 5). */
export const readSpace: Operation = { key: "read", target: "space" };
