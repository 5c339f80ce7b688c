import { redact } from "../observability/redact.js";

const maxLength = 240;
/** More than this of a body is not looked at: an excerpt needs its beginning only. */
const maxInput = 16_384;

/**
 * A short piece of an upstream's text that may stand in a message: one line, no markup, no control characters, and
 * none of the secrets even where the upstream echoes them. Empty when nothing is left.
 */
export function cleanExcerpt(text: string, secrets: readonly string[]): string {
  // This call's own, and every other secret of the process: an upstream may echo what another call sent it.
  // Twice as much as is used, so that a secret at the end of that is still whole when it is looked for.
  const beginning = text.slice(0, 2 * maxInput);
  const withoutSecrets = redact(secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), beginning));
  const plain = withoutSecrets
    .slice(0, maxInput)
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    .replace(/<[/?]?[a-z!][^<>]*(>|$)/gi, " ")
    // "Basic Authentication has been disabled" names the way, and no credential.
    .replace(/\b(Basic|Bearer)\s+(?!authentication\b)[\w+/=.~-]{8,}/gi, "$1 ***")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  const characters = [...plain];
  return characters.length <= maxLength ? plain : `${characters.slice(0, maxLength).join("").trimEnd()}…`;
}
