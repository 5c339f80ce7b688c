import { Refusal } from "../../http/Refusal.js";

/** A parameter that must be a text. */
export function readText(parameter: unknown): string {
  if (typeof parameter !== "string") throw new Refusal(400, "A parameter is not of the type that the method wants.");
  return parameter;
}
