import { randomBytes } from "node:crypto";
import { Secret } from "../config/Secret.js";

/** 192 bits: 32 letters, digits, `-` and `_`. */
const randomLength = 24;

/** A password that nobody can guess. */
export function generatePassword(): Secret {
  return new Secret(randomBytes(randomLength).toString("base64url"));
}
