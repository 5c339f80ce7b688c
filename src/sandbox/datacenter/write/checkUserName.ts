import { Refusal } from "../../http/Refusal.js";

/** A name that a new user may have; 400 for any other. `@` and `/` are allowed. */
export function checkUserName(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") throw new Refusal(400, "userName should not be null or blank.");
  if (/\s/.test(value)) throw new Refusal(400, "userName should not contain any whitespace characters.");
  if (/[\\,+<>'"]/.test(value)) {
    throw new Refusal(400, "userName should not contain any of these characters: \\ , + < > ' \"");
  }
  if (value.toLowerCase() === "anonymous") throw new Refusal(400, 'userName should not be "anonymous".');
  if (value !== value.toLowerCase()) throw new Refusal(400, "userName should not contain any upper case characters.");
  return value;
}
