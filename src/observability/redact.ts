import type { Secret } from "../config/Secret.js";

const mask = "[secret]";
const limits = { depth: 8, listItems: 100, textLength: 16_384 };
const sensitiveAnywhere = /authorization|password|passwd|secret|cookie|apikey|credential|privatekey/;
/** `token` only at the end: `apiToken` is one, `tokenType` and `tokensLeft` are not. */
const sensitiveAtEnd = /tokens?$/;

/** A field of the log without what stands under a key such as `authorization` or `apiToken`, and cut to a size a log can hold. */
export function redactField(key: string, value: unknown): unknown {
  return redactEntry(key, value, nothing, 0);
}

const nothing: ReadonlySet<object> = new Set();

function redactEntry(key: string, value: unknown, seen: ReadonlySet<object>, depth: number): unknown {
  if (isSensitive(key, value)) return mask;
  const isPlain = typeof value === "number" || (typeof value === "string" && value.length <= limits.textLength);
  return isPlain ? value : redactValue(value, seen, depth + 1);
}

function redactEntries(fields: object, seen: ReadonlySet<object>, depth: number): Record<string, unknown> {
  const redacted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const shown = redactEntry(key, value, seen, depth);
    // A site may call a field so, and setting it would make it the object's ancestor.
    if (key === "__proto__") Object.defineProperty(redacted, key, { value: shown, enumerable: true });
    else redacted[key] = shown;
  }
  return redacted;
}

/** A boolean or `null` under such a key says whether there is one, not which. */
function isSensitive(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "boolean") return false;
  const known = sensitivity.get(key);
  if (known !== undefined) return known;
  const plain = key.toLowerCase().replace(/[^a-z]/g, "");
  const isFound = sensitiveAnywhere.test(plain) || sensitiveAtEnd.test(plain);
  if (sensitivity.size < keysKnown) sensitivity.set(key, isFound);
  return isFound;
}

/** Most lines have the same few keys; what comes from elsewhere is looked at each time once there are that many. */
const sensitivity = new Map<string, boolean>();
const keysKnown = 500;

function redactValue(value: unknown, seen: ReadonlySet<object>, depth: number): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return "[circular]";
  if (depth > limits.depth) return "[too deep]";
  if ("toJSON" in value && typeof value.toJSON === "function") return value.toJSON();
  const path = new Set(seen).add(value);
  if (value instanceof Error) return redactEntries(describeError(value), path, depth);
  if (value instanceof Map) return redactEntries(Object.fromEntries(value), path, depth);
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    const kept = items.slice(0, limits.listItems).map((item) => redactValue(item, path, depth + 1));
    return items.length > kept.length ? [...kept, `[${items.length - kept.length} more]`] : kept;
  }
  return redactEntries(value, path, depth);
}

function cut(text: string): string {
  if (text.length <= limits.textLength) return text;
  return `${text.slice(0, limits.textLength)}[${text.length - limits.textLength} more characters]`;
}

/** An error as log fields: type, message, stack, what it carries beside them, and its cause. */
function describeError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause, ...carried } = error as Error & Record<string, unknown>;
  return {
    type: name,
    message,
    ...carried,
    ...(cause === undefined ? {} : { cause }),
    stack,
  };
}

/** A text that may be shown to anyone: without registered secrets and without anything shaped like a credential. */
export function redact(text: string): string {
  return processSecrets.redact(text);
}

/** Keeps a secret out of every log line and every redacted text from now on, in all its encodings. */
export function registerSecret(secret: Secret): void {
  processSecrets.register(secret.reveal());
}

/** Shapes of credentials that nobody registered: an authorization header, an Atlassian token, a password in a URL. */
const shapesWithoutAddress: readonly (readonly [RegExp, string])[] = [
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=._~-]{16,}/gi, `$1 ${mask}`],
  [/\bAT[A-Z]{3}3x[A-Za-z0-9_=+/-]{8,}/g, mask],
];
/** The last is slow to find that it is not there, and every line of the log is searched. */
const credentialShapes: readonly (readonly [RegExp, string])[] = [
  ...shapesWithoutAddress,
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]{1,512}@/gi, `$1${mask}@`],
];
/** Stands in whatever has one of those shapes, and is looked for in a fraction of the time: hardly any line has it. */
const mayHaveShape = /b(?:asic|earer)\s|AT[A-Z]{3}3x|:\/\//i;

