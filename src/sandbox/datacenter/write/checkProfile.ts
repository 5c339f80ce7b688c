import { Refusal } from "../../http/Refusal.js";

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
