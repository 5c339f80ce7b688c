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

/** What a user may change of an account. */
export interface Profile {
  readonly displayName: string;
  readonly email: string;
}

/** A full name and an e-mail that an account may have; 400 for any other. */
export function checkProfile(fullName: unknown, email: unknown): Profile {
  if (typeof fullName !== "string" || fullName.trim() === "") {
    throw new Refusal(400, "fullName should not be null or blank.");
  }
  if (/[<>]/.test(fullName)) throw new Refusal(400, "fullName should not contain any of these characters: < >");
  if (fullName.trim().toLowerCase() === "anonymous") throw new Refusal(400, 'fullName should not be "anonymous".');
  if (typeof email !== "string" || email.trim() === "") throw new Refusal(400, "email should not be null or blank.");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Refusal(400, "email should be a valid email address.");
  return { displayName: fullName, email };
}