/** Secrets that are known at a time: of hundreds of sites, or of one composition after another in one process. */
const secretsKnown = 1_000;

/** The secrets of a process, and how to take them out of a text. */
class KnownSecrets {
  /** The secrets with their spellings, the one that was registered last at the end. */
  readonly #spellings = new Map<string, readonly string[]>();
  /** Made when it is needed, for secrets come by the dozen. */
  #pattern: SecretPattern | null | undefined = null;

  /**
   * From now on every spelling of `value` is taken out. Values below four characters are too common to be taken out. A process that
   * opens sites again and again, with other secrets each time, would know ever more: beyond some number the oldest is forgotten.
   */
  register(value: string): void {
    this.#spellings.delete(value);
    this.#spellings.set(value, spellSecret(value));
    for (const oldest of this.#spellings.keys()) {
      if (this.#spellings.size <= secretsKnown) break;
      this.#spellings.delete(oldest);
    }
    this.#pattern = undefined;
  }

  #makePattern(): SecretPattern | null {
    // The longest first, so that a secret that contains another does not leave its rest behind.
    const longestFirst = [...new Set([...this.#spellings.values()].flat())].sort(
      (left, right) => right.length - left.length,
    );
    if (longestFirst.length === 0) return null;
    const source = longestFirst.map(escapePattern).join("|");
    return { any: new RegExp(source), all: new RegExp(source, "g") };
  }

  /** The text without registered secrets and without anything shaped like a credential. */
  redact(text: string): string {
    const unknown = mayHaveShape.test(text) ? withoutShapes(text) : text;
    if (this.#pattern === undefined) this.#pattern = this.#makePattern();
    const pattern = this.#pattern;
    return pattern === null || !pattern.any.test(unknown) ? unknown : unknown.replace(pattern.all, mask);
  }
}

/** One tells whether there is any, in less time than the other takes to find that there is none to replace. */
interface SecretPattern {
  readonly any: RegExp;
  readonly all: RegExp;
}

function withoutShapes(text: string): string {
  const shapes = text.includes("://") ? credentialShapes : shapesWithoutAddress;
  return shapes.reduce((rest, [shape, replacement]) => rest.replace(shape, replacement), text);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** One set for the process: a secret is a secret in every text that leaves it, whoever writes the text. */
const processSecrets = new KnownSecrets();

/** Below this length a value stands in so many words that taking it out would make logs unreadable. */
const shortestSecret = 4;
/** Below this length a piece of base64 stands in other words by chance. */
const shortestEncoded = 8;

/** Every way in which a secret may be spelt in a text: as it is, URL-encoded, JSON-escaped (also as JSON
 * inside JSON inside JSON), and inside base64. */
export function spellSecret(value: string): string[] {
  if (value.length < shortestSecret) return [];
  const percentEncoded = encodeURIComponent(value);
  const spellings = new Set([
    value,
    percentEncoded,
    percentEncoded.replace(/%[0-9A-F]{2}/g, (sequence) => sequence.toLowerCase()),
    new URLSearchParams({ value }).toString().slice("value=".length),
    escapeJson(value),
    escapeJson(escapeJson(value)),
    escapeJson(escapeJson(escapeJson(value))),
    ...spellInBase64(value),
  ]);
  return [...spellings];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * What of the secret is the same in the base64 of any text that holds it, such as `Basic` credentials, where the user
 * name stands before it: three alignments, each without the letters that also depend on a neighbour.
 */
function spellInBase64(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const firstOwnLetter = Math.ceil((offset * 8) / 6);
    const lastOwnLetter = Math.floor(((offset + bytes.length) * 8) / 6);
    const piece = encoded.slice(firstOwnLetter, lastOwnLetter);
    if (piece.length < shortestEncoded) return [];
    return [piece, piece.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
