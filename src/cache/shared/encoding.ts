import { promisify } from "node:util";
import { deserialize, serialize } from "node:v8";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** What is smaller is not made smaller. */
const worthDeflating = 1_024;
/** Items of a list that are put into bytes, or back, without others having their turn: some milliseconds. */
const itemsAtOnce = 4_000;
/** What is larger is every process's own: putting it into bytes would take longer than it is worth. */
const mostPlainBytes = 32 * 1_048_576;
const formats = { plain: 0, deflated: 1 } as const;
const bytesOfLength = 4;

/**
 * Something that was read, and what goes with it, as bytes: V8's own form, which keeps dates, and the parts that rows of a list
 * share as one. `null` for what is too large.
 */
export async function encode(head: unknown, value: unknown): Promise<Buffer | null> {
  const items = itemsOf(value);
  if (items === null) return enclose([serialize({ head, value })]);
  const parts = [serialize({ head, value: { ...(value as object), items: [] } })];
  let bytes = 0;
  for (let start = 0; start < items.length; start += itemsAtOnce) {
    if (start > 0) await othersTurn();
    const part = serialize(items.slice(start, start + itemsAtOnce));
    bytes += part.length;
    if (bytes > mostPlainBytes) return null;
    parts.push(part);
  }
  return enclose(parts);
}

/** What was put into bytes; rejects where they are none of ours. */
export async function decode(bytes: Buffer): Promise<{ readonly head: unknown; readonly value: unknown }> {
  const parts = await disclose(bytes);
  const [first, ...others] = parts;
  if (first === undefined) throw new Error("there is nothing in it");
  const { head, value } = deserialize(first);
  if (others.length === 0) return { head, value };
  const items: unknown[] = [];
  for (const [index, part] of others.entries()) {
    if (index > 0) await othersTurn();
    for (const item of deserialize(part)) items.push(item);
  }
  return { head, value: { ...value, items } };
}

/** The rows of a list that is long enough to be taken in parts. */
function itemsOf(value: unknown): readonly unknown[] | null {
  if (typeof value !== "object" || value === null || !("items" in value)) return null;
  const { items } = value;
  return Array.isArray(items) && items.length > itemsAtOnce ? items : null;
}

async function enclose(parts: readonly Buffer[]): Promise<Buffer> {
  const framed = Buffer.concat(
    parts.flatMap((part) => {
      const length = Buffer.allocUnsafe(bytesOfLength);
      length.writeUInt32BE(part.length);
      return [length, part];
    }),
  );
  if (framed.length < worthDeflating) return Buffer.concat([Buffer.of(formats.plain), framed]);
  return Buffer.concat([Buffer.of(formats.deflated), await deflate(framed, { level: 1 })]);
}

async function disclose(bytes: Buffer): Promise<Buffer[]> {
  const body = bytes.subarray(1);
  const isDeflated = bytes[0] === formats.deflated;
  if (!isDeflated && bytes[0] !== formats.plain) throw new Error("it is of another format");
  const framed = isDeflated ? await inflate(body, { maxOutputLength: 2 * mostPlainBytes }) : body;
  const parts: Buffer[] = [];
  for (let at = 0; at < framed.length; ) {
    const start = at + bytesOfLength;
    at = start + framed.readUInt32BE(at);
    if (at > framed.length) throw new Error("it is cut off");
    parts.push(framed.subarray(start, at));
  }
  return parts;
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
