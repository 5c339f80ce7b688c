import { turns } from "../../callers/Turns.js";
import { currentWaiter } from "../../http/Waiting.js";
import { weightOf } from "./planned/runPlan.js";
import { weigh } from "./planned/weigh.js";

/** Values that are written as one piece, at most: some two milliseconds of work. */
const valuesOfPiece = 4_000;
/** Values up to which an answer is written at once: 1,000 rows of some thirty fields. */
const valuesAtOnce = 30_000;

/** An answer as it is sent. */
export interface WrittenAnswer {
  readonly text: string;
  /** It was longer than is sent, and this says so in its place. */
  readonly isTooLong: boolean;
}

/**
 * An answer as JSON: at once where it is short; a long one in pieces with the turns of others between, given up as soon as it is
 * longer than may be sent.
 */
export function writeAnswer(answer: Answer, maxBytes: number): WrittenAnswer | Promise<WrittenAnswer> {
  const caller = currentWaiter()?.errand?.caller ?? "";
  const atOnce = turns.isCrowding(caller) ? valuesOfPiece : valuesAtOnce;
  if (weightOfAnswer(answer, atOnce) > atOnce) return writeInPieces(answer, maxBytes, caller);
  const text = JSON.stringify(answer);
  return text.length > maxBytes ? tooLong(maxBytes) : { text, isTooLong: false };
}

/** Whatever else stands in it, `data` is most of it, and what that weighs is mostly known. */
interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

function weightOfAnswer(answer: Answer, limit: number): number {
  const { data } = answer;
  const known = typeof data === "object" && data !== null ? weightOf(data) : undefined;
  if (known === undefined) return weigh(answer, limit);
  const { errors, extensions } = answer;
  return known + (errors === undefined && extensions === undefined ? 0 : weigh({ errors, extensions }, limit));
}

function tooLong(maxBytes: number): WrittenAnswer {
  const limit = `${Math.max(1, Math.round(maxBytes / (1024 * 1024)))} MB`;
  const message = `The answer is longer than ${limit}, the most that is sent. Ask for smaller pages (\`first\`), fewer fields, or shorter aliases.`;
  const answer = { errors: [{ message, extensions: { code: "RESPONSE_TOO_LARGE", maxBytes } }], data: null };
  return { text: JSON.stringify(answer), isTooLong: true };
}

async function writeInPieces(answer: object, maxBytes: number, caller: string): Promise<WrittenAnswer> {
  const writing = { renew: () => undefined };
  const pieces: string[] = [];
  let bytes = 0;
  let sinceTurn = 0;
  for (const [piece, values] of piecesOf(answer)) {
    pieces.push(piece);
    bytes += Buffer.byteLength(piece);
    if (bytes > maxBytes) return tooLong(maxBytes);
    sinceTurn += values;
    if (sinceTurn < valuesOfPiece) continue;
    sinceTurn = 0;
    await turns.wait(caller, writing, valuesOfPiece);
  }
  return { text: pieces.join(""), isTooLong: false };
}

/** The pieces of which a value is written, and what each weighs. */
function* piecesOf(value: unknown): Generator<readonly [piece: string, values: number]> {
  const values = weigh(value, valuesOfPiece);
  if (values <= valuesOfPiece || !isContainer(value)) {
    yield [JSON.stringify(value) ?? "null", values];
    return;
  }
  let isFirst = true;
  if (Array.isArray(value)) {
    yield ["[", 0];
    // Short items are written together.
    for (let start = 0; start < value.length; ) {
      const end = start + together(value, start);
      if (!isFirst) yield [",", 0];
      isFirst = false;
      if (end > start) yield [JSON.stringify(value.slice(start, end)).slice(1, -1), valuesOfPiece];
      else yield* piecesOf(value[start]);
      start = Math.max(end, start + 1);
    }
    yield ["]", 0];
    return;
  }
  yield ["{", 0];
  for (const [key, held] of Object.entries(value)) {
    if (held === undefined) continue;
    yield [`${isFirst ? "" : ","}${JSON.stringify(key)}:`, 1];
    isFirst = false;
    yield* piecesOf(held);
  }
  yield ["}", 0];
}

/** How many items from a place on make one piece; 0 where the first is more than one by itself. */
function together(items: readonly unknown[], start: number): number {
  let left = valuesOfPiece;
  let count = 0;
  while (start + count < items.length) {
    const values = weigh(items[start + count], left);
    if (values > left) break;
    left -= values;
    count += 1;
  }
  return count;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !("toJSON" in value);
}
