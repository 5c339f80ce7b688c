import type { Secret } from "../config/Secret.js";
import { processSecrets } from "./processSecrets.js";

/** Keeps a secret out of every log line and every redacted text from now on, in all its encodings. */
export function registerSecret(secret: Secret): void {
  processSecrets.register(secret.reveal());
}
