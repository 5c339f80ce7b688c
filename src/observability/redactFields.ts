const mask = "[secret]";
const limits = { depth: 8, listItems: 100, textLength: 16_384 };
const sensitiveAnywhere = /authorization|password|passwd|secret|cookie|apikey|credential|privatekey/;
/** `token` only at the end: `apiToken` is one, `tokenType` and `tokensLeft` are not. */
const sensitiveAtEnd = /tokens?$/;

/** Log fields without what stands under a key such as `authorization` or `apiToken`, and cut to a size a log can hold. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactEntries(fields, new Set(), 0);
}

function redactEntries(fields: object, seen: Set<object>, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      isSensitive(key, value) ? mask : redactValue(value, seen, depth + 1),
    ]),
  );
}

/** A boolean or `null` under such a key says whether there is one, not which. */
function isSensitive(key: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === "boolean") return false;
  const plain = key.toLowerCase().replace(/[^a-z]/g, "");
  return sensitiveAnywhere.test(plain) || sensitiveAtEnd.test(plain);
}

function redactValue(value: unknown, seen: Set<object>, depth: number): unknown {
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
