import { type Turns, turns, whoAsks } from "../../callers/Turns.js";
import { flatten } from "./planned/texts.js";
import { WrittenData } from "./planned/WrittenData.js";

/** Values that are written as one piece, at most: about a millisecond of work. */
const valuesOfPiece = 1_500;
/** Values up to which an answer is written at once: 1,000 rows of some thirty fields. */
const valuesAtOnce = 30_000;

/** Pieces that are written already up to which an answer is sent at once, and of which one turn is: two megabytes, and half a one. */
const piecesAtOnce = 128;
const piecesOfTurn = 32;

type Asker = ReturnType<typeof whoAsks>;

/** An answer as it is sent. */
export interface WrittenAnswer {
  /** One behind the other. */
  readonly pieces: readonly string[];
  /** It was longer than is sent, and this says so in its place. */
  readonly isTooLong: boolean;
  /** How many bytes it comes to, where they were counted. */
  readonly bytes?: number;
}

/**
 * An answer as JSON: at once where it is short, or its data was written as it was made; a long one in pieces with the turns of others
 * between, given up as soon as it is longer than may be sent.
 */
export function writeAnswer(
  answer: Answer,
  maxBytes: number,
  of: Pick<Turns, "isBeside"> = turns,
): WrittenAnswer | Promise<WrittenAnswer> {
  const asker = whoAsks();
  const atOnce = of.isBeside(asker.from) ? valuesOfPiece : valuesAtOnce;
  if (weigh(answer, atOnce) > atOnce) return writeInPieces(answer, maxBytes, asker);
  const { data } = answer;
  if (data instanceof WrittenData && data.pieces.length > piecesAtOnce)
    return writeInTurns(data, answer, maxBytes, asker);
  const pieces = data instanceof WrittenData ? piecesAround(data, answer) : [JSON.stringify(answer)];
  return isLonger(pieces, maxBytes) ? tooLong(maxBytes) : { pieces, isTooLong: false };
}

/** What waited for something was put together when the last of it came: each piece of it is made one here, some in a turn. */
async function writeInTurns(
  data: WrittenData,
  answer: Answer,
  maxBytes: number,
  { caller, from }: Asker,
): Promise<WrittenAnswer> {
  const pieces = piecesAround(data, answer);
  const writing = { from, renew: () => undefined };
  let bytes = 0;
  for (const [at, piece] of pieces.entries()) {
    bytes += Buffer.byteLength(flatten(piece));
    if (bytes > maxBytes) return tooLong(maxBytes);
    if (at % piecesOfTurn === piecesOfTurn - 1) await turns.wait(caller, writing, valuesOfPiece);
  }
  return { pieces, isTooLong: false, bytes };
}

/** Characters that are made bytes of in one piece: some tenths of a millisecond of work; and at once, where nobody else asks. */
const charactersOfPiece = 262_144;
const charactersAtOnce = 2_097_152;

/**
 * What goes out: a short one as text, which goes together with its headers; of a long one that was written in pieces the bytes, of some
 * pieces at a time with the turns of others between.
 */
export function bodyOf({ pieces, bytes }: WrittenAnswer): string | Buffer | Promise<Buffer> {
  const [only = ""] = pieces;
  if (pieces.length <= 1) return only;
  const characters = pieces.reduce((sum, { length }) => sum + length, 0);
  const atOnce = turns.isBeside(whoAsks().from) ? charactersOfPiece : charactersAtOnce;
  return characters <= atOnce ? bytesOf(pieces, bytes) : bytesInTurns(pieces, bytes ?? null);
}

function bytesOf(pieces: readonly string[], counted?: number): Buffer {
  const bytes = Buffer.allocUnsafe(counted ?? pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0));
  let at = 0;
  for (const piece of pieces) at += bytes.write(piece, at);
  return bytes;
}

/**
 * Into one place from the first: putting parts together afterwards would take as long again, in one piece.
 *
 * @param counted how many they are: `null` where nobody has counted them, which takes as long as writing them
 */
async function bytesInTurns(pieces: readonly string[], counted: number | null): Promise<Buffer> {
  let length = counted ?? 0;
  if (counted === null)
    await pieceByPiece(pieces, (piece) => {
      length += Buffer.byteLength(piece);
    });
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  await pieceByPiece(pieces, (piece) => {
    at += bytes.write(piece, at);
  });
  return bytes;
}

async function pieceByPiece(pieces: readonly string[], work: (piece: string) => void): Promise<void> {
  const { caller, from } = whoAsks();
  const writing = { from, renew: () => undefined };
  let sinceTurn = 0;
  for (const piece of pieces) {
    work(piece);
    sinceTurn += piece.length;
    if (sinceTurn < charactersOfPiece) continue;
    sinceTurn = 0;
    await turns.wait(caller, writing, valuesOfPiece);
  }
}

/** The same as the whole as JSON, around data that is written already. */
function piecesAround({ pieces }: WrittenData, { errors, extensions }: Answer): readonly string[] {
  const before = errors === undefined ? '{"data":' : `{"errors":${JSON.stringify(errors)},"data":`;
  const after = extensions === undefined ? "}" : `,"extensions":${JSON.stringify(extensions)}}`;
  return pieces.length === 1 ? [before + pieces[0] + after] : [before, ...pieces, after];
}

/** No character is more than three bytes: what is short need not be counted. */
function isLonger(pieces: readonly string[], maxBytes: number): boolean {
  const characters = pieces.reduce((sum, { length }) => sum + length, 0);
  if (characters * 3 <= maxBytes) return false;
  return characters > maxBytes || pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0) > maxBytes;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

function tooLong(maxBytes: number): WrittenAnswer {
  const limit = `${Math.max(1, Math.round(maxBytes / (1024 * 1024)))} MB`;
  const message = `The answer is longer than ${limit}, the most that is sent. Ask for smaller pages (\`first\`), fewer fields, or shorter aliases.`;
  const answer = { errors: [{ message, extensions: { code: "RESPONSE_TOO_LARGE", maxBytes } }], data: null };
  return { pieces: [JSON.stringify(answer)], isTooLong: true };
}

async function writeInPieces(answer: object, maxBytes: number, { caller, from }: Asker): Promise<WrittenAnswer> {
  const writing = { from, renew: () => undefined };
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
  return { pieces, isTooLong: false, bytes };
}

/** The pieces of which a value is written, and what each weighs. */
function* piecesOf(value: unknown): Generator<readonly [piece: string, values: number]> {
  if (value instanceof WrittenData) {
    for (const piece of value.pieces) yield [piece, valuesOfPiece / piecesOfTurn];
    return;
  }
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

/** Two to this power of characters weigh as much as a value. */
const charactersOfValue = 6;

/** How many values a value is made of, long texts counting as several; as soon as it is more than `limit`, it is just more. */
function weigh(value: unknown, limit: number): number {
  if (typeof value === "string") return 1 + weightOfText(value);
  if (typeof value !== "object" || value === null || "toJSON" in value) return 1;
  let weight = 1;
  if (Array.isArray(value)) {
    for (const item of value) {
      weight += weigh(item, limit - weight);
      if (weight > limit) return weight;
    }
    return weight;
  }
  for (const key in value) {
    weight += weightOfText(key) + weigh((value as Readonly<Record<string, unknown>>)[key], limit - weight);
    if (weight > limit) return weight;
  }
  return weight;
}

/** What a text weighs beside being a value. */
function weightOfText({ length }: string): number {
  return length >> charactersOfValue;
}
