import { spellSecret } from "./spellSecret.js";

const mask = "[secret]";
/** Shapes of credentials that nobody registered: an authorization header, an Atlassian token, a password in a URL. */
const credentialShapes: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{16,}/gi, `$1 ${mask}`],
  [/\bAT[A-Z]{3}3x[A-Za-z0-9_=+/-]{8,}/g, mask],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{1,512}@/gi, `$1${mask}@`],
];

/** The secrets of a process, and how to take them out of a text. */
export class KnownSecrets {
  readonly #spellings = new Set<string>();
  #pattern: RegExp | null = null;

  /** From now on every spelling of `value` is taken out. Values below four characters are too common to be taken out. */
  register(value: string): void {
    for (const spelling of spellSecret(value)) this.#spellings.add(spelling);
    // The longest first, so that a secret that contains another does not leave its rest behind.
    const longestFirst = [...this.#spellings].sort((left, right) => right.length - left.length);
    this.#pattern = longestFirst.length === 0 ? null : new RegExp(longestFirst.map(escapePattern).join("|"), "g");
  }

  /** The text without registered secrets and without anything shaped like a credential. */
  redact(text: string): string {
    const unknown = credentialShapes.reduce((rest, [shape, replacement]) => rest.replace(shape, replacement), text);
    return this.#pattern === null ? unknown : unknown.replace(this.#pattern, mask);
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
