import type { Secret } from "../config/Secret.js";
import { spellSecret } from "../observability/spellSecret.js";

/** The strings of a body's secrets that must never be shown, in every spelling; short ones too, whatever else they blank out. */
export function readBodySecrets(secrets: readonly Secret[] = []): readonly string[] {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value !== "");
  return [...values, ...values.flatMap(spellSecret)];
}
