import { processSecrets } from "./processSecrets.js";

/** A text that may be shown to anyone: without registered secrets and without anything shaped like a credential. */
export function redact(text: string): string {
  return processSecrets.redact(text);
}
